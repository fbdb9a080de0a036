package direct

const (
	// bandFloats bounds how much of the input a band sees: with a panel of the
	// weights it has to fit into a core's second cache, of 1 MB or more.
	bandFloats = 1 << 16
	// groupsFloats bounds what it sees with the channels of all groups, which lie
	// between those of one, so that the next group finds its own in that cache.
	groupsFloats = 3 * bandFloats
	// bandPixels is how many pixels of the output a band of small images should
	// have at least, since each brings the whole of the weights into the cache.
	bandPixels = 196
	// tasksPerWorker lets workers that are late be late by little.
	tasksPerWorker = 4
)

// A cut is how a run is cut into tasks. However it is, no sum changes.
type cut struct {
	images, lines         int // that there are
	bandImages, bandLines int // of a band; bandImages is 1 where a band has not all lines
	parts                 int // into which the panels of a group are cut
	scratch               int // floats of a worker
	imageSize             int // floats from one image of a band to the next
}

// cut returns how to cut a run.
func (p *pass) cut(batch, workers int) cut {
	c := cut{images: batch, lines: p.lines, bandImages: 1, parts: 1}
	if p.isFlat() {
		c.images, c.lines = 1, batch*p.lines
	}
	halo := (p.rowsOf(1) - p.rows[0].stride) * p.source.line
	perLine := p.rows[0].stride * p.source.line
	c.bandLines = even(c.lines, min(p.linesOf(bandFloats, p.source.line),
		p.linesOf(groupsFloats, p.from.width*p.from.channels)))
	if c.bandLines == c.lines && !p.isFlat() {
		pixels := p.to.height * p.to.width
		c.bandImages = even(c.images, max(min(bandPixels/pixels, 3*bandFloats/(halo+c.lines*perLine)), 1))
	}
	c.spread(p, workers)
	c.imageSize = p.rowsOf(c.bandLines) * p.source.line
	if p.source.isCopy {
		c.scratch = header + c.bandImages*c.imageSize
	}
	return c
}

// linesOf returns how many lines of the output see no more than so many floats of
// the input, whose rows have line of them.
func (p *pass) linesOf(floats, line int) int {
	stride := p.rows[0].stride
	return max((floats/line-(p.rowsOf(1)-stride))/stride, 1)
}

// isFlat tells whether all lines of all images follow one another, so that they
// are those of one image.
func (p *pass) isFlat() bool {
	return !p.source.isCopy && len(p.phases) == 1 && p.source.top == 0 &&
		p.rows[0].stride == 1 && p.rows[0].apart == 1 && p.from.height == p.lines &&
		p.to.height == p.lines
}

// even returns the size of parts that are at most most large and as even as can
// be.
func even(n, most int) int {
	return max(ceil(n, max(ceil(n, most), 1)), 1)
}

// spread cuts finer where there are too few tasks for the workers: lines as long
// as a band keeps enough pixels, then panels, whose tasks copy the same band
// once for each worker, then what is left. It evens out the last round.
func (c *cut) spread(p *pass, workers int) {
	if workers == 1 {
		return
	}
	wanted := tasksPerWorker * workers
	enough := func() bool { return c.bands()*p.g.Groups*c.parts >= wanted }
	perLine := p.to.height * p.to.width / p.lines
	for !enough() && c.bandImages == 1 && c.bandLines > 1 && c.bandLines*perLine >= 2*bandPixels {
		c.bandLines = even(c.lines, ceil(c.bandLines, 2))
	}
	for !enough() && c.parts < p.panels() {
		c.parts = min(2*c.parts, p.panels())
	}
	for !enough() && c.bandImages > 1 {
		c.bandImages = ceil(c.bandImages, 2)
	}
	for !enough() && c.bandLines > 2 {
		c.bandLines = even(c.lines, ceil(c.bandLines, 2))
	}
	perImage := ceil(c.lines, c.bandLines)
	if c.bands()*p.g.Groups*c.parts < 2*wanted && c.images%workers != 0 && c.bandImages == 1 {
		c.bandLines = ceil(c.lines, ceil(perImage, workers)*workers)
	}
}

// bands returns the number of bands.
func (c *cut) bands() int { return ceil(c.images, c.bandImages) * ceil(c.lines, c.bandLines) }

// tasks returns the number of tasks.
func (r *run) tasks() int { return r.cut.bands() * r.g.Groups * r.cut.parts }

func ceil(n, by int) int { return (n + by - 1) / by }

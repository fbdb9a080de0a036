package direct

import "github.com/dsbuild/dsbuild/internal/kernel"

// A band is some lines of some images.
type band struct {
	image, images int
	first, last   int // lines
}

// band returns band number i.
func (r *run) band(i int) band {
	perImage := ceil(r.cut.lines, r.cut.bandLines)
	b := band{image: i / perImage * r.cut.bandImages, first: i % perImage * r.cut.bandLines}
	b.images = min(r.cut.bandImages, r.cut.images-b.image)
	b.last = min(b.first+r.cut.bandLines, r.cut.lines)
	return b
}

// A task is some panels of a band of one group.
type task struct {
	*run
	band
	group       int
	source      []float32
	sourceFirst int // the row of the image in which source starts
	panel       int
	ahead       []float32 // what tasks of this worker will see
	work        int       // that is left
}

// task does task number i. Those of one band follow one another.
func (r *run) task(worker, i int) {
	part, rest := i%r.cut.parts, i/r.cut.parts
	group, number := rest%r.g.Groups, rest/r.g.Groups
	t := task{run: r, group: group, band: r.band(number)}
	if r.pass.source.isCopy {
		t.source = r.copied(worker, number, group, &t.band)
		t.sourceFirst = t.first*r.rows[0].stride + r.pass.source.top
	} else {
		t.source = r.call.From[t.image*r.from.size()+group*r.from.group:]
	}
	first, last := part*r.panels()/r.cut.parts, (part+1)*r.panels()/r.cut.parts
	t.lookAhead(number, last-first)
	for t.panel = first; t.panel < last; t.panel++ {
		if r.cut.parts > 1 || r.cut.bands() == 1 {
			t.lookAtWeights(i, last)
		}
		for k := range r.phases {
			t.phase(&r.phases[k])
		}
	}
}

// lookAhead sets what the task of so many panels of a band brings into the cache:
// what the band after it sees, each group an equal part.
func (t *task) lookAhead(number, panels int) {
	next := number + ceil(t.workers, t.g.Groups)
	if t.cut.parts > 1 || next >= t.cut.bands() {
		return
	}
	b := t.run.band(next)
	seen := t.seen(&b)
	n, groups := len(seen), t.g.Groups
	t.ahead = seen[n*t.group/groups : n*(t.group+1)/groups]
	for k := range t.phases {
		t.work += panels * t.images * (t.last - t.first) * t.phases[k].work()
	}
}

// aheadFloats is the largest panel of weights that the second cache holds beside
// the one in use and a band.
const aheadFloats = 80 << 10

// lookAtWeights lets a panel bring the next one's weights into the cache: that of
// the same task, which ends with panel last, or else of the one that its worker
// will most likely do next.
func (t *task) lookAtWeights(number, last int) {
	panel, group := t.panel+1, t.group
	if panel == last {
		number += t.workers
		panel = number % t.cut.parts * t.panels() / t.cut.parts
		group = number / t.cut.parts % t.g.Groups
	}
	if number >= t.tasks() || t.pass.panel > aheadFloats {
		return
	}
	t.ahead = t.call.Packed[(group*t.panels()+panel)*t.pass.panel:][:t.pass.panel]
	t.work = 0
	for k := range t.phases {
		t.work += t.images * (t.last - t.first) * t.phases[k].work()
	}
}

// seen returns the part of the images that a band sees.
func (r *run) seen(b *band) []float32 {
	line := r.from.width * r.from.channels
	top := b.first*r.rows[0].stride + r.pass.source.top
	bottom := max(top+r.rowsOf(b.last-b.first), 0)
	end := min(((b.image+b.images-1)*r.from.height+bottom)*line, r.call.Batch*r.from.size())
	start := min((b.image*r.from.height+max(top, 0))*line, end)
	return r.call.From[start:end]
}

// nextAhead cuts off what a product of so much work brings into the cache.
func (t *task) nextAhead(work int) []float32 {
	if len(t.ahead) == 0 {
		return nil
	}
	n := int(int64(len(t.ahead)) * int64(min(work, t.work)) / int64(max(t.work, 1)))
	part := t.ahead[:n]
	t.ahead, t.work = t.ahead[n:], t.work-work
	return part
}

// phase computes a phase's pixels of the band: lines that meet the same rows of
// the kernel together, or each line of all images.
func (t *task) phase(p *phase) {
	most := p.rows.count
	if t.isFlat() {
		most = t.cut.lines
	}
	for first := t.first; first < min(t.last, most); {
		from, to := t.valid(p, first)
		last := first + 1
		if t.images == 1 {
			for last < min(t.last, most) {
				if f, e := t.valid(p, last); f != from || e != to {
					break
				}
				last++
			}
		}
		t.multiply(p, first, last, from, to)
		first = last
	}
}

// valid returns which rows of the kernel a line meets.
func (t *task) valid(p *phase, line int) (from, to int) {
	if t.isFlat() {
		return 0, 1
	}
	return p.rows.valid(line, t.from.height)
}

// multiply computes lines of a phase, which meet the rows [from,to) of the
// kernel.
func (t *task) multiply(p *phase, first, last, from, to int) {
	s := &t.pass.source
	toLine := p.rows.apart * t.to.width * t.to.channels
	column := t.panel * kernel.PanelColumns
	at := t.image*t.to.size() + first*toLine + t.group*t.to.group + column +
		(p.rows.first*t.to.width+p.columns.first)*t.to.channels
	product := kernel.Product{
		Lines: last - first, Rows: p.columns.count,
		Columns: min(kernel.PanelColumns, t.to.group-column), Depth: p.depth,
		A:       kernel.Matrix{Line: p.rows.stride * s.line, Row: p.columns.stride * s.pixel, Depth: 1},
		Offsets: p.offsets[:(to-from)*p.perRow],
		C:       t.call.To[at:], CLine: toLine, CRow: p.columns.apart * t.to.channels,
		Epilogue: t.epilogue(at, t.group*t.to.group+column),
		Pairs:    t.isPaired, Stream: t.isStreamed,
	}
	if t.images > 1 {
		product.Lines, product.A.Line, product.CLine = t.images, t.imageStride(), t.to.size()
	}
	product.Ahead = t.nextAhead(product.Lines * p.work())
	if len(product.Offsets) > 0 {
		row := first*p.rows.stride + p.rows.offsets[from] - t.sourceFirst
		product.A.Data = t.source[row*s.line+(p.columns.offsets[0]-s.left)*s.pixel:]
		packed := (t.group*t.panels() + t.panel) * t.pass.panel
		packed += (p.before + from*len(p.columns.taps)) * t.depth * kernel.PanelColumns
		product.B = kernel.Panels{Data: t.call.Packed[packed:], Depth: kernel.PanelColumns}
	}
	kernel.Multiply(product)
}

// imageStride returns the floats from one image of the source to the next.
func (t *task) imageStride() int {
	if t.pass.source.isCopy {
		return t.cut.imageSize
	}
	return t.from.size()
}

// epilogue returns what is done to elements from at on, of channels from channel
// on.
func (t *task) epilogue(at, channel int) kernel.Epilogue {
	e := &t.call.Epilogue
	k := kernel.Epilogue{ReLU: e.ReLU, Ceiling: e.Ceiling}
	if e.Bias != nil {
		k.Bias = e.Bias[channel:]
	}
	if e.Residual != nil {
		k.Residual = e.Residual[at:]
	}
	return k
}

package filter

// A chunk is as many pixels as all ops are applied to before the next: its
// planes and what the loops need besides fit into the innermost cache.
const chunk = 2048

// Colours applies ops to interleaved pixels of 1 or 3 channels, one after the
// other. All go over the pixels together, but a contrast first needs the mean
// of what those before it make.
func (w *Work) Colours(pix []uint8, channels int, ops []Op) {
	contrasts, mixers := 0, 0
	for _, op := range ops {
		if op.kind == contrast {
			contrasts++
		} else if op.mixes() {
			mixers++
		}
	}
	switch {
	case channels == 1:
		grayColours(pix, ops)
	case contrasts+mixers == 0:
		byteColours(pix, ops)
	default:
		w.planeColours(pix, ops, contrasts > 0)
	}
}

// grayColours goes over the image once for each op: there are few that do
// anything to gray.
func grayColours(pix []uint8, ops []Op) {
	for _, op := range ops {
		mean := 0.0
		if op.kind == contrast {
			total := uint64(0)
			for part := range parts(pix) {
				total += sum(part)
			}
			mean = float64(total) / float64(len(pix))
		}
		for part := range parts(pix) {
			if !op.mixes() {
				op.toBytes(part, mean)
			}
		}
	}
}

// byteColours applies ops of which none knows what the others' bytes are.
func byteColours(pix []uint8, ops []Op) {
	for part := range parts(pix) {
		for _, op := range ops {
			op.toBytes(part, 0)
		}
	}
}

// parts cuts bytes into pieces that stay in the cache from op to op.
func parts(pix []uint8) func(yield func([]uint8) bool) {
	return func(yield func([]uint8) bool) {
		for at := 0; at < len(pix); at += most / 4 {
			if !yield(pix[at:min(at+most/4, len(pix))]) {
				return
			}
		}
	}
}

// planeColours takes the channels apart, chunk by chunk. Where there is a
// contrast it goes over the image several times, and keeps the planes of all
// chunks from one pass to the next.
func (w *Work) planeColours(pix []uint8, ops []Op, hasContrast bool) {
	pixels := len(pix) / 3
	kept := 1
	if hasContrast {
		kept = (pixels + chunk - 1) / chunk
	}
	w.bytes = sized(w.bytes, 3*chunk*kept)
	mean, isSplit := 0.0, false
	for start := 0; ; {
		end := nextContrast(ops, start, isSplit)
		total := uint64(0)
		for at := 0; at < pixels; at += chunk {
			p := planes(w.bytes[at/chunk%kept*3*chunk:][:3*chunk])
			n := min(chunk, pixels-at)
			if !isSplit {
				split(p.red(n), p.green(n), p.blue(n), pix[3*at:3*(at+n)])
			}
			p.apply(ops[start:end], n, mean)
			if end == len(ops) {
				join(pix[3*at:3*(at+n)], p.red(n), p.green(n), p.blue(n))
			} else {
				total += graySum(p.red(n), p.green(n), p.blue(n))
			}
		}
		if end == len(ops) {
			return
		}
		mean, isSplit, start = float64(total)/float64(pixels), true, end
	}
}

// nextContrast returns where the ops of a pass end: at the next contrast,
// which needs a mean. A later pass begins with a contrast that has one.
func nextContrast(ops []Op, start int, hasMean bool) int {
	for i := start; i < len(ops); i++ {
		if ops[i].kind == contrast && (i > start || !hasMean) {
			return i
		}
	}
	return len(ops)
}

// planes are those of one chunk, one behind the other.
type planes []uint8

func (p planes) red(n int) []uint8   { return p[:n] }
func (p planes) green(n int) []uint8 { return p[chunk : chunk+n] }
func (p planes) blue(n int) []uint8  { return p[2*chunk : 2*chunk+n] }

// apply changes n pixels, and some more that nobody reads: so that there is
// no remainder.
func (p planes) apply(ops []Op, n int, mean float64) {
	n = (n + 31) &^ 31
	for _, op := range ops {
		if op.mixes() {
			op.toPlanes(p.red(n), p.green(n), p.blue(n))
			continue
		}
		op.toBytes(p.red(n), mean)
		op.toBytes(p.green(n), mean)
		op.toBytes(p.blue(n), mean)
	}
}

// Split takes the channels of len(r) interleaved pixels apart.
func Split(r, g, b, pix []uint8) {
	split(r, g[:len(r)], b[:len(r)], pix[:3*len(r)])
}

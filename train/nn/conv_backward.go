package nn

import "github.com/dsbuild/dsbuild/internal/kernel"

const (
	maxConvParts   = 16
	convPartFloats = 1 << 21 // what the parts take together, where that leaves 2
)

// partSize returns the floats of the gradients of kernel and bias.
func (l *convolution) partSize() int {
	size := len(l.weight.value)
	if l.bias != nil {
		size += len(l.bias.value)
	}
	return size
}

// maxParts returns into how many parts a batch is cut at most. Each part's
// sum is of its own, and they are added in order, so results do not depend on
// the threads.
func (l *convolution) maxParts() int {
	return min(max(convPartFloats/l.partSize(), 2), maxConvParts)
}

func (l *convolution) backward() {
	l.parts = min(l.maxParts(), l.batch)
	l.team.For(l.parts, 1, l.weightTask)
	l.team.For(l.partSize(), 1<<12, l.reduceTask)
	if l.gradIn[0] != nil {
		l.packTurned()
		l.team.For(l.batch*l.back.bands, 1, l.inputTask)
	}
}

// weightParts computes the gradients of kernel and bias over parts of the
// batch.
func (l *convolution) weightParts(worker, lo, hi int) {
	for part := lo; part < hi; part++ {
		sum := l.shared[part*l.partSize():][:l.partSize()]
		clear(sum)
		for i := part * l.batch / l.parts; i < (part+1)*l.batch/l.parts; i++ {
			for band := range l.ahead.bands {
				l.addWeights(worker, sum, i, band)
			}
			if l.bias != nil {
				kernel.AddRows(sum[len(l.weight.value):], l.gradOut.sample(i))
			}
		}
	}
}

// addWeights adds what a band of one sample contributes: for each row of the
// kernel the product of what its elements meet with the output's gradient.
func (l *convolution) addWeights(worker int, sum []float32, sample, band int) {
	first, last := l.ahead.band(band)
	rows := l.ahead.rows(l.own[worker], l.site.in[0].sample(sample), first, last)
	width := l.out[1] * l.channelsOut
	// With the floats behind the sample: the last panel may be read whole.
	grad := l.gradOut.data[sample*l.gradOut.size+first*width : (sample+1)*l.gradOut.size+slack]
	height := l.kernel[1] * l.channelsIn
	for k := range l.kernel[0] {
		kernel.Multiply(kernel.Product{
			Rows: height, Columns: l.channelsOut, Depth: l.out[1], Segments: last - first,
			A: rows.taps(k),
			B: kernel.Panels{
				Data: grad, Panel: kernel.PanelColumns, Depth: l.channelsOut, Segment: width,
			},
			C: sum[k*height*l.channelsOut:], CRow: l.channelsOut, Accumulate: true,
		})
	}
}

// reducePart adds the parts of elements [lo,hi).
func (l *convolution) reducePart(_, lo, hi int) {
	size, split := l.partSize(), len(l.weight.value)
	total := l.shared[lo:hi]
	for part := 1; part < l.parts; part++ {
		addTo(total, l.shared[part*size+lo:part*size+hi])
	}
	if lo < split {
		copy(l.weight.grad[lo:], total)
	}
	if hi > split {
		from := max(lo, split)
		copy(l.bias.grad[from-split:], total[from-lo:])
	}
}

// packTurned packs the kernel turned by 180 degrees, from the output's to the
// input's channels.
func (l *convolution) packTurned() {
	area := l.kernel[0] * l.kernel[1]
	block := l.channelsOut * kernel.PanelColumns // one element of the kernel
	for column := 0; column < l.channelsIn; column += kernel.PanelColumns {
		panel := l.shared[column*area*l.channelsOut:]
		columns := min(kernel.PanelColumns, l.channelsIn-column)
		for k := range area {
			from := ((area-1-k)*l.channelsIn + column) * l.channelsOut
			kernel.Pack(panel[k*block:(k+1)*block], l.weight.value[from:], l.channelsOut, columns,
				1, l.channelsOut)
		}
	}
	l.panels = kernel.Panels{
		Data: l.shared, Panel: area * block, Depth: kernel.PanelColumns,
		Segment: l.kernel[1] * block,
	}
}

// inputBands computes bands of the gradient of the input.
func (l *convolution) inputBands(worker, lo, hi int) {
	for i := lo; i < hi; i++ {
		sample, band := i/l.back.bands, i%l.back.bands
		first, last := l.back.band(band)
		rows := l.back.rows(l.own[worker], l.gradOut.sample(sample), first, last)
		to := l.gradIn[0].sample(sample)
		width := l.in[1] * l.channelsIn
		for y := first; y < last; y++ {
			kernel.Multiply(kernel.Product{
				Rows: l.in[1], Columns: l.channelsIn,
				Depth: l.kernel[1] * l.channelsOut, Segments: l.kernel[0],
				A: rows.windows(y), B: l.panels,
				C: to[y*width : (y+1)*width], CRow: l.channelsIn,
			})
		}
	}
}

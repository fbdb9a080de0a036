package loader

import (
	"fmt"
	"slices"

	"github.com/dsbuild/dsbuild/pixel"
)

// fillers write images into slots under the normalization of the Input, or
// that of a plan.
type fillers struct {
	input Input
	usual *pixel.Filler
	other *pixel.Filler // of the last plan that had a normalization of its own
	last  pixel.Normalization
	now   *pixel.Filler
}

func newFillers(in Input) fillers {
	usual := pixel.NewFiller(*in.Normalization)
	return fillers{input: in, usual: usual, now: usual}
}

// use takes the normalization of a plan, or the Input's where that is nil.
func (f *fillers) use(n *pixel.Normalization) error {
	if n == nil || same(*n, *f.input.Normalization) {
		f.now = f.usual
		return nil
	}
	if f.other == nil || !same(*n, f.last) {
		if err := n.Validate(f.input.Channels); err != nil {
			return fmt.Errorf("loader: %w", err)
		}
		f.other = pixel.NewFiller(*n)
		f.last = pixel.Normalization{Mean: slices.Clone(n.Mean), Std: slices.Clone(n.Std)}
	}
	f.now = f.other
	return nil
}

func same(a, b pixel.Normalization) bool {
	return slices.Equal(a.Mean, b.Mean) && slices.Equal(a.Std, b.Std)
}

// floats writes an image's normalised values in the Input's layout.
func (f *fillers) floats(dst []float32, m *pixel.Image) {
	f.now.Fill(dst, m)
}

// bytes writes an image's pixels in the Input's layout.
func (f *fillers) bytes(dst []uint8, m *pixel.Image) {
	if f.input.Layout == NHWC {
		copy(dst, m.Pix)
		return
	}
	size := m.Width * m.Height
	for c := range m.Channels {
		plane := dst[c*size : (c+1)*size]
		for i := range plane {
			plane[i] = m.Pix[i*m.Channels+c]
		}
	}
}

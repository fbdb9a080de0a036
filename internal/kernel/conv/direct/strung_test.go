package direct

import (
	"testing"

	"github.com/dsbuild/dsbuild/internal/kernel/conv"
	"github.com/dsbuild/dsbuild/internal/kernel/conv/convtest"
)

// TestStrung takes rows of the kernel with odd and even numbers of values, and zeros
// before and behind a row of the image that end within a pair. Rounding to bfloat16
// errs by up to 2^-9 of each factor.
func TestStrung(t *testing.T) {
	three := [2]int{3, 3}
	list := []conv.Geometry{
		{Height: 30, Width: 31, In: 3, Out: 64, Kernel: [2]int{7, 7}, Pad: three, Stride: [2]int{2, 2}},
		{Height: 9, Width: 8, In: 3, Out: 33, Kernel: three, Pad: [2]int{1, 1}, Stride: [2]int{1, 2}},
		{Height: 9, Width: 8, In: 3, Out: 5, Kernel: [2]int{2, 4}, Stride: [2]int{4, 4}},
		{Height: 9, Width: 8, In: 2, Out: 16, Kernel: three, Pad: [2]int{1, 1}},
		{Height: 9, Width: 8, In: 6, Out: 16, Kernel: three, Pad: [2]int{2, 1}, Dilation: [2]int{2, 1}},
		{Height: 5, Width: 5, In: 1, Out: 8, Kernel: three, Pad: [2]int{2, 3}, Stride: [2]int{1, 2}},
		{Height: 2, Width: 1, In: 7, Out: 8, Kernel: [2]int{3, 5}, Pad: [2]int{1, 9}, Stride: [2]int{1, 2}},
		{Height: 1, Width: 3, In: 3, Out: 8, Kernel: [2]int{1, 2}, Pad: [2]int{0, 7}, Stride: [2]int{1, 6}},
	}
	for i := range list {
		list[i] = list[i].WithDefaults()
		if !canBeStrung(&list[i]) {
			t.Errorf("rows of %+v are not strung", list[i])
		}
	}
	convtest.Forward(t, list, 3e-2, newStrung)
}

// TestSomeAreNotStrung has pixels that start within a pair, and others that would not
// gain.
func TestSomeAreNotStrung(t *testing.T) {
	fits := conv.Geometry{Height: 9, Width: 9, In: 6, Out: 8, Kernel: [2]int{3, 3}}.WithDefaults()
	for _, change := range []func(g *conv.Geometry){
		func(g *conv.Geometry) { g.In = 3 },
		func(g *conv.Geometry) { g.In = 8 },
		func(g *conv.Geometry) { g.Groups = 2 },
		func(g *conv.Geometry) { g.Dilation[1] = 2 },
		func(g *conv.Geometry) { g.Kernel[1] = 1 },
	} {
		g := fits
		change(&g)
		if canBeStrung(&g) {
			t.Errorf("rows of %+v are strung", g)
		}
	}
}

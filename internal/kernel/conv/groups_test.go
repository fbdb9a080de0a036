package conv

import (
	"slices"
	"testing"
)

func TestJointConvolutionComputesTheSame(t *testing.T) {
	const batch = 2
	for _, c := range []struct{ in, out, groups, times int }{
		{8, 12, 4, 4}, {32, 32, 8, 4}, {6, 24, 6, 3}, {5, 10, 5, 5}, {40, 40, 2, 1}, {3, 4, 1, 1},
	} {
		g := Geometry{Height: 5, Width: 4, In: c.in, Out: c.out, Groups: c.groups,
			Kernel: [2]int{3, 2}, Pad: [2]int{1, 0}}.WithDefaults()
		joint, times := g.Join(16)
		if times != c.times || joint.Groups*times != g.Groups {
			t.Errorf("%+v: %d groups of %d", c, joint.Groups, times)
		}
		from, weights := numbers(batch*g.InputSize()), numbers(g.WeightSize())
		spread := make([]float32, joint.WeightSize())
		joint.Spread(g, spread, weights)
		want, got := make([]float32, batch*g.OutputSize()), make([]float32, batch*g.OutputSize())
		Forward(g, batch, want, from, weights, Epilogue{})
		Forward(joint, batch, got, from, spread, Epilogue{})
		if !slices.Equal(got, want) {
			t.Errorf("%+v: the joint convolution computes something else", c)
		}
		back := make([]float32, len(weights))
		if joint.Gather(g, back, spread); !slices.Equal(back, weights) {
			t.Errorf("%+v: weights do not come back", c)
		}
	}
}

// numbers returns n small integers.
func numbers(n int) []float32 {
	list := make([]float32, n)
	for i := range list {
		list[i] = float32(i*i%7 - 3)
	}
	return list
}

package depthwise

import (
	"math"
	"testing"

	"github.com/dsbuild/dsbuild/internal/kernel/conv"
	"github.com/dsbuild/dsbuild/internal/kernel/conv/convtest"
	"github.com/dsbuild/dsbuild/internal/kernel/isa"
	"github.com/dsbuild/dsbuild/internal/parallel"
)

// geometries are those of package convtest that fit, and others: rows and
// columns shorter than a tile and longer, tails of channels, tiles that are one
// result short, kernels that see nothing but padding, pixels that none sees.
func geometries() []conv.Geometry {
	one, two, three, five := [2]int{1, 1}, [2]int{2, 2}, [2]int{3, 3}, [2]int{5, 5}
	var list []conv.Geometry
	for _, g := range convtest.Geometries() {
		if Fits(g) {
			list = append(list, g)
		}
	}
	for _, g := range []conv.Geometry{
		{Height: 1, Width: 1, In: 1, Kernel: one},
		{Height: 7, Width: 7, In: 16, Kernel: three, Pad: one},
		{Height: 14, Width: 14, In: 20, Kernel: three, Pad: one, Stride: two},
		{Height: 15, Width: 31, In: 37, Kernel: three, Pad: one},
		{Height: 13, Width: 30, In: 24, Kernel: five, Pad: two},
		{Height: 13, Width: 23, In: 40, Kernel: five, Pad: two, Stride: two},
		{Height: 17, Width: 16, In: 3, Kernel: five, Pad: [2]int{4, 4}},
		{Height: 8, Width: 9, In: 17, Kernel: three},
		{Height: 21, Width: 19, In: 18, Kernel: three, Pad: two, Dilation: two},
		{Height: 20, Width: 19, In: 16, Kernel: three, Pad: two, Dilation: two, Stride: two},
		{Height: 20, Width: 40, In: 16, Kernel: [2]int{2, 7}, Pad: [2]int{1, 3}, Stride: [2]int{3, 1}},
		{Height: 20, Width: 33, In: 9, Kernel: [2]int{7, 2}, Pad: three, Stride: [2]int{1, 3}},
		{Height: 11, Width: 10, In: 33, Kernel: [2]int{1, 4}, Dilation: three, Stride: [2]int{4, 2}},
		{Height: 9, Width: 20, In: 32, Kernel: one, Stride: three, Pad: two},
		{Height: 1, Width: 2, In: 33, Kernel: three, Pad: [2]int{3, 5}, Stride: two},
		{Height: 3, Width: 9, In: 600, Kernel: three, Pad: one},
		{Height: 5, Width: 22, In: 17, Kernel: three},
		{Height: 2, Width: 3, In: 200, Kernel: three, Pad: [2]int{5, 4}},
		{Height: 4, Width: 4, In: 200, Kernel: one, Stride: three},
		{Height: 36, Width: 33, In: 18, Kernel: [2]int{34, 31}},
	} {
		g.Out, g.Groups = g.In, g.In
		list = append(list, g.WithDefaults())
	}
	return append(list, convtest.DrawnDepthwise(30, 1)...)
}

func TestForward(t *testing.T) {
	eachVariant(t, func(t *testing.T) {
		convtest.Forward(t, geometries(), 1e-5, NewForward)
	})
}

func TestInputGradient(t *testing.T) {
	eachVariant(t, func(t *testing.T) {
		convtest.InputGradient(t, geometries(), 1e-5, NewInputGradient)
	})
}

func TestWeightGradient(t *testing.T) {
	eachVariant(t, func(t *testing.T) {
		convtest.WeightGradient(t, geometries(), 1e-5, NewWeightGradient)
	})
}

func TestNothingAllocates(t *testing.T) {
	team := parallel.NewTeam(2)
	defer team.Close()
	g := geometries()[1]
	ahead, back, gradient := NewForward(g), NewInputGradient(g), NewWeightGradient(g)
	weights := make([]float32, g.WeightSize())
	in, out := make([]float32, g.InputSize()), make([]float32, g.OutputSize())
	packed := make([]float32, max(ahead.PackedSize(), back.PackedSize()))
	work := make([]float32, gradient.Workspace(1, 2))
	if n := testing.AllocsPerRun(20, func() {
		ahead.Pack(team, packed, weights)
		ahead.Run(team, conv.Call{Batch: 1, From: in, To: out, Packed: packed})
		back.Pack(team, packed, weights)
		back.Run(team, conv.Call{Batch: 1, From: out, To: in, Packed: packed})
		gradient.Run(team, conv.GradientCall{Batch: 1, Input: in, Output: out, Weights: weights,
			Workspace: work})
	}); n != 0 {
		t.Errorf("a round allocates %v times", n)
	}
}

// What is not a number must reach the loss, whatever an epilogue holds it to.
func TestNotANumberStays(t *testing.T) {
	g := conv.Geometry{Height: 3, Width: 3, In: 17, Out: 17, Groups: 17, Kernel: [2]int{3, 3},
		Pad: [2]int{1, 1}}.WithDefaults()
	team := parallel.NewTeam(1)
	defer team.Close()
	pass := NewForward(g)
	packed, out := make([]float32, pass.PackedSize()), make([]float32, g.OutputSize())
	pass.Pack(team, packed, convtest.Random(g.WeightSize(), 1))
	in := convtest.Random(g.InputSize(), 2)
	in[4*17+16] = float32(math.NaN())
	eachVariant(t, func(t *testing.T) {
		pass.Run(team, conv.Call{Batch: 1, From: in, To: out, Packed: packed,
			Epilogue: conv.Epilogue{ReLU: true, Ceiling: 6}})
		for i, v := range out {
			if isLast := i%17 == 16; isLast != (v != v) {
				t.Errorf("element %d is %v", i, v)
			}
		}
	})
}

// eachVariant runs a test with every variant that this machine has.
func eachVariant(t *testing.T, test func(t *testing.T)) {
	defer func(was isa.Variant) { current = was }(current)
	for _, v := range available {
		current = v
		t.Run(v.String(), test)
	}
}

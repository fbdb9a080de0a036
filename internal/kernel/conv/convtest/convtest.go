// Package convtest tests ways of computing convolutions: one body for all.
//
// A room below conv hands in what it makes, and every result is compared with
// the plain loops of package conv:
//
//	convtest.Forward(t, convtest.Geometries(), 1e-5, direct.NewForward)
package convtest

import (
	"fmt"
	"testing"

	"github.com/dsbuild/dsbuild/internal/kernel/conv"
	"github.com/dsbuild/dsbuild/internal/parallel"
)

const batch = 3

// Geometries are convolutions of odd sizes: every way in which kernel, stride,
// pad, dilation and groups can go together with few and many channels.
func Geometries() []conv.Geometry {
	one, two, three := [2]int{1, 1}, [2]int{2, 2}, [2]int{3, 3}
	list := []conv.Geometry{
		{Height: 1, Width: 1, In: 1, Out: 1, Kernel: one},
		{Height: 7, Width: 7, In: 40, Out: 33, Kernel: three, Pad: one},
		{Height: 14, Width: 15, In: 17, Out: 70, Kernel: three, Pad: one},
		{Height: 9, Width: 31, In: 64, Out: 64, Kernel: three, Pad: one},
		{Height: 13, Width: 11, In: 5, Out: 35, Kernel: three, Pad: one, Stride: two},
		{Height: 12, Width: 29, In: 3, Out: 64, Kernel: [2]int{7, 7}, Pad: three, Stride: two},
		{Height: 12, Width: 8, In: 3, Out: 24, Kernel: [2]int{4, 4}, Stride: [2]int{4, 4}},
		{Height: 8, Width: 9, In: 1, Out: 32, Kernel: three, Pad: one},
		{Height: 9, Width: 6, In: 70, Out: 34, Kernel: one},
		{Height: 9, Width: 6, In: 19, Out: 34, Kernel: one, Stride: two},
		{Height: 11, Width: 12, In: 8, Out: 16, Kernel: three, Pad: two, Dilation: two},
		{Height: 11, Width: 12, In: 6, Out: 9, Kernel: three, Pad: two, Dilation: two, Stride: two},
		{Height: 10, Width: 7, In: 12, Out: 20, Kernel: [2]int{1, 5}, Pad: [2]int{0, 2}},
		{Height: 10, Width: 7, In: 12, Out: 40, Kernel: [2]int{5, 1}, Pad: [2]int{4, 1}},
		{Height: 9, Width: 9, In: 8, Out: 12, Kernel: three, Pad: one, Groups: 4},
		{Height: 9, Width: 9, In: 64, Out: 64, Kernel: three, Pad: one, Stride: two, Groups: 2},
		{Height: 9, Width: 10, In: 33, Out: 33, Kernel: three, Pad: one, Groups: 33},
		{Height: 9, Width: 10, In: 32, Out: 32, Kernel: three, Pad: one, Stride: two, Groups: 32},
		{Height: 3, Width: 3, In: 600, Out: 4, Kernel: three, Pad: one},
		{Height: 11, Width: 12, In: 5, Out: 9, Kernel: three, Pad: one, Dilation: three, Crop: two},
		{Height: 13, Width: 9, In: 12, Out: 8, Kernel: three, Dilation: three, Stride: two, Pad: three,
			Crop: [2]int{1, 2}, Groups: 2},
		{Height: 9, Width: 40, In: 33, Out: 33, Kernel: two, Dilation: two, Crop: one, Groups: 33},
		{Height: 9, Width: 40, In: 33, Out: 33, Kernel: one, Crop: [2]int{2, 20}},
		{Height: 9, Width: 40, In: 3, Out: 33, Kernel: three, Pad: one, Crop: [2]int{2, 20}},
	}
	for i := range list {
		list[i] = list[i].WithDefaults()
	}
	return list
}

// Forward tests forward passes. The tolerance is that of an element, in units
// of the root of the mean square of the results before the epilogue.
func Forward(t *testing.T, list []conv.Geometry, tolerance float64,
	make func(conv.Geometry) conv.Pass) {
	for _, g := range list {
		testPass(t, g, tolerance, make(g), g.InputSize(), g.OutputSize(), g.Out, conv.Forward)
	}
}

// InputGradient tests gradients of the input as Forward does passes.
func InputGradient(t *testing.T, list []conv.Geometry, tolerance float64,
	make func(conv.Geometry) conv.Pass) {
	for _, g := range list {
		testPass(t, g, tolerance, make(g), g.OutputSize(), g.InputSize(), g.In, conv.InputGradient)
	}
}

type reference func(g conv.Geometry, batch int, to, from, weights []float32, e conv.Epilogue)

// testPass compares a pass with its reference, with 1 and 3 threads, whose
// results must be the same to the bit.
func testPass(t *testing.T, g conv.Geometry, tolerance float64, pass conv.Pass,
	fromSize, toSize, channels int, want reference) {
	weights := Random(g.WeightSize(), 1)
	from := Random(batch*fromSize, 2)
	epilogues := []conv.Epilogue{
		{},
		{Bias: Random(channels, 3)},
		{Bias: Random(channels, 3), ReLU: true, Ceiling: 0.75},
		{Residual: Random(batch*toSize, 4), ReLU: true},
	}
	runEmpty(pass, weights)
	plain := make([]float32, batch*toSize)
	want(g, batch, plain, from, weights, conv.Epilogue{})
	limit := tolerance * rms(plain)
	for i, e := range epilogues {
		t.Run(fmt.Sprintf("%+v/epilogue%d", g, i), func(t *testing.T) {
			right := make([]float32, batch*toSize)
			want(g, batch, right, from, weights, e)
			var first []float32
			for _, threads := range []int{1, 3} {
				got := runPass(t, pass, threads, from, weights, toSize, e)
				near(t, got, right, limit)
				if first == nil {
					first = got
				}
				same(t, got, first)
			}
		})
	}
}

// runPass runs a pass on memory that nothing may be touched beside: before it
// with one thread, behind it with several. The residual of those lies where the
// result goes.
func runPass(t *testing.T, pass conv.Pass, threads int, from, weights []float32, toSize int,
	e conv.Epilogue) []float32 {
	t.Helper()
	team := parallel.NewTeam(threads)
	defer team.Close()
	ends := threads > 1
	packed := guarded(t, pass.PackedSize(), ends)
	pass.Pack(team, packed.data, fenced(t, weights, ends))
	work := guarded(t, pass.Workspace(batch, threads), ends)
	to := guarded(t, batch*toSize, ends)
	work.spoil()
	to.spoil()
	e.Bias = fenced(t, e.Bias, ends)
	if e.Residual != nil && ends {
		copy(to.data, e.Residual)
		e.Residual = to.data
	} else {
		e.Residual = fenced(t, e.Residual, ends)
	}
	pass.Run(team, conv.Call{Batch: batch, From: fenced(t, from, ends), To: to.data,
		Packed: packed.data, Workspace: work.data, Epilogue: e})
	for _, g := range []guard{packed, work, to} {
		g.check(t)
	}
	return to.data
}

// runEmpty runs a pass on no images, for which it has nothing to do.
func runEmpty(pass conv.Pass, weights []float32) {
	team := parallel.NewTeam(2)
	defer team.Close()
	packed := make([]float32, pass.PackedSize())
	pass.Pack(team, packed, weights)
	pass.Run(team, conv.Call{Packed: packed, Workspace: make([]float32, pass.Workspace(0, 2))})
}

// WeightGradient tests gradients of the weights as Forward does passes.
func WeightGradient(t *testing.T, list []conv.Geometry, tolerance float64,
	make func(conv.Geometry) conv.Gradient) {
	for _, g := range list {
		t.Run(fmt.Sprintf("%+v", g), func(t *testing.T) {
			testGradient(t, g, 0, tolerance, make(g), true)
			testGradient(t, g, 1, tolerance, make(g), false)
			testGradient(t, g, batch, tolerance, make(g), true)
		})
	}
}

// testGradient compares a gradient of so many images, which may be none.
func testGradient(t *testing.T, g conv.Geometry, images int, tolerance float64,
	gradient conv.Gradient, biased bool) {
	input, output := Random(images*g.InputSize(), 1), Random(images*g.OutputSize(), 2)
	right := make([]float32, g.WeightSize())
	var rightBias []float32
	if biased {
		rightBias = make([]float32, g.Out)
	}
	conv.WeightGradient(g, images, right, rightBias, input, output)
	var first []float32
	for _, threads := range []int{1, 3} {
		team := parallel.NewTeam(threads)
		defer team.Close()
		ends := threads > 1
		work := guarded(t, gradient.Workspace(images, threads), ends)
		weights, bias := guarded(t, len(right), ends), guarded(t, len(rightBias), ends)
		for _, g := range []guard{work, weights, bias} {
			g.spoil()
		}
		call := conv.GradientCall{Batch: images, Input: fenced(t, input, ends),
			Output: fenced(t, output, ends), Weights: weights.data, Workspace: work.data}
		if biased {
			call.Bias = bias.data
		}
		gradient.Run(team, call)
		for _, g := range []guard{work, weights, bias} {
			g.check(t)
		}
		Near(t, weights.data, right, tolerance)
		Near(t, bias.data, rightBias, tolerance)
		if first == nil {
			first = weights.data
		}
		same(t, weights.data, first)
	}
}

package winograd

import (
	"fmt"
	"math"
	"testing"

	"github.com/dsbuild/dsbuild/internal/kernel/conv"
	"github.com/dsbuild/dsbuild/internal/kernel/conv/convtest"
	"github.com/dsbuild/dsbuild/internal/kernel/conv/direct"
	"github.com/dsbuild/dsbuild/internal/parallel"
)

// TestErrorOfLayers measures the errors of outputs and of gradients of weights
// against sums of float64, of inputs behind a ReLU.
func TestErrorOfLayers(t *testing.T) {
	for _, l := range []struct{ side, channels int }{{56, 64}, {28, 128}, {14, 256}, {7, 512}} {
		g := conv.Geometry{Height: l.side, Width: l.side, In: l.channels, Out: l.channels,
			Kernel: [2]int{3, 3}, Pad: [2]int{1, 1}}.WithDefaults()
		images := convtest.Random(g.InputSize(), 1)
		for i, v := range images {
			images[i] = max(v, 0)
		}
		output, weights := convtest.Random(g.OutputSize(), 2), convtest.Random(g.WeightSize(), 3)
		line := ""
		for _, tile := range []int{0, 2, 4} {
			pass, gradient := direct.NewForward(g), direct.NewWeightGradient(g)
			if tile > 0 {
				pass, gradient = NewForward(g, tile), NewWeightGradient(g, tile)
			}
			to, kernel := run(g, pass, gradient, images, output, weights)
			for _, e := range [2]measured{
				errorOf(to, func(i int) float64 { return outputAt(g, images, weights, i) }),
				errorOf(kernel, func(i int) float64 { return weightAt(g, images, output, i) }),
			} {
				line += fmt.Sprintf("  tile %d: %.1e, at most %.1e", tile, e.mean, e.worst)
				if e.worst > tolerance/2 {
					t.Errorf("%d channels, tiles of %d: %.2g", l.channels, tile, e.worst)
				}
			}
		}
		t.Logf("%d channels:%s", l.channels, line)
	}
}

// run computes the output and the gradient of the weights of an image.
func run(g conv.Geometry, pass conv.Pass, gradient conv.Gradient,
	images, output, weights []float32) (to, kernel []float32) {
	team := parallel.NewTeam(1)
	defer team.Close()
	packed := make([]float32, pass.PackedSize())
	pass.Pack(team, packed, weights)
	to, kernel = make([]float32, g.OutputSize()), make([]float32, g.WeightSize())
	pass.Run(team, conv.Call{Batch: 1, From: images, To: to, Packed: packed,
		Workspace: make([]float32, pass.Workspace(1, 1))})
	gradient.Run(team, conv.GradientCall{Batch: 1, Input: images, Output: output, Weights: kernel,
		Workspace: make([]float32, gradient.Workspace(1, 1))})
	return to, kernel
}

// measured are errors in units of the root of the mean square of what is right.
type measured struct{ mean, worst float64 }

// errorOf measures some of the results.
func errorOf(got []float32, right func(i int) float64) measured {
	const step = 97
	var squares, errors, worst float64
	for i := 0; i < len(got); i += step {
		want := right(i)
		e := float64(got[i]) - want
		squares, errors, worst = squares+want*want, errors+e*e, max(worst, math.Abs(e))
	}
	return measured{math.Sqrt(errors / squares), worst / math.Sqrt(squares/float64(len(got)/step))}
}

// outputAt returns an element of the output.
func outputAt(g conv.Geometry, images, weights []float32, at int) float64 {
	sum := 0.0
	k, x, y := at%g.Out, at/g.Out%g.Width, at/g.Out/g.Width
	for tap := range taps {
		row, column := y+tap/3-1, x+tap%3-1
		if row < 0 || row >= g.Height || column < 0 || column >= g.Width {
			continue
		}
		for c := range g.In {
			sum += float64(images[(row*g.Width+column)*g.In+c]) *
				float64(weights[(tap*g.In+c)*g.Out+k])
		}
	}
	return sum
}

// weightAt returns an element of the gradient of the weights.
func weightAt(g conv.Geometry, images, output []float32, at int) float64 {
	sum := 0.0
	k, c, tap := at%g.Out, at/g.Out%g.In, at/g.Out/g.In
	for y := range g.Height {
		for x := range g.Width {
			row, column := y+tap/3-1, x+tap%3-1
			if row < 0 || row >= g.Height || column < 0 || column >= g.Width {
				continue
			}
			sum += float64(images[(row*g.Width+column)*g.In+c]) *
				float64(output[(y*g.Width+x)*g.Out+k])
		}
	}
	return sum
}

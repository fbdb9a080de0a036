package winograd

import (
	"fmt"
	"testing"

	"github.com/dsbuild/dsbuild/internal/kernel/conv"
	"github.com/dsbuild/dsbuild/internal/kernel/conv/convtest"
	"github.com/dsbuild/dsbuild/internal/parallel"
)

// tolerance is what elements may differ by from plain loops, in units of the
// root of the mean square: of both sizes of tiles.
const tolerance = 3e-5

// geometries are the fitting ones of all rooms that are small, and some that
// have every kind of border and of channels.
func geometries() []conv.Geometry {
	var list []conv.Geometry
	for _, g := range convtest.Geometries() {
		if Fits(g) && g.MultiplyAdds() < 1<<22 {
			list = append(list, g)
		}
	}
	for _, g := range []conv.Geometry{
		{Height: 7, Width: 9, In: 16, Out: 16},
		{Height: 6, Width: 5, In: 33, Out: 48, Pad: [2]int{0, 2}},
		{Height: 1, Width: 3, In: 18, Out: 65, Pad: [2]int{1, 0}},
		{Height: 21, Width: 18, In: 16, Out: 32, Pad: [2]int{2, 1}},
		{Height: 5, Width: 6, In: 272, Out: 33, Pad: [2]int{1, 1}},
	} {
		g.Kernel = [2]int{3, 3}
		list = append(list, g.WithDefaults())
	}
	return list
}

// wide has so many channels that the tiles of a batch of three are done in
// chunks, one way and the other.
var wide = conv.Geometry{Height: 32, Width: 36, In: 272, Out: 2, Kernel: [2]int{3, 3},
	Pad: [2]int{1, 1}}.WithDefaults()

func TestChunks(t *testing.T) {
	turned := wide
	turned.In, turned.Out = wide.Out, wide.In
	convtest.Forward(t, []conv.Geometry{wide}, tolerance,
		func(g conv.Geometry) conv.Pass { return NewForward(g, 4) })
	convtest.InputGradient(t, []conv.Geometry{turned}, tolerance,
		func(g conv.Geometry) conv.Pass { return NewInputGradient(g, 4) })
	convtest.WeightGradient(t, []conv.Geometry{wide}, tolerance,
		func(g conv.Geometry) conv.Gradient { return NewWeightGradient(g, 4) })
}

func eachTile(t *testing.T, test func(t *testing.T, tile int)) {
	eachVariant(t, func(t *testing.T) {
		for _, tile := range []int{2, 4} {
			t.Run(fmt.Sprintf("tile%d", tile), func(t *testing.T) { test(t, tile) })
		}
	})
}

func TestForward(t *testing.T) {
	eachTile(t, func(t *testing.T, tile int) {
		convtest.Forward(t, geometries(), tolerance,
			func(g conv.Geometry) conv.Pass { return NewForward(g, tile) })
	})
}

func TestInputGradient(t *testing.T) {
	eachTile(t, func(t *testing.T, tile int) {
		convtest.InputGradient(t, geometries(), tolerance,
			func(g conv.Geometry) conv.Pass { return NewInputGradient(g, tile) })
	})
}

func TestWeightGradient(t *testing.T) {
	eachTile(t, func(t *testing.T, tile int) {
		convtest.WeightGradient(t, geometries(), tolerance,
			func(g conv.Geometry) conv.Gradient { return NewWeightGradient(g, tile) })
	})
}

// What lies behind a workspace is not taken for a part of it.
func TestShortWorkspacesPanic(t *testing.T) {
	team := parallel.NewTeam(2)
	defer team.Close()
	for _, channels := range []int{16, 600} {
		g := conv.Geometry{Height: 9, Width: 7, In: channels, Out: channels, Kernel: [2]int{3, 3},
			Pad: [2]int{1, 1}}.WithDefaults()
		pass, gradient := NewForward(g, 4), NewWeightGradient(g, 4)
		in, out := make([]float32, g.InputSize()), make([]float32, g.OutputSize())
		short := func(n int) []float32 { return make([]float32, n)[:n-1] }
		for name, run := range map[string]func(){
			"pass": func() {
				pass.Run(team, conv.Call{Batch: 1, From: in, To: out,
					Packed: make([]float32, pass.PackedSize()), Workspace: short(pass.Workspace(1, 2))})
			},
			"gradient": func() {
				gradient.Run(team, conv.GradientCall{Batch: 1, Input: in, Output: out,
					Weights: make([]float32, g.WeightSize()), Workspace: short(gradient.Workspace(1, 2))})
			},
		} {
			func() {
				defer func() {
					if recover() == nil {
						t.Errorf("a %s of %d channels takes a short workspace", name, channels)
					}
				}()
				run()
			}()
		}
	}
}

func TestNothingIsAllocated(t *testing.T) {
	team := parallel.NewTeam(2)
	defer team.Close()
	for _, g := range []conv.Geometry{
		{Height: 17, Width: 19, In: 32, Out: 48, Kernel: [2]int{3, 3}, Pad: [2]int{1, 1}},
		{Height: 9, Width: 7, In: 300, Out: 40, Kernel: [2]int{3, 3}, Pad: [2]int{1, 1}},
	} {
		g = g.WithDefaults()
		const batch = 2
		images := make([]float32, batch*g.InputSize())
		out := make([]float32, batch*g.OutputSize())
		weights := make([]float32, g.WeightSize())
		pass, gradient := NewForward(g, 4), NewWeightGradient(g, 4)
		call := conv.Call{Batch: batch, From: images, To: out,
			Packed:    make([]float32, pass.PackedSize()),
			Workspace: make([]float32, pass.Workspace(batch, team.Size()))}
		back := conv.GradientCall{Batch: batch, Input: images, Output: out, Weights: weights,
			Bias:      make([]float32, g.Out),
			Workspace: make([]float32, gradient.Workspace(batch, team.Size()))}
		n := testing.AllocsPerRun(10, func() {
			pass.Pack(team, call.Packed, weights)
			pass.Run(team, call)
			gradient.Run(team, back)
		})
		if n != 0 {
			t.Errorf("%d channels: %v allocations", g.In, n)
		}
	}
}

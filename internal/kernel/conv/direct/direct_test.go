package direct

import (
	"fmt"
	"testing"

	"github.com/dsbuild/dsbuild/internal/kernel/conv"
	"github.com/dsbuild/dsbuild/internal/kernel/conv/convtest"
	"github.com/dsbuild/dsbuild/internal/parallel"
)

// geometries are those of all rooms, and some that are cut in other ways: into
// bands, with lines of 7 pixels, with rows that are a power of two apart.
func geometries() []conv.Geometry {
	one, two, three := [2]int{1, 1}, [2]int{2, 2}, [2]int{3, 3}
	list := append(convtest.Geometries(), []conv.Geometry{
		{Height: 7, Width: 7, In: 64, Out: 40, Kernel: three, Pad: one},
		{Height: 40, Width: 56, In: 16, Out: 16, Kernel: three, Pad: one},
		{Height: 10, Width: 10, In: 256, Out: 33, Kernel: one, Stride: two},
		{Height: 1, Width: 1, In: 40, Out: 33, Kernel: one, Stride: two},
		{Height: 1, Width: 1, In: 5000, Out: 70, Kernel: one},
		{Height: 1, Width: 5, In: 40, Out: 33, Kernel: three, Pad: one, Stride: two},
		{Height: 9, Width: 9, In: 8, Out: 8, Kernel: two, Stride: two},
		{Height: 8, Width: 11, In: 8, Out: 8, Kernel: two, Stride: [2]int{3, 4}},
		{Height: 7, Width: 3, In: 1024, Out: 40, Kernel: one},
		{Height: 4, Width: 7, In: 512, Out: 33, Kernel: three, Pad: one},
		{Height: 1, Width: 24, In: 3, Out: 16, Kernel: [2]int{1, 3}, Pad: [2]int{4, 3}},
		{Height: 3, Width: 400, In: 2, Out: 3, Kernel: three, Pad: one},
	}...)
	for i := range list {
		list[i] = list[i].WithDefaults()
	}
	return list
}

func TestForward(t *testing.T) {
	convtest.Forward(t, geometries(), 1e-5, NewForward)
}

func TestInputGradient(t *testing.T) {
	convtest.InputGradient(t, geometries(), 1e-5, NewInputGradient)
}

// Rounding to bfloat16 errs by up to 2^-9 of each factor.
func TestForwardBF16(t *testing.T) {
	convtest.Forward(t, geometries(), 3e-2, NewForwardBF16)
}

func TestInputGradientBF16(t *testing.T) {
	convtest.InputGradient(t, geometries(), 3e-2, NewInputGradientBF16)
}

// TestDrawn allows more than the other tests do: outputs of which most are zero, as
// with strides that pass over pixels, have a small mean square.
func TestDrawn(t *testing.T) {
	list := convtest.Drawn(25, 1)
	convtest.Forward(t, list, 3e-5, NewForward)
	convtest.InputGradient(t, list, 3e-5, NewInputGradient)
	convtest.Forward(t, list, 0.2, NewForwardBF16)
	convtest.InputGradient(t, list, 0.2, NewInputGradientBF16)
}

// TestRunPanicsOutsideItsSlices has slices with memory behind them.
func TestRunPanicsOutsideItsSlices(t *testing.T) {
	team := parallel.NewTeam(2)
	defer team.Close()
	for _, in := range []int{1, 8} { // the first of which has a pass of its own
		g := conv.Geometry{Height: 9, Width: 9, In: in, Out: 16, Kernel: [2]int{3, 3},
			Pad: [2]int{1, 1}}.WithDefaults()
		pass := NewForward(g)
		good := conv.Call{Batch: 1, From: make([]float32, g.InputSize()),
			To: make([]float32, g.OutputSize()), Packed: make([]float32, pass.PackedSize()),
			Workspace: make([]float32, pass.Workspace(1, 2)),
			Epilogue:  conv.Epilogue{Bias: make([]float32, g.Out)}}
		if in > 1 {
			good.Epilogue.Residual = make([]float32, g.OutputSize())
		}
		pass.Run(team, good)
		for i := range 6 {
			bad := good
			slices := []*[]float32{&bad.From, &bad.To, &bad.Packed, &bad.Workspace,
				&bad.Epilogue.Bias, &bad.Epilogue.Residual}
			if n := len(*slices[i]); n > 0 {
				*slices[i] = (*slices[i])[: n/2 : n]
				panics(t, fmt.Sprintf("%d channels: slice %d was too short", in, i),
					func() { pass.Run(team, bad) })
			}
		}
	}
}

func panics(t *testing.T, name string, run func()) {
	t.Helper()
	defer func() {
		if recover() == nil {
			t.Errorf("%s, unnoticed", name)
		}
	}()
	run()
}

// TestMuchLiesAhead has a product that would not fit 32 bits.
func TestMuchLiesAhead(t *testing.T) {
	k := task{ahead: make([]float32, 1<<16), work: 1 << 20}
	if n := len(k.nextAhead(1 << 19)); n != 1<<15 || len(k.ahead) != 1<<15 {
		t.Errorf("half of the work brings %d of %d floats", n, 1<<16)
	}
}

func TestRunAllocatesNothing(t *testing.T) {
	g := conv.Geometry{Height: 9, Width: 9, In: 5, Out: 7, Kernel: [2]int{3, 3}, Pad: [2]int{1, 1},
		Stride: [2]int{2, 2}}.WithDefaults()
	team := parallel.NewTeam(2)
	defer team.Close()
	const batch = 2
	for _, pass := range []conv.Pass{NewForward(g), NewInputGradient(g), NewForwardBF16(g),
		NewInputGradientBF16(g)} {
		weights := convtest.Random(g.WeightSize(), 1)
		packed := make([]float32, pass.PackedSize())
		call := conv.Call{Batch: batch, From: convtest.Random(batch*g.InputSize(), 2),
			To: make([]float32, batch*g.InputSize()+batch*g.OutputSize()), Packed: packed,
			Workspace: make([]float32, pass.Workspace(batch, 2))}
		n := testing.AllocsPerRun(20, func() {
			pass.Pack(team, packed, weights)
			pass.Run(team, call)
		})
		if n != 0 {
			t.Errorf("%T allocates %v times", pass, n)
		}
	}
}

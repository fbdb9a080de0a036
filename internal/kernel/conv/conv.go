// Package conv is the contract of convolutions: what every way of computing
// one takes and gives.
//
// Images (N, H, W, C), kernels (height, width, in/groups, out) and gradients
// flow in and out as slices of float32. A Geometry says which convolution is
// meant. Its forward pass and the gradient of its input are each a Pass, the
// gradient of its weights is a Gradient; the rooms below this one make them in
// different ways (direct, Winograd's, depthwise), and the caller chooses:
//
//	g := conv.Geometry{Height: 56, Width: 56, In: 64, Out: 64,
//		Kernel: [2]int{3, 3}, Pad: [2]int{1, 1}}.WithDefaults()
//	pass := direct.NewForward(g)
//	packed := make([]float32, pass.PackedSize())
//	pass.Pack(team, packed, weights)
//	pass.Run(team, conv.Call{Batch: n, From: images, To: out, Packed: packed,
//		Workspace: make([]float32, pass.Workspace(n, team.Size()))})
//
// The functions Forward, InputGradient and WeightGradient of this package are
// the plain loops that all of them equal but for rounding.
package conv

import (
	"fmt"

	"github.com/dsbuild/dsbuild/internal/parallel"
)

// A Geometry says which convolution is meant. Pairs are height and width.
type Geometry struct {
	Height, Width int // of an image
	In, Out       int // channels
	Kernel        [2]int
	Stride        [2]int // default 1
	Pad           [2]int // zeros on each side; default 0
	Dilation      [2]int // pixels from one element of the kernel to the next; default 1
	Crop          [2]int // rows and columns of the output left out on the far side; default 0
	Groups        int    // into which the channels are cut; default 1
}

// WithDefaults returns g with defaults in place of zeros.
func (g Geometry) WithDefaults() Geometry {
	for i := range 2 {
		g.Stride[i] = max(g.Stride[i], 1)
		g.Dilation[i] = max(g.Dilation[i], 1)
	}
	g.Groups = max(g.Groups, 1)
	return g
}

// Check returns what is wrong with the geometry.
func (g Geometry) Check() error {
	sides := [2]int{g.Height, g.Width}
	for i, side := range [2]string{"height", "width"} {
		if g.Kernel[i] < 1 || g.Stride[i] < 1 || g.Pad[i] < 0 || g.Dilation[i] < 1 || g.Crop[i] < 0 {
			return fmt.Errorf("%s has kernel %d, stride %d, pad %d, dilation %d, crop %d", side,
				g.Kernel[i], g.Stride[i], g.Pad[i], g.Dilation[i], g.Crop[i])
		}
		span := (g.Kernel[i]-1)*g.Dilation[i] + 1
		if sides[i]+2*g.Pad[i]-g.Crop[i]*g.Stride[i] < span {
			return fmt.Errorf("kernel of %s %d does not fit %d pixels with pad %d and crop %d", side,
				span, sides[i], g.Pad[i], g.Crop[i])
		}
	}
	if g.In < 1 || g.Out < 1 || g.Groups < 1 || g.In%g.Groups != 0 || g.Out%g.Groups != 0 {
		return fmt.Errorf("%d groups do not divide %d channels in and %d out", g.Groups, g.In, g.Out)
	}
	return nil
}

// Output returns the height and width of the output.
func (g Geometry) Output() (height, width int) {
	out := func(side, i int) int {
		return (side+2*g.Pad[i]-(g.Kernel[i]-1)*g.Dilation[i]-1)/g.Stride[i] + 1 - g.Crop[i]
	}
	return out(g.Height, 0), out(g.Width, 1)
}

// InputSize returns the floats of one image.
func (g Geometry) InputSize() int { return g.Height * g.Width * g.In }

// OutputSize returns the floats of one image's output.
func (g Geometry) OutputSize() int {
	height, width := g.Output()
	return height * width * g.Out
}

// WeightSize returns the floats of the kernel.
func (g Geometry) WeightSize() int { return g.Kernel[0] * g.Kernel[1] * g.In / g.Groups * g.Out }

// MultiplyAdds returns how many multiplications with addition one image takes
// when they are all done, padding counted as pixels.
func (g Geometry) MultiplyAdds() int { return g.OutputSize() / g.Out * g.WeightSize() }

// A Pass computes images from images and packed weights: the output of a
// convolution from its input, or the gradient of the input from that of the
// output. It has no state that changes and may be used by several goroutines
// with different memory. Nothing it does allocates.
//
// Bits depend on the operands, the batch and the processor's instructions, not
// on the threads.
type Pass interface {
	// PackedSize returns the floats that Pack writes.
	PackedSize() int
	// Pack writes weights, the kernel (height, width, in/groups, out), in the
	// order that Run reads, once for as long as they do not change.
	Pack(team *parallel.Team, packed, weights []float32)
	// Workspace returns the floats that Run needs for a batch and a team.
	Workspace(batch, workers int) int
	// Run computes To from From. A batch of 0 is nothing to do.
	Run(team *parallel.Team, c Call)
}

// A Call is the memory of one run. Slices may be longer than they have to be;
// what lies behind is neither read into a result nor written.
type Call struct {
	Batch     int
	From, To  []float32
	Packed    []float32
	Workspace []float32 // of any content, which is lost
	// Epilogue is done to what is computed before it is written.
	Epilogue Epilogue
}

// An Epilogue is done to each sum: the bias of its channel, then the residual
// at its place are added, and the result is held to [0, Ceiling] where ReLU is
// set. The zero Epilogue does nothing.
type Epilogue struct {
	Bias     []float32 // by channel of To, or nil
	Residual []float32 // laid out as To, or nil; may be To itself
	ReLU     bool
	Ceiling  float32 // 6 for ReLU6; 0 stands for none
}

// A Gradient computes the gradient of a convolution's weights, summed over the
// batch. What is said of a Pass holds for it.
type Gradient interface {
	// Workspace returns the floats that Run needs for a batch and a team.
	Workspace(batch, workers int) int
	// Run overwrites Weights, laid out as the kernel: with zeros for a batch of 0.
	Run(team *parallel.Team, c GradientCall)
}

// A GradientCall is the memory of one run of a Gradient. Slices may be longer than
// they have to be, as those of a Call.
type GradientCall struct {
	Batch     int
	Input     []float32 // of the convolution
	Output    []float32 // gradient of its output
	Weights   []float32 // where their gradient goes
	Bias      []float32 // where the gradient of the bias goes, or nil
	Workspace []float32 // of any content, which is lost
}

// Package winograd computes 3x3 convolutions with fewer multiplications than
// they have taps: Winograd's minimal filtering.
//
// Images and kernels of a conv.Geometry that Fits flow in; outputs and
// gradients flow out as package conv says. An output tile of 4x4 pixels takes
// 36 multiplications a pair of channels in place of 144, one of 2x2 takes 16 in
// place of 36:
//
//	pass := winograd.NewForward(g, 4)
//	packed := make([]float32, pass.PackedSize())
//	pass.Pack(team, packed, weights)
//	pass.Run(team, conv.Call{Batch: n, From: images, To: out, Packed: packed,
//		Workspace: make([]float32, pass.Workspace(n, team.Size()))})
//
// Tiles of the image, and the kernel, become sums at interpolation points
// (Bᵀ d B and G g Gᵀ); those are multiplied point by point and summed over
// channels, which is a matrix product for each point; the sums become tiles of
// the output (Aᵀ m A). The gradient of the input is the forward pass with the
// kernel turned by 180 degrees. The gradient of the weights is the transposed
// algorithm: Gᵀ [(A y Aᵀ) ⊙ (Bᵀ d B)] G, summed over tiles.
//
// Measured against sums of float64, with the layers of ResNet-18 and inputs
// behind a ReLU (TestErrorOfLayers), errors in units of the results' root of the
// mean square are
//
//	            output, mean     worst  gradient of weights, mean     worst
//	direct      3e-7 to 7e-7     3e-6   8e-8 to 3e-7              2e-6
//	tiles of 2  2e-7 to 5e-7     2e-6   1e-7 to 7e-7              3e-6
//	tiles of 4  6e-7 to 17e-7    8e-6   3e-7 to 10e-7             5e-6
//
// What is transformed never goes to memory. Either a worker takes a few tiles
// through all of it within its core's cache, or, where there are many
// channels, the workers share the transformed tiles in the last cache and each
// transforms the kernel of 32 channels as it goes. Of few tiles, as one image of
// 7x7 pixels has, products take no longer than to write and read a transformed
// kernel, so with AVX-512 that is done in registers. See
//
//   - A. Lavin, S. Gray: Fast algorithms for convolutional neural networks, 2016
//   - A. Zlateski, Z. Jia, K. Li, F. Durand: The anatomy of efficient FFT and
//     Winograd convolutions on modern CPUs, 2019
//   - R. Gelashvili, N. Shavit, A. Zlateski: L3 fusion: fast transformed
//     convolutions on CPUs, 2019
//   - Z. Jia, A. Zlateski, F. Durand, K. Li: Optimizing N-dimensional,
//     Winograd-based convolution for manycore CPUs, 2018
//   - B. Barabasz, A. Anderson, K. Soodhalter, D. Gregg: Error analysis and
//     improving the accuracy of Winograd convolution for deep neural networks,
//     2020
package winograd

import "github.com/dsbuild/dsbuild/internal/kernel/conv"

// Fits tells whether a convolution can be computed here: 3x3 without stride,
// dilation, crop or groups, padded by at most 2.
func Fits(g conv.Geometry) bool {
	g = g.WithDefaults()
	for i := range 2 {
		if g.Kernel[i] != 3 || g.Stride[i] != 1 || g.Dilation[i] != 1 || g.Pad[i] > 2 {
			return false
		}
	}
	return g.Groups == 1 && g.Crop == [2]int{} && g.Check() == nil
}

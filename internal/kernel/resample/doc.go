// Package resample scales 8-bit images with antialiasing and writes them into
// batches.
//
// A part of an image flows in, as rows of interleaved bytes; bytes or
// normalised floats flow out, in the order that a batch wants, by way of a few
// rows that stay in the processor's cache. Nothing is allocated once a
// Resampler has seen images of a size:
//
//	var r resample.Resampler
//	r.Scale(&resample.Target{Floats: slot, Channels: 3, Norm: norm},
//		&resample.Source{Pix: pix, Width: 500, Height: 375, Channels: 3},
//		&resample.Geometry{
//			X: 100, Y: 50, W: 300, H: 300, Width: 224, Height: 224, Mirror: true,
//		})
//
// The filters are Pillow's: every row is scaled first and rounded to bytes,
// then the columns. The weights have 14 bits after the point and sum to 1, so
// that results differ from Pillow's by at most 1. Sums are of integers below
// 2^23, which float32 holds exactly, so every variant of the loops gives the
// same bytes: one in Go, which is always there, and those with AVX2 and with
// AVX-512 (of Ice Lake and Zen 4 and later). DSBUILD_KERNEL=avx2 or generic lets
// a machine run slower ones than it could.
package resample

// Package dct turns the coefficients of JPEG files into pixels: the inverse
// discrete cosine transform, the upsampling of chroma and the conversion of
// colours.
//
// Quantised coefficients flow in, blocks of 64 in natural order (row by row);
// planes of samples flow out, then rows of RGB pixels. All arithmetic is that
// of libjpeg-turbo with its default settings ("islow" transform, "fancy"
// upsampling), bit for bit, so every variant of a kernel gives the same bytes.
//
//	dct.Inverse(luma, stride, coefs, &quant)          // 8 rows of a plane
//	dct.H2V2RGB(row, y, near, far, first)             // a row of 4:2:0 pixels
//
// Kernels panic where slices are too short; they read and write nothing beyond
// what they document.
package dct

import "math"

// The transforms dequantise: a coefficient times its divisor is kept in 16
// bits and wraps beyond them, which no sound file needs.

// clip returns the sample nearest to v.
func clip(v int32) uint8 { return uint8(min(max(v, 0), math.MaxUint8)) }

// narrow returns the 16-bit number nearest to v.
func narrow(v int32) int32 { return min(max(v, math.MinInt16), math.MaxInt16) }

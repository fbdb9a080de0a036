// Package direct computes convolutions by their definition: every product that
// is not with padding is done, none twice.
//
// Images and packed weights flow in, images flow out; see package conv for the
// contract. Any kernel, stride, pad, dilation and groups will do.
//
//	pass := direct.NewForward(g)
//
// A pass is cut into bands, a few rows of an image or a few small images, and
// into parts of the output's channels. For each band what the kernel meets is
// copied with zeros on both sides, unless there is no need to, and multiplied
// panel by panel, so that the copy and a panel stay in a core's cache. No
// images are unrolled: the tiles of package kernel find the elements of the
// kernel by a list of offsets. The gradient of the input goes the same way, the
// pixels of each phase of the stride by themselves, so that no zeros are put
// between the pixels of the output's gradient. Passes in bfloat16 round as they
// copy and pack, and multiply two channels at a time. (Georganas et al., "Anatomy of
// High-Performance Deep Learning Convolutions on SIMD Architectures", 2018.)
package direct

// Package direct computes convolutions by their definition: every product that
// is not with padding is done, none twice.
//
// Images and packed weights flow in, images flow out; see package conv for the
// contract. Any kernel, stride, pad, dilation and groups will do.
//
//	pass := direct.NewForward(g)
package direct

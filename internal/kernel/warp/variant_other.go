//go:build !amd64

package warp

func expand(dst []uint32, src []uint8) { expandGeneric(dst, src) }

func row(dst []uint8, framed []uint32, at *line, mode Mode, isFlat bool, channels int) {
	rowGeneric(dst, 0, framed, at, mode, isFlat, channels)
}

// Package warp moves the pixels of 8-bit images along maps of the plane.
//
// An image of interleaved RGB or gray bytes and the map from each place of the
// result back to where it comes from flow in; the result flows out. The image
// is copied once, as a dword for each pixel and with a frame of what lies
// outside, so that the loop over the result needs to tell nothing apart: places
// beyond the frame are moved onto it.
//
//	var w warp.Work
//	w.Warp(dst, src, back, warp.Linear, [3]uint8{})
//
// Coordinates are float32, multiplied and added without fusing, and colours are
// interpolated in 16-bit integers, so that the generic loop and that with AVX2
// give the same bytes. DSBUILD_KERNEL=generic chooses the former.
package warp

import (
	"fmt"
	"math"
)

//go:generate go run -C _asm . -out ../warp_amd64.s -stubs ../warp_amd64.go -pkg warp

// A Mode is how the value between pixels is found.
type Mode uint8

const (
	Nearest Mode = iota // that of the pixel in which the place lies
	Linear              // between the four pixels around it
)

// A Picture is an image: Height rows of Width pixels of Channels bytes, 1 or 3.
type Picture struct {
	Pix                     []uint8
	Width, Height, Channels int
}

// Work is the memory that the warps of one goroutine need. The zero Work is
// ready for use; it grows to what the largest image needs.
type Work struct{ framed []uint32 }

// A line says where the pixels of a row of the result come from: that in
// column i from (x+i*xStep, y+i*yStep), for maps that are not affine divided by
// w+i*wStep. Columns beyond right, rows beyond bottom and what is before the
// frame are moved onto the frame. The assembly knows the order of the fields.
type line struct {
	x, xStep, y, yStep, w, wStep float32
	right, bottom                float32
	stride                       int32
}

// Warp fills dst: the pixel in column i and row j, whose middle is (x, y) =
// (i+0.5, j+0.5), shows src at
//
//	((b[0]*x + b[1]*y + b[2]) / w, (b[3]*x + b[4]*y + b[5]) / w)
//
// where w = b[6]*x + b[7]*y + b[8]. Outside of src, and where w is not
// positive, there is the colour fill. It panics where the pictures do not have
// the bytes or not the channels that they should.
func (w *Work) Warp(dst, src Picture, b [9]float64, mode Mode, fill [3]uint8) {
	if len(dst.Pix) != dst.Width*dst.Height*dst.Channels || dst.Channels != src.Channels ||
		len(src.Pix) != src.Width*src.Height*src.Channels {
		panic(fmt.Sprintf("warp: %d bytes for %dx%dx%d from %d bytes for %dx%dx%d",
			len(dst.Pix), dst.Width, dst.Height, dst.Channels,
			len(src.Pix), src.Width, src.Height, src.Channels))
	}
	isFlat := b[6] == 0 && b[7] == 0 && b[8] > 0
	if isFlat {
		for i := range b {
			b[i] /= b[8]
		}
		if dx, dy, ok := shiftOf(&b); ok {
			shift(dst, src, dx, dy, fill)
			return
		}
	}
	w.frame(src, fill)
	at := line{
		xStep: float32(b[0]), yStep: float32(b[3]), wStep: float32(b[6]),
		right: float32(src.Width + 1), bottom: float32(src.Height + 1),
		stride: int32(src.Width + frameSides),
	}
	for j := range dst.Height {
		y := float64(j) + 0.5
		at.x = float32(b[0]/2 + b[1]*y + b[2])
		at.y = float32(b[3]/2 + b[4]*y + b[5])
		at.w = float32(b[6]/2 + b[7]*y + b[8])
		size := dst.Width * dst.Channels
		row(dst.Pix[j*size:][:size], w.framed, &at, mode, isFlat, dst.Channels)
	}
}

// frameSides is how many pixels the frame adds to a side: one before and two
// behind, since a place on the last pixel has another one beyond.
const frameSides = 3

// frame copies an image and the frame around it.
func (w *Work) frame(src Picture, fill [3]uint8) {
	stride := src.Width + frameSides
	size := stride * (src.Height + frameSides)
	if cap(w.framed) < size {
		w.framed = make([]uint32, size)
	}
	w.framed = w.framed[:size]
	outside := uint32(fill[0])
	if src.Channels == 3 {
		outside |= uint32(fill[1])<<8 | uint32(fill[2])<<16
	}
	for y := -1; y < src.Height+frameSides-1; y++ {
		to := w.framed[(y+1)*stride:][:stride]
		if y < 0 || y >= src.Height {
			for i := range to {
				to[i] = outside
			}
			continue
		}
		to[0], to[stride-2], to[stride-1] = outside, outside, outside
		size := src.Width * src.Channels
		expand(to[1:1+src.Width], src.Pix[y*size:][:size])
	}
}

// expandGeneric makes a dword of each of len(dst) pixels.
func expandGeneric(dst []uint32, src []uint8) {
	if len(src) == len(dst) {
		for i, v := range src {
			dst[i] = uint32(v)
		}
		return
	}
	for i := range dst {
		p := src[3*i : 3*i+3 : 3*i+3]
		dst[i] = uint32(p[0]) | uint32(p[1])<<8 | uint32(p[2])<<16
	}
}

// rowGeneric fills the pixels of a row from column first on.
func rowGeneric(
	dst []uint8, first int, framed []uint32, at *line, mode Mode, isFlat bool, channels int,
) {
	for i := first; i < len(dst)/channels; i++ {
		x, y := at.place(float32(i), isFlat)
		var v uint32
		if mode == Nearest {
			x, y = limit(x+1, at.right), limit(y+1, at.bottom)
			v = framed[int32(y)*at.stride+int32(x)]
		} else {
			v = between(framed, at, limit(x+0.5, at.right), limit(y+0.5, at.bottom))
		}
		for c := range channels {
			dst[i*channels+c] = uint8(v >> (8 * c))
		}
	}
}

// place returns where the pixel in column i comes from.
func (l *line) place(i float32, isFlat bool) (x, y float32) {
	x, y = float32(i*l.xStep)+l.x, float32(i*l.yStep)+l.y
	if isFlat {
		return x, y
	}
	w := float32(i*l.wStep) + l.w
	if !(w > 0) {
		return -2, -2
	}
	return x / w, y / w
}

// limit returns the number from 0 to most that is nearest to v. What is no
// number becomes 0.
func limit(v, most float32) float32 {
	if !(v > 0) {
		v = 0
	}
	if !(v < most) {
		v = most
	}
	return v
}

// between interpolates between the four pixels around a place, with 15 bits of
// the place and 7 of the colour behind the point.
func between(framed []uint32, at *line, x, y float32) uint32 {
	ix, iy := int32(x), int32(y)
	wx, wy := int32((x-float32(ix))*(1<<15)), int32((y-float32(iy))*(1<<15))
	upper := framed[iy*at.stride+ix:][:2]
	lower := framed[(iy+1)*at.stride+ix:][:2]
	mix := func(a, b, w int32) int32 { return a + ((b-a)*w+1<<14)>>15 }
	var v uint32
	for shift := 0; shift < 24; shift += 8 {
		of := func(p uint32) int32 { return int32(p>>shift&math.MaxUint8) << 7 }
		top, bottom := mix(of(upper[0]), of(upper[1]), wx), mix(of(lower[0]), of(lower[1]), wx)
		v |= uint32((mix(top, bottom, wy)+1<<6)>>7) << shift
	}
	return v
}

package filter

import "math"

// A Tap is a pixel at a distance and the weight that it has.
type Tap struct {
	X, Y   int
	Weight float64
}

// Smear makes of every pixel the sum of those at the distances of the taps, by
// their weights, which sum to 1. Beyond its edges the image is taken to be
// mirrored, its outermost pixels once. dst and src do not overlap.
func (w *Work) Smear(dst, src []uint8, width, height, channels int, taps []Tap) {
	var reachX, reachY int
	for _, t := range taps {
		reachX, reachY = max(reachX, t.X, -t.X), max(reachY, t.Y, -t.Y)
	}
	row := (width + 2*reachX) * channels
	w.mirrorAround(src, width, height, channels, reachX, reachY)
	w.offsets, w.weights = sized(w.offsets, len(taps)), sized(w.weights, len(taps))
	largest, rest := 0, 1<<16
	for i, t := range taps {
		w.offsets[i] = (reachY+t.Y)*row + (reachX+t.X)*channels
		w.weights[i] = uint16(min(math.Round(t.Weight*(1<<16)), 1<<16-1))
		rest -= int(w.weights[i])
		if t.Weight > taps[largest].Weight {
			largest = i
		}
	}
	w.weights[largest] = uint16(min(int(w.weights[largest])+rest, 1<<16-1))
	start := uint16(1<<7 + min(len(taps)/2, 100))
	for y := range height {
		addTaps(dst[y*width*channels:][:width*channels], w.bytes[y*row:], w.offsets, w.weights, start)
	}
}

// mirrorAround copies an image with so many mirrored pixels on each side.
func (w *Work) mirrorAround(src []uint8, width, height, channels, reachX, reachY int) {
	row := (width + 2*reachX) * channels
	w.bytes = sized(w.bytes, row*(height+2*reachY))
	for y := range height + 2*reachY {
		from := src[mirror(y-reachY, height)*width*channels:][:width*channels]
		to := w.bytes[y*row:][:row]
		copy(to[reachX*channels:], from)
		for x := range reachX {
			at := mirror(x-reachX, width) * channels
			copy(to[x*channels:], from[at:at+channels])
			at = mirror(width+x, width) * channels
			copy(to[(reachX+width+x)*channels:], from[at:at+channels])
		}
	}
}

// addTapsGeneric adds rows of bytes: for each byte of dst those of src at the
// offsets, by weights in 65536ths. There are eight bits behind the point of the
// sums, to which start is added, and which are limited to 16 bits.
func addTapsGeneric(dst, src []uint8, offsets []int, weights []uint16, start uint16) {
	for i := range dst {
		sum := start
		for k, w := range weights {
			sum += uint16(uint32(src[offsets[k]+i]) << 8 * uint32(w) >> 16)
		}
		dst[i] = uint8(sum >> 8)
	}
}

// AppendLine appends to taps those of a line of so many pixels with its middle
// at the pixel, at an angle counter-clockwise to the rows: points close to each
// other, each shared out among the four pixels around it.
func AppendLine(taps []Tap, length, degrees float64) []Tap {
	const neighbours = 8 // how far back a pixel can be that another point shares
	start := len(taps)
	add := func(x, y int, weight float64) {
		for i := len(taps) - 1; i >= max(start, len(taps)-neighbours); i-- {
			if taps[i].X == x && taps[i].Y == y {
				taps[i].Weight += weight
				return
			}
		}
		if weight > 1e-6 {
			taps = append(taps, Tap{x, y, weight})
		}
	}
	sin, cos := math.Sincos(degrees * math.Pi / 180)
	n := 4 * int(math.Ceil(length))
	share := 1 / float64(n)
	for i := range n {
		along := length * ((float64(i)+0.5)/float64(n) - 0.5)
		x, y := along*cos, -along*sin
		x0, y0 := math.Floor(x), math.Floor(y)
		wx, wy, atX, atY := x-x0, y-y0, int(x0), int(y0)
		add(atX, atY, (1-wx)*(1-wy)*share)
		add(atX+1, atY, wx*(1-wy)*share)
		add(atX, atY+1, (1-wx)*wy*share)
		add(atX+1, atY+1, wx*wy*share)
	}
	return taps
}

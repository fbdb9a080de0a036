package warp

import "math"

// shiftOf returns by how many pixels an affine map shifts what it does not
// change otherwise, and whether it is such a map.
func shiftOf(b *[9]float64) (dx, dy int, ok bool) {
	const most = 1 << 30
	if b[0] != 1 || b[1] != 0 || b[3] != 0 || b[4] != 1 ||
		b[2] != math.Trunc(b[2]) || b[5] != math.Trunc(b[5]) ||
		math.Abs(b[2]) > most || math.Abs(b[5]) > most {
		return 0, 0, false
	}
	return int(b[2]), int(b[5]), true
}

// shift fills dst where the pixel at (x, y) is that of src at (x+dx, y+dy).
func shift(dst, src Picture, dx, dy int, fill [3]uint8) {
	c := dst.Channels
	first := min(max(-dx, 0), dst.Width)
	last := max(min(src.Width-dx, dst.Width), first)
	for y := range dst.Height {
		row := dst.Pix[y*dst.Width*c:][:dst.Width*c]
		from := y + dy
		if from < 0 || from >= src.Height || first == last {
			fillRow(row, fill[:c])
			continue
		}
		fillRow(row[:first*c], fill[:c])
		copy(row[first*c:last*c], src.Pix[(from*src.Width+first+dx)*c:])
		fillRow(row[last*c:], fill[:c])
	}
}

// fillRow repeats a colour.
func fillRow(row, colour []uint8) {
	for n := copy(row, colour); n < len(row); n *= 2 {
		copy(row[n:], row[:n])
	}
}

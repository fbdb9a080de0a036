package pixel

// Orient returns the image as it is meant to be seen, given the EXIF
// orientation (1 to 8) of its file: itself for 1 and for values that mean
// nothing, else a copy. See EXIF 2.32, tag 0x0112.
func (m *Image) Orient(orientation int) *Image {
	w, h := m.Width, m.Height
	// from maps a pixel of the result to the stored one it shows.
	var from func(x, y int) (int, int)
	switch orientation {
	case 2: // mirrored left to right
		from = func(x, y int) (int, int) { return w - 1 - x, y }
	case 3: // turned by 180 degrees
		from = func(x, y int) (int, int) { return w - 1 - x, h - 1 - y }
	case 4: // mirrored top to bottom
		from = func(x, y int) (int, int) { return x, h - 1 - y }
	case 5: // transposed
		from = func(x, y int) (int, int) { return y, x }
	case 6: // to be turned clockwise by 90 degrees
		from = func(x, y int) (int, int) { return y, h - 1 - x }
	case 7: // transposed along the other diagonal
		from = func(x, y int) (int, int) { return w - 1 - y, h - 1 - x }
	case 8: // to be turned counter-clockwise by 90 degrees
		from = func(x, y int) (int, int) { return w - 1 - y, x }
	default:
		return m
	}
	out := New(w, h, m.Channels)
	if SwapsSides(orientation) {
		out.Width, out.Height = h, w
	}
	c := m.Channels
	for y := range out.Height {
		row := out.Row(y)
		for x := range out.Width {
			sx, sy := from(x, y)
			copy(row[x*c:x*c+c], m.Pix[(sy*m.Width+sx)*c:])
		}
	}
	return out
}

// SwapsSides tells whether an EXIF orientation exchanges width and height.
func SwapsSides(orientation int) bool { return orientation >= 5 && orientation <= 8 }

package pixel

// Orient returns the image as it is meant to be seen, given the EXIF
// orientation (1 to 8) of its file: itself for 1 and for values that mean
// nothing. Otherwise it gives the memory of m to s and takes that of the
// result from it; s may be nil. See EXIF 2.32, tag 0x0112.
func (m *Image) Orient(orientation int, s *Scratch) *Image {
	if orientation < 2 || orientation > 8 {
		return m
	}
	w, h, c := m.Width, m.Height, m.Channels
	if SwapsSides(orientation) {
		w, h = h, w
	}
	out := s.New(w, h, c)
	// The stored place of the result's first pixel, and the steps from there to
	// the one on its right and the one below it.
	first, right, down := 0, c, m.Width*c
	mirrored, upsideDown := m.Width-1, (m.Height-1)*m.Width
	switch orientation {
	case 2: // mirrored left to right
		first, right = mirrored*c, -right
	case 3: // turned by 180 degrees
		first, right, down = (mirrored+upsideDown)*c, -right, -down
	case 4: // mirrored top to bottom
		first, down = upsideDown*c, -down
	case 5: // transposed
		right, down = down, right
	case 6: // to be turned clockwise by 90 degrees
		first, right, down = upsideDown*c, -down, right
	case 7: // transposed along the other diagonal
		first, right, down = (mirrored+upsideDown)*c, -down, -right
	case 8: // to be turned counter-clockwise by 90 degrees
		first, right, down = mirrored*c, down, -right
	}
	// Squares of this side keep the rows that are read in the cache.
	const side = 32
	for top := 0; top < h; top += side {
		for left := 0; left < w; left += side {
			for y := top; y < min(top+side, h); y++ {
				row := out.Row(y)[left*c : min(left+side, w)*c]
				gather(row, m.Pix, first+y*down+left*right, right, c)
			}
		}
	}
	s.Free(m)
	return out
}

// gather fills dst with pixels of c channels from src: the first at at, the
// others each step further.
func gather(dst, src []uint8, at, step, c int) {
	if c == 1 {
		for i := range dst {
			dst[i] = src[at]
			at += step
		}
		return
	}
	for ; len(dst) >= 3; dst = dst[3:] {
		s := src[at : at+3 : at+3]
		dst[0], dst[1], dst[2] = s[0], s[1], s[2]
		at += step
	}
}

// SwapsSides tells whether an EXIF orientation exchanges width and height.
func SwapsSides(orientation int) bool { return orientation >= 5 && orientation <= 8 }

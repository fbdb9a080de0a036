package pixel

import "github.com/dsbuild/dsbuild/internal/kernel/resample"

// Orient returns the image as it is meant to be seen, given the EXIF
// orientation (1 to 8) of its file: itself for 1 and for values that mean
// nothing. Otherwise it gives the memory of m to s and takes that of the
// result from it; s may be nil. See EXIF 2.32, tag 0x0112.
func (m *Image) Orient(orientation int, s *Scratch) *Image {
	if orientation < 2 || orientation > 8 {
		return m
	}
	w, h := m.Width, m.Height
	if SwapsSides(orientation) {
		w, h = h, w
	}
	out := s.New(w, h, m.Channels)
	source := m.source()
	switch orientation {
	case 2, 3, 4: // mirrored left to right, turned by 180 degrees, top to bottom
		for y := range h {
			from := m.Row(y)
			if orientation != 2 {
				from = m.Row(h - 1 - y)
			}
			if orientation == 4 {
				copy(out.Row(y), from)
				continue
			}
			resample.Mirror(out.Row(y), from, m.Channels)
		}
	case 5: // transposed
		resample.Transpose(out.Pix, &source, false, false)
	case 6: // to be turned clockwise by 90 degrees
		resample.Transpose(out.Pix, &source, true, false)
	case 7: // transposed along the other diagonal
		resample.Transpose(out.Pix, &source, true, true)
	case 8: // to be turned counter-clockwise by 90 degrees
		resample.Transpose(out.Pix, &source, false, true)
	}
	s.Free(m)
	return out
}

// SwapsSides tells whether an EXIF orientation exchanges width and height.
func SwapsSides(orientation int) bool { return orientation >= 5 && orientation <= 8 }

package pixel

import "math"

// warp returns what a map makes of an image, in the image's size: each pixel
// is interpolated between the four around the point that it shows, and has the
// gray value fill where there is none.
func warp(m *Image, move Map, fill uint8, s *Scratch) *Image {
	defer s.Free(m)
	out := s.New(m.Width, m.Height, m.Channels)
	back := move.inverse()
	c := m.Channels
	for y := range out.Height {
		row := out.Row(y)
		for x := range out.Width {
			dst := row[x*c : x*c+c : x*c+c]
			fx, fy, ok := back.At(float64(x)+0.5, float64(y)+0.5)
			ok = ok && fx > -1 && fx < float64(m.Width+1) && fy > -1 && fy < float64(m.Height+1)
			if !ok {
				for k := range dst {
					dst[k] = fill
				}
				continue
			}
			sample(dst, m, fx-0.5, fy-0.5, fill)
		}
	}
	return out
}

// sample puts the colour of m at (x, y), in pixel centres, into dst.
func sample(dst []uint8, m *Image, x, y float64, fill uint8) {
	if x < 0 || y < 0 || x >= float64(m.Width-1) || y >= float64(m.Height-1) {
		sampleEdge(dst, m, x, y, fill)
		return
	}
	x0, y0 := int(x), int(y)
	wx, wy := float32(x-float64(x0)), float32(y-float64(y0))
	c, stride := m.Channels, m.Width*m.Channels
	at := y0*stride + x0*c
	upper, lower := m.Pix[at:at+2*c:at+2*c], m.Pix[at+stride:at+stride+2*c:at+stride+2*c]
	if c == 3 {
		u, l, d := (*[6]uint8)(upper), (*[6]uint8)(lower), (*[3]uint8)(dst)
		d[0] = between(u[0], u[3], l[0], l[3], wx, wy)
		d[1] = between(u[1], u[4], l[1], l[4], wx, wy)
		d[2] = between(u[2], u[5], l[2], l[5], wx, wy)
		return
	}
	dst[0] = between(upper[0], upper[1], lower[0], lower[1], wx, wy)
}

// between interpolates linearly between four pixels around a place.
func between(upper, upperRight, lower, lowerRight uint8, wx, wy float32) uint8 {
	top := float32(upper)*(1-wx) + float32(upperRight)*wx
	bottom := float32(lower)*(1-wx) + float32(lowerRight)*wx
	return uint8(top*(1-wy) + bottom*wy + 0.5)
}

// sampleEdge is sample where some of the four pixels are outside.
func sampleEdge(dst []uint8, m *Image, x, y float64, fill uint8) {
	x0, y0 := int(math.Floor(x)), int(math.Floor(y))
	wx, wy := float32(x-float64(x0)), float32(y-float64(y0))
	for k := range dst {
		at := func(x, y int) float32 {
			if x < 0 || x >= m.Width || y < 0 || y >= m.Height {
				return float32(fill)
			}
			return float32(m.Pix[(y*m.Width+x)*m.Channels+k])
		}
		top := at(x0, y0)*(1-wx) + at(x0+1, y0)*wx
		bottom := at(x0, y0+1)*(1-wx) + at(x0+1, y0+1)*wx
		dst[k] = uint8(top*(1-wy) + bottom*wy + 0.5)
	}
}

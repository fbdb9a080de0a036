package pixel

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
	"strconv"
)

// maxJPEGSide is the largest side that the format can state.
const maxJPEGSide = 1<<16 - 1

// JPEG leaves in an image what compressing it to a JPEG file of Quality, 1 to
// 100, does to it: the colours at half the resolution and quantised blocks.
// Images too large for the format stay as they are.
type JPEG struct{ Quality int }

// Size implements Step.
func (*JPEG) Size(width, height int) (int, int) { return width, height }

// Apply implements Step.
func (j *JPEG) Apply(m *Image, s *Scratch) *Image {
	if m.Width > maxJPEGSide || m.Height > maxJPEGSide {
		return m
	}
	var file bytes.Buffer
	if err := jpeg.Encode(&file, m.encodable(), &jpeg.Options{Quality: j.Quality}); err != nil {
		panic(fmt.Sprintf("pixel: a %dx%d image as JPEG: %v", m.Width, m.Height, err))
	}
	decoded, err := jpeg.Decode(&file)
	if err != nil {
		panic(fmt.Sprintf("pixel: a %dx%d image from its JPEG: %v", m.Width, m.Height, err))
	}
	s.Free(m)
	return FromImage(decoded)
}

// encodable returns the image as a kind that the encoder reads fast. A gray
// image shares its memory.
func (m *Image) encodable() image.Image {
	if m.Channels == 1 {
		return &image.Gray{Pix: m.Pix, Stride: m.Width, Rect: m.Bounds()}
	}
	out := image.NewRGBA(m.Bounds())
	for i := range m.Width * m.Height {
		s, d := m.Pix[i*3:i*3+3:i*3+3], out.Pix[i*4:i*4+4:i*4+4]
		d[0], d[1], d[2], d[3] = s[0], s[1], s[2], 255
	}
	return out
}

func (j *JPEG) String() string { return "jpeg quality " + strconv.Itoa(j.Quality) }

package pixel

import "strconv"

// maxJPEGSide is the largest side that the format can state.
const maxJPEGSide = 1<<16 - 1

// JPEG leaves in an image what compressing it to a JPEG file of Quality, 1 to
// 100, does to it: the colours at half the resolution and quantised blocks, as
// libjpeg writes and reads them. Images too large for the format stay as they
// are.
type JPEG struct{ Quality int }

// Size implements Step.
func (*JPEG) Size(width, height int) (int, int) { return width, height }

// Apply implements Step.
func (j *JPEG) Apply(m *Image, s *Scratch) *Image {
	if m.Width > maxJPEGSide || m.Height > maxJPEGSide {
		return m
	}
	s.kernels().degrade.JPEG(m.Pix, m.Width, m.Height, m.Channels, j.Quality)
	return m
}

func (j *JPEG) String() string { return "jpeg quality " + strconv.Itoa(j.Quality) }

package pixel

import (
	"fmt"
	"math"
)

// Blur is a Gaussian blur of standard deviation Sigma, in pixels. Beyond its
// edges the image is taken to be mirrored, as torchvision does.
type Blur struct {
	Sigma float64
	// Kernel is the side of the square of pixels that are mixed, an odd
	// number. 0 reaches out to three standard deviations.
	Kernel int
}

// maxBlurRadius bounds the work at one pixel.
const maxBlurRadius = 500

// Size implements Step.
func (*Blur) Size(width, height int) (int, int) { return width, height }

func (b *Blur) String() string {
	if b.Kernel == 0 {
		return "blur σ " + number(b.Sigma)
	}
	return fmt.Sprintf("blur σ %s of %d pixels", number(b.Sigma), b.Kernel)
}

// Apply implements Step.
func (b *Blur) Apply(m *Image, s *Scratch) *Image {
	radius := b.Kernel / 2
	if b.Kernel == 0 {
		radius = int(min(math.Ceil(3*b.Sigma), maxBlurRadius))
	}
	if !(b.Sigma > 0) || radius == 0 {
		return m
	}
	out, k := s.New(m.Width, m.Height, m.Channels), s.kernels()
	weights := k.filter.Gaussian(b.Sigma, min(radius, maxBlurRadius))
	k.filter.Blur(out.Pix, m.Pix, m.Width, m.Height, m.Channels, weights)
	return s.replaced(m, out)
}

package imaging

import (
	"fmt"
	"math"

	"github.com/dsbuild/dsbuild/pixel"
)

// MaxSigma bounds the standard deviation of blurs, in pixels.
const MaxSigma = 100

// weights are those of a Gaussian: of the middle and of what lies around it,
// out to three standard deviations.
type weights struct {
	of     [3*MaxSigma + 1]float64
	radius int
}

func weightsOf(sigma float64) weights {
	w := weights{radius: int(math.Ceil(3 * min(sigma, MaxSigma)))}
	for i := range w.radius + 1 {
		w.of[i] = math.Exp(-float64(i*i) / (2 * sigma * sigma))
	}
	return w
}

// Blur is a Gaussian blur of standard deviation Sigma, at most MaxSigma, in
// pixels. Near its edges a pixel becomes the mean of what is there.
type Blur struct{ Sigma float64 }

// Size implements pixel.Step.
func (*Blur) Size(width, height int) (int, int) { return width, height }

// Apply implements pixel.Step. Values are rounded after the rows and after the
// columns.
func (b *Blur) Apply(m *pixel.Image, s *pixel.Scratch) *pixel.Image {
	if b.Sigma <= 0 {
		return m
	}
	w := weightsOf(b.Sigma)
	c, stride := m.Channels, m.Width*m.Channels
	across := s.New(m.Width, m.Height, c)
	for y := range m.Height {
		for x := range m.Width {
			for k := range c {
				at := y*stride + x*c + k
				across.Pix[at] = w.mean(m.Pix[y*stride+k:], c, x, m.Width)
			}
		}
	}
	for x := range stride {
		for y := range m.Height {
			m.Pix[y*stride+x] = w.mean(across.Pix[x:], stride, y, m.Height)
		}
	}
	s.Free(across)
	return m
}

// mean returns the weighted mean around value i of n values, which lie step
// apart.
func (w *weights) mean(values []uint8, step, i, n int) uint8 {
	sum, weight := 0.0, 0.0
	for k := max(i-w.radius, 0); k <= min(i+w.radius, n-1); k++ {
		by := w.of[max(k-i, i-k)]
		sum += by * float64(values[k*step])
		weight += by
	}
	return clamp(sum / weight)
}

func (b *Blur) String() string { return fmt.Sprintf("blur σ %.3g (imaging)", b.Sigma) }

// Sharpen adds to all values their distance from those of a Blur of the same
// Sigma.
type Sharpen struct{ Sigma float64 }

// Size implements pixel.Step.
func (*Sharpen) Size(width, height int) (int, int) { return width, height }

// Apply implements pixel.Step.
func (h *Sharpen) Apply(m *pixel.Image, s *pixel.Scratch) *pixel.Image {
	if h.Sigma <= 0 {
		return m
	}
	blurred := s.New(m.Width, m.Height, m.Channels)
	copy(blurred.Pix, m.Pix)
	blurred = (&Blur{h.Sigma}).Apply(blurred, s)
	for i, v := range m.Pix {
		m.Pix[i] = uint8(min(max(2*int(v)-int(blurred.Pix[i]), 0), 255))
	}
	s.Free(blurred)
	return m
}

func (h *Sharpen) String() string { return fmt.Sprintf("sharpen σ %.3g (imaging)", h.Sigma) }

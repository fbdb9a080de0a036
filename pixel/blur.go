package pixel

import "math"

// Blur is a Gaussian blur of standard deviation Sigma, in pixels. Beyond its
// edges the image is taken to be mirrored, as torchvision does.
type Blur struct{ Sigma float64 }

// Size implements Step.
func (*Blur) Size(width, height int) (int, int) { return width, height }

func (b *Blur) String() string { return "blur σ " + number(b.Sigma) }

// Apply implements Step.
func (b *Blur) Apply(m *Image, _ *Scratch) *Image {
	if b.Sigma <= 0 {
		return m
	}
	kernel := gaussian(b.Sigma)
	across := make([]float32, len(m.Pix))
	c := m.Channels
	for y := range m.Height {
		src, dst := m.Row(y), across[y*m.Width*c:(y+1)*m.Width*c]
		for k, w := range kernel {
			for x := range m.Width {
				from := mirror(x+k-len(kernel)/2, m.Width) * c
				for i := range c {
					dst[x*c+i] += w * float32(src[from+i])
				}
			}
		}
	}
	sums := make([]float32, m.Width*c)
	for y := range m.Height {
		for i := range sums {
			sums[i] = 0.5
		}
		for k, w := range kernel {
			from := mirror(y+k-len(kernel)/2, m.Height) * len(sums)
			src := across[from : from+len(sums)]
			for i := range sums {
				sums[i] += w * src[i]
			}
		}
		dst := m.Row(y)
		for i, v := range sums {
			dst[i] = uint8(min(v, 255))
		}
	}
	return m
}

// gaussian returns an odd number of weights that sum to 1, out to three
// standard deviations.
func gaussian(sigma float64) []float32 {
	radius := max(int(math.Ceil(3*sigma)), 1)
	exact := make([]float64, 2*radius+1)
	sum := 0.0
	for i := range exact {
		d := float64(i-radius) / sigma
		exact[i] = math.Exp(-d * d / 2)
		sum += exact[i]
	}
	kernel := make([]float32, len(exact))
	for i, v := range exact {
		kernel[i] = float32(v / sum)
	}
	return kernel
}

// mirror returns where an index beyond [0, n) lies when its edges reflect
// without repeating the outermost pixel.
func mirror(i, n int) int {
	if n == 1 {
		return 0
	}
	period := 2 * (n - 1)
	i = ((i % period) + period) % period
	return min(i, period-i)
}

package augment

import (
	"errors"
	"fmt"

	"github.com/dsbuild/dsbuild/augment/draft"
	"github.com/dsbuild/dsbuild/pixel"
	"github.com/dsbuild/dsbuild/pixel/imaging"
)

// Blur softens images with a Gaussian.
type Blur struct {
	// KernelSize is the side of the square of pixels that are mixed, an odd
	// number; 0 reaches out to three standard deviations.
	KernelSize int `yaml:"kernel_size"`
	// SigmaRange is the standard deviation, in pixels of the image as it is
	// when its turn comes.
	SigmaRange [2]float64 `yaml:"sigma_range"`
	Profile    Profile    `yaml:"profile"`
	// P is the probability of blurring at all.
	P float64 `yaml:"p"`
}

// GaussianBlur returns the transform with torchvision's range, 0.1 to 2
// pixels, and probability p.
func GaussianBlur(p float64) Blur {
	return Blur{SigmaRange: [2]float64{0.1, 2}, Profile: Torchvision, P: p}
}

// Name implements Transform.
func (Blur) Name() string { return "gaussian_blur" }

// Validate implements Transform.
func (b Blur) Validate() error {
	const most = 1001
	var size error
	switch {
	case b.KernelSize != 0 && (b.KernelSize%2 == 0 || b.KernelSize < 0 || b.KernelSize > most):
		size = fmt.Errorf("kernel_size is %d, but must be an odd number up to %d, or 0",
			b.KernelSize, most)
	case b.KernelSize != 0 && b.Profile == Imaging:
		size = errors.New("kernel_size is only for the profile torchvision, not for imaging")
	}
	return errors.Join(
		size, draft.CheckRange("sigma_range", b.SigmaRange, 0.01, imaging.MaxSigma),
		b.Profile.check(), draft.CheckShare("p", b.P),
	)
}

// Draw implements Transform.
func (b Blur) Draw(d *draft.Draft) {
	if !d.Chance(b.P) {
		return
	}
	sigma := d.Between(b.SigmaRange)
	if b.Profile == Imaging {
		draft.Add(d, imaging.Blur{Sigma: sigma})
	} else {
		draft.Add(d, pixel.Blur{Sigma: sigma, Kernel: b.KernelSize})
	}
}

// Smearing blurs images along a line, as a moving camera does.
type Smearing struct {
	// LengthRange is the line's length in pixels of the image as it is when
	// its turn comes.
	LengthRange [2]float64 `yaml:"length_range"`
	// DegreesRange is the line's angle to the rows, counter-clockwise.
	DegreesRange [2]float64 `yaml:"degrees_range"`
	// P is the probability of blurring at all.
	P float64 `yaml:"p"`
}

// MotionBlur returns the transform with probability p, lines of 3 to 7 pixels
// and all directions.
func MotionBlur(p float64) Smearing { return Smearing{[2]float64{3, 7}, [2]float64{0, 180}, p} }

// Name implements Transform.
func (Smearing) Name() string { return "motion_blur" }

// Validate implements Transform.
func (s Smearing) Validate() error {
	return errors.Join(
		draft.CheckRange("length_range", s.LengthRange, 1, 200),
		draft.CheckRange("degrees_range", s.DegreesRange, -360, 360), draft.CheckShare("p", s.P),
	)
}

// Draw implements Transform.
func (s Smearing) Draw(d *draft.Draft) {
	if d.Chance(s.P) {
		draft.Add(d, pixel.MotionBlur{
			Length: d.Between(s.LengthRange), Degrees: d.Between(s.DegreesRange),
		})
	}
}

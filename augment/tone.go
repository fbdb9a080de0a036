package augment

import (
	"errors"

	"github.com/dsbuild/dsbuild/augment/draft"
	"github.com/dsbuild/dsbuild/pixel"
	"github.com/dsbuild/dsbuild/pixel/imaging"
)

// maybe adds a step with probability p.
func maybe[S any, P interface {
	*S
	pixel.Step
}](d *draft.Draft, p float64, step S) {
	if d.Chance(p) {
		draft.Add[S, P](d, step)
	}
}

// Posterization keeps the highest bits of all values, with probability P.
type Posterization struct {
	// Bits is how many bits stay, 0 to 8.
	Bits int     `yaml:"bits"`
	P    float64 `yaml:"p"`
}

// Posterize returns the transform with probability p.
func Posterize(bits int, p float64) Posterization { return Posterization{bits, p} }

// Name implements Transform.
func (Posterization) Name() string { return "posterize" }

// Validate implements Transform.
func (p Posterization) Validate() error {
	return errors.Join(draft.CheckNumber("bits", float64(p.Bits), 0, 8), draft.CheckShare("p", p.P))
}

// Draw implements Transform.
func (p Posterization) Draw(d *draft.Draft) {
	maybe(d, p.P, pixel.Posterize{Bits: p.Bits})
}

// Solarization turns bright values into their complements, with probability P.
type Solarization struct {
	// Threshold is the least value that is turned, 0 to 256.
	Threshold float64 `yaml:"threshold"`
	P         float64 `yaml:"p"`
}

// Solarize returns the transform with probability p.
func Solarize(threshold, p float64) Solarization { return Solarization{threshold, p} }

// Name implements Transform.
func (Solarization) Name() string { return "solarize" }

// Validate implements Transform.
func (s Solarization) Validate() error {
	return errors.Join(draft.CheckNumber("threshold", s.Threshold, 0, 256), draft.CheckShare("p", s.P))
}

// Draw implements Transform.
func (s Solarization) Draw(d *draft.Draft) {
	maybe(d, s.P, pixel.Solarize{Threshold: s.Threshold})
}

// Inversion turns all values into their complements, with probability P.
type Inversion struct {
	P float64 `yaml:"p"`
}

// Invert returns the transform with probability p.
func Invert(p float64) Inversion { return Inversion{p} }

// Name implements Transform.
func (Inversion) Name() string { return "invert" }

// Validate implements Transform.
func (i Inversion) Validate() error {
	return draft.CheckShare("p", i.P)
}

// Draw implements Transform.
func (i Inversion) Draw(d *draft.Draft) {
	maybe(d, i.P, pixel.Invert{})
}

// AutoContrasting spreads the values of each channel over the whole range, with
// probability P.
type AutoContrasting struct {
	P float64 `yaml:"p"`
}

// AutoContrast returns the transform with probability p.
func AutoContrast(p float64) AutoContrasting { return AutoContrasting{p} }

// Name implements Transform.
func (AutoContrasting) Name() string { return "auto_contrast" }

// Validate implements Transform.
func (a AutoContrasting) Validate() error {
	return draft.CheckShare("p", a.P)
}

// Draw implements Transform.
func (a AutoContrasting) Draw(d *draft.Draft) {
	maybe(d, a.P, pixel.AutoContrast{})
}

// Equalization evens out how often values occur in each channel, with
// probability P.
type Equalization struct {
	P float64 `yaml:"p"`
}

// Equalize returns the transform with probability p.
func Equalize(p float64) Equalization { return Equalization{p} }

// Name implements Transform.
func (Equalization) Name() string { return "equalize" }

// Validate implements Transform.
func (e Equalization) Validate() error {
	return draft.CheckShare("p", e.P)
}

// Draw implements Transform.
func (e Equalization) Draw(d *draft.Draft) {
	maybe(d, e.P, pixel.Equalize{})
}

// Sharpening changes the sharpness of images, with probability P.
type Sharpening struct {
	// Factor is 0 for smoothed images, 1 for no change, and 2 for twice as sharp.
	Factor float64 `yaml:"factor"`
	// Sigma, in pixels, takes the place of Factor under the profile Imaging.
	Sigma   float64 `yaml:"sigma"`
	Profile Profile `yaml:"profile"`
	P       float64 `yaml:"p"`
}

// AdjustSharpness returns the transform with probability p.
func AdjustSharpness(factor, p float64) Sharpening {
	return Sharpening{Factor: factor, Sigma: 1, Profile: Torchvision, P: p}
}

// Name implements Transform.
func (Sharpening) Name() string { return "sharpness" }

// Validate implements Transform.
func (s Sharpening) Validate() error {
	return errors.Join(
		draft.CheckNumber("factor", s.Factor, 0, 100),
		draft.CheckNumber("sigma", s.Sigma, 0, imaging.MaxSigma), s.Profile.check(),
		draft.CheckShare("p", s.P),
	)
}

// Draw implements Transform.
func (s Sharpening) Draw(d *draft.Draft) {
	if s.Profile == Imaging {
		maybe(d, s.P, imaging.Sharpen{Sigma: s.Sigma})
	} else {
		maybe(d, s.P, pixel.Sharpness{Factor: s.Factor})
	}
}

// Graying takes the colours out of images with probability P.
type Graying struct {
	Profile Profile `yaml:"profile"`
	P       float64 `yaml:"p"`
}

// Grayscale returns the transform with probability p.
func Grayscale(p float64) Graying { return Graying{Torchvision, p} }

// Name implements Transform.
func (Graying) Name() string { return "grayscale" }

// Validate implements Transform.
func (g Graying) Validate() error {
	return errors.Join(g.Profile.check(), draft.CheckShare("p", g.P))
}

// Draw implements Transform.
func (g Graying) Draw(d *draft.Draft) {
	if g.Profile == Imaging {
		maybe(d, g.P, imaging.Gray{})
	} else {
		maybe(d, g.P, pixel.Gray{})
	}
}

package augment

import (
	"errors"

	"github.com/dsbuild/dsbuild/augment/draft"
	"github.com/dsbuild/dsbuild/pixel"
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
	P      float64 `yaml:"p"`
}

// AdjustSharpness returns the transform with probability p.
func AdjustSharpness(factor, p float64) Sharpening { return Sharpening{factor, p} }

// Name implements Transform.
func (Sharpening) Name() string { return "sharpness" }

// Validate implements Transform.
func (s Sharpening) Validate() error {
	return errors.Join(draft.CheckNumber("factor", s.Factor, 0, 100), draft.CheckShare("p", s.P))
}

// Draw implements Transform.
func (s Sharpening) Draw(d *draft.Draft) {
	maybe(d, s.P, pixel.Sharpness{Factor: s.Factor})
}

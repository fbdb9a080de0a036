package augment

import (
	"errors"

	"github.com/dsbuild/dsbuild/augment/draft"
	"github.com/dsbuild/dsbuild/pixel"
)

// Tilting shows images as pictures seen from the side: each corner moves
// inwards by its own draw. The size stays.
type Tilting struct {
	// DistortionScale is how far corners go at most, as a share of the way to
	// the centre.
	DistortionScale float64 `yaml:"distortion_scale"`
	// Interpolation is nearest or bilinear.
	Interpolation pixel.Interpolation `yaml:"interpolation"`
	// Fill is the colour of what comes in from outside.
	Fill draft.Fill `yaml:"fill"`
	// P is the probability of tilting at all.
	P float64 `yaml:"p"`
}

// RandomPerspective returns the transform; torchvision's distortion is 0.5.
func RandomPerspective(distortionScale, p float64) Tilting {
	return Tilting{DistortionScale: distortionScale, Interpolation: pixel.Bilinear, P: p}
}

// Name implements Transform.
func (Tilting) Name() string { return "perspective" }

// Validate implements Transform.
func (t Tilting) Validate() error {
	return errors.Join(
		draft.CheckShare("distortion_scale", t.DistortionScale), checkLook(t.Interpolation, nil),
		draft.CheckShare("p", t.P),
	)
}

// Draw implements Transform: up to ten draws until the corners form a convex
// shape, which they always do up to a distortion of 0.66, then nothing.
func (t Tilting) Draw(d *draft.Draft) {
	if !d.Chance(t.P) {
		return
	}
	inwards := func(side int) int { return d.IntN(int(t.DistortionScale*float64(side/2)) + 1) }
	for range 10 {
		var moved [4][2]int
		for i, corner := range [4][2]int{
			{0, 0}, {d.Width - 1, 0}, {d.Width - 1, d.Height - 1}, {0, d.Height - 1},
		} {
			x, y := inwards(d.Width), inwards(d.Height)
			if corner[0] > 0 {
				x = corner[0] - x
			}
			if corner[1] > 0 {
				y = corner[1] - y
			}
			moved[i] = [2]int{x, y}
		}
		step := pixel.Perspective{Corners: moved, Interpolation: t.Interpolation, Fill: t.Fill}
		if step.IsConvex() {
			draft.Add(d, step)
			return
		}
	}
}

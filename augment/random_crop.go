package augment

import (
	"errors"
	"fmt"
	"slices"

	"github.com/dsbuild/dsbuild/augment/draft"
	"github.com/dsbuild/dsbuild/pixel"
)

// maxPadding bounds what images are padded with, in pixels.
const maxPadding = 1 << 10

// PaddedCrop takes a random part of Width x Height pixels, at its own scale,
// of the image with Padding more pixels on each side. Sizes of 0 are left open:
// see Pipeline.For. Images that are too small get what they lack on both sides,
// as with torchvision's pad_if_needed.
type PaddedCrop struct {
	Width   int `yaml:"width"`
	Height  int `yaml:"height"`
	Padding int `yaml:"padding"`
	// PaddingMode is what the image continues with.
	PaddingMode pixel.Padding `yaml:"padding_mode"`
	// Fill is the gray value of pixel.PadConstant.
	Fill uint8 `yaml:"fill"`
}

// RandomCrop returns the transform for squares out of images that are padded
// with black.
func RandomCrop(size, padding int) PaddedCrop {
	return PaddedCrop{Width: size, Height: size, Padding: padding, PaddingMode: pixel.PadConstant}
}

// Name implements Transform.
func (PaddedCrop) Name() string { return "random_crop" }

// Validate implements Transform.
func (c PaddedCrop) Validate() error {
	modes := []pixel.Padding{
		pixel.PadConstant, pixel.PadEdge, pixel.PadReflect, pixel.PadSymmetric,
	}
	var mode error
	if !slices.Contains(modes, c.PaddingMode) {
		mode = fmt.Errorf("padding_mode is %q, and must be one of %v", c.PaddingMode, modes)
	}
	return errors.Join(
		checkSize(c.Width, c.Height),
		draft.CheckNumber("padding", float64(c.Padding), 0, maxPadding),
		mode,
	)
}

// Draw implements Transform.
func (c PaddedCrop) Draw(d *draft.Draft) {
	across := c.Padding + max(c.Width-d.Width-2*c.Padding, 0)
	down := c.Padding + max(c.Height-d.Height-2*c.Padding, 0)
	if across > 0 || down > 0 {
		draft.Add(d, pixel.Pad{
			Left: across, Right: across, Top: down, Bottom: down, Mode: c.PaddingMode, Fill: c.Fill,
		})
	}
	x, y := d.IntN(d.Width-c.Width+1), d.IntN(d.Height-c.Height+1)
	draft.Add(d, pixel.Crop{
		X: x, Y: y, W: c.Width, H: c.Height, Width: c.Width, Height: c.Height,
	})
}

func (c PaddedCrop) withSize(width, height int) Transform {
	setSize(&c.Width, &c.Height, width, height)
	return c
}

package augment

import (
	"errors"

	"github.com/dsbuild/dsbuild/augment/draft"
	"github.com/dsbuild/dsbuild/pixel"
)

// PaddedCrop takes a random part of Width x Height pixels, at its own scale,
// of the image with Padding more pixels around. Sizes of 0 are left open: see
// Pipeline.For.
type PaddedCrop struct {
	Width   int           `yaml:"width"`
	Height  int           `yaml:"height"`
	Padding draft.Padding `yaml:"padding"`
	// PadIfNeeded gives images that are too small what they lack, on both
	// sides. Otherwise they are scaled up, each side that is too short for
	// itself.
	PadIfNeeded bool `yaml:"pad_if_needed"`
	// PaddingMode is what the image continues with.
	PaddingMode pixel.Padding `yaml:"padding_mode"`
	// Fill is the colour of pixel.PadConstant.
	Fill draft.Fill `yaml:"fill"`
}

// RandomCrop returns the transform for squares out of images that are padded
// with black, as far as needed or more.
func RandomCrop(size, padding int) PaddedCrop {
	return PaddedCrop{
		Width: size, Height: size, Padding: draft.Evenly(padding), PadIfNeeded: true,
		PaddingMode: pixel.PadConstant,
	}
}

// Name implements Transform.
func (PaddedCrop) Name() string { return "random_crop" }

// Validate implements Transform.
func (c PaddedCrop) Validate() error {
	return errors.Join(
		checkSize(c.Width, c.Height), c.Padding.Validate(),
		draft.CheckWord("padding_mode", c.PaddingMode,
			pixel.PadConstant, pixel.PadEdge, pixel.PadReflect, pixel.PadSymmetric),
	)
}

// Draw implements Transform.
func (c PaddedCrop) Draw(d *draft.Draft) {
	pad := pixel.Pad{
		Left: c.Padding[0], Top: c.Padding[1], Right: c.Padding[2], Bottom: c.Padding[3],
		Mode: c.PaddingMode, Fill: c.Fill,
	}
	if c.PadIfNeeded {
		across := max(c.Width-d.Width-pad.Left-pad.Right, 0)
		down := max(c.Height-d.Height-pad.Top-pad.Bottom, 0)
		pad.Left, pad.Right = pad.Left+across, pad.Right+across
		pad.Top, pad.Bottom = pad.Top+down, pad.Bottom+down
	}
	if pad.Left > 0 || pad.Right > 0 || pad.Top > 0 || pad.Bottom > 0 {
		draft.Add(d, pad)
	}
	w, h := min(c.Width, d.Width), min(c.Height, d.Height)
	x, y := d.IntN(d.Width-w+1), d.IntN(d.Height-h+1)
	draft.Add(d, pixel.Crop{X: x, Y: y, W: w, H: h, Width: c.Width, Height: c.Height})
}

func (c PaddedCrop) withSize(width, height int) Transform {
	setSize(&c.Width, &c.Height, width, height)
	return c
}

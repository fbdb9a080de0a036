package loader

import (
	"fmt"

	"github.com/dsbuild/dsbuild/pixel"
)

// A Layout is the order of the values of a batch's images.
type Layout int

// The layouts: channels last, as the networks of train take them, or channels
// first.
const (
	NHWC Layout = iota
	NCHW
)

func (l Layout) String() string { return [...]string{"NHWC", "NCHW"}[l] }

// A Type is that of the values of a batch's images.
type Type int

// The types: normalised float32, or the pixels' own bytes, for a program that
// normalises them itself.
const (
	Float32 Type = iota
	Uint8
)

func (t Type) String() string { return [...]string{"float32", "uint8"}[t] }

// An Input says what images look like when they leave the loader, and what
// comes with them.
type Input struct {
	// Width and Height in pixels.
	Width, Height int
	// Channels is 1 for gray or 3 for RGB; 0 means 3.
	Channels int
	// Normalization of values from 0 to 1; nil means
	// pixel.DefaultNormalization. Uint8 images are not normalised.
	Normalization *pixel.Normalization
	// Layout of Batch.Images; the zero value is NHWC.
	Layout Layout
	// Type of Batch.Images; the zero value is Float32.
	Type Type
	// Boxes and Masks ask for Batch.Boxes and Batch.Masks. With Masks every
	// sample must have one.
	Boxes, Masks bool
	// BoxRule says which boxes stay when images are changed; nil means
	// pixel.DefaultBoxRule.
	BoxRule *pixel.BoxRule
}

func (in Input) withDefaults() Input {
	if in.Channels == 0 {
		in.Channels = 3
	}
	if in.Normalization == nil {
		n := pixel.DefaultNormalization(in.Channels)
		in.Normalization = &n
	}
	return in
}

func (in Input) validate() error {
	const most = 1 << 14
	if in.Width < 1 || in.Height < 1 || in.Width > most || in.Height > most {
		return fmt.Errorf("loader: input of %dx%d pixels: set Width and Height, each from 1 to %d",
			in.Width, in.Height, most)
	}
	if in.Channels != 1 && in.Channels != 3 {
		return fmt.Errorf("loader: input of %d channels, but it must have 1 or 3", in.Channels)
	}
	if in.Layout < NHWC || in.Layout > NCHW || in.Type < Float32 || in.Type > Uint8 {
		return fmt.Errorf("loader: input of layout %d and type %d: take loader.NHWC or NCHW, "+
			"and loader.Float32 or Uint8", int(in.Layout), int(in.Type))
	}
	if err := in.boxRule().Validate(); err != nil {
		return fmt.Errorf("loader: %w", err)
	}
	if err := in.Normalization.Validate(in.Channels); err != nil {
		return fmt.Errorf("loader: %w", err)
	}
	return nil
}

// values returns how many values an image has.
func (in Input) values() int { return in.Width * in.Height * in.Channels }

// shape returns that of n images.
func (in Input) shape(n int) [4]int {
	if in.Layout == NCHW {
		return [4]int{n, in.Channels, in.Height, in.Width}
	}
	return [4]int{n, in.Height, in.Width, in.Channels}
}

// String lists all that decides the bytes of images.
func (in Input) String() string {
	return fmt.Sprintf("%dx%dx%d %v %v mean %v std %v", in.Width, in.Height, in.Channels,
		in.Layout, in.Type, in.Normalization.Mean, in.Normalization.Std)
}

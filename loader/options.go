package loader

import (
	"cmp"
	"errors"
	"fmt"
	"runtime"

	"github.com/dsbuild/dsbuild/dataset"
	"github.com/dsbuild/dsbuild/pixel"
)

// Defaults of the options.
const (
	DefaultBatchSize = 64
	DefaultPrefetch  = 3
)

// maxBatchFloats bounds what one batch may hold: 4 GiB.
const maxBatchFloats = 1 << 30

// An Input says what images look like when they leave the loader.
type Input struct {
	// Width and Height in pixels.
	Width, Height int
	// Channels is 1 for gray or 3 for RGB; 0 means 3.
	Channels int
	// Normalization of values from 0 to 1; nil means
	// pixel.DefaultNormalization.
	Normalization *pixel.Normalization
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
		return fmt.Errorf("loader: input of %d channels, and must have 1 or 3", in.Channels)
	}
	if err := in.Normalization.Validate(in.Channels); err != nil {
		return fmt.Errorf("loader: %w", err)
	}
	return nil
}

func (in Input) floats() int { return in.Width * in.Height * in.Channels }

// A Transform draws what happens to a training image. augment.Pipeline is one.
type Transform interface {
	// Draw replaces the plan's steps by those for an image of the given size,
	// which must lead to the size of the loader's Input. Only the key may
	// decide the draws. It is called by several goroutines at a time.
	Draw(plan *pixel.Plan, key dataset.Key, width, height int)
}

// TrainOptions say how training batches are made. Zero values stand for the
// defaults named.
type TrainOptions struct {
	Input Input
	// Augment changes the images; nil scales each whole image to the Input's
	// size.
	Augment Transform
	// Seed of the order of samples and of everything that Augment draws.
	Seed uint64
	// BatchSize is the number of images in a batch; default 64. The last
	// batch of an epoch has what is left.
	BatchSize int
	// DropLast leaves out a last batch that is not full.
	DropLast bool
	// Variants adds the images that augment --materialize has made.
	Variants bool
	// Workers is how many images are decoded at a time; default one for each
	// processor.
	Workers int
	// Prefetch is how many batches may be ready ahead; default 3.
	Prefetch int
	// OnError is told of images that cannot be decoded. Another image of the
	// class then takes the place, so an epoch keeps its length. It is called
	// by one goroutine at a time, and may be nil.
	OnError func(BadImage)
	// MaxPixels bounds what is decoded; default 100 million. No side may be
	// longer than 65535 pixels.
	MaxPixels int64
}

// EvalOptions say how batches for evaluation are made. Each image is cut to
// the Input's aspect ratio around its middle and scaled to its size.
type EvalOptions struct {
	Input     Input
	BatchSize int   // default 64; the last batch has what is left
	Workers   int   // default one for each processor
	Prefetch  int   // default 3
	MaxPixels int64 // default 100 million
	// Whole scales the whole image to the Input's size instead of cutting.
	Whole bool
}

// A BadImage is an image that could not be decoded.
type BadImage struct {
	FileName string
	// Instead is the image that took its place.
	Instead string
	Err     error
}

func (o TrainOptions) withDefaults() TrainOptions {
	o.Input = o.Input.withDefaults()
	o.BatchSize = cmp.Or(o.BatchSize, DefaultBatchSize)
	o.Prefetch = cmp.Or(o.Prefetch, DefaultPrefetch)
	o.Workers = cmp.Or(o.Workers, runtime.GOMAXPROCS(0))
	return o
}

func (o EvalOptions) withDefaults() EvalOptions {
	o.Input = o.Input.withDefaults()
	o.BatchSize = cmp.Or(o.BatchSize, DefaultBatchSize)
	o.Prefetch = cmp.Or(o.Prefetch, DefaultPrefetch)
	o.Workers = cmp.Or(o.Workers, runtime.GOMAXPROCS(0))
	return o
}

// checkSizes tells what is wrong with the numbers that both kinds share.
func checkSizes(in Input, batch, workers, prefetch int, maxPixels int64) error {
	if err := in.validate(); err != nil {
		return err
	}
	if batch < 1 || workers < 1 || prefetch < 1 || maxPixels < 0 {
		return errors.New("loader: a negative batch size, worker count, prefetch or pixel limit")
	}
	if batch > maxBatchFloats/in.floats() {
		return fmt.Errorf("loader: a batch of %d images of %dx%dx%d takes more than 4 GiB: "+
			"make it smaller", batch, in.Width, in.Height, in.Channels)
	}
	return nil
}

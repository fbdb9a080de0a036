package pack

import (
	"cmp"
	"fmt"
	"runtime"

	"github.com/dsbuild/dsbuild/internal/codec"
)

// Options say how a pack is written. Zero values stand for the defaults named.
type Options struct {
	// Longest reduces images with a longer side than this, in pixels, so that
	// their longer side has it. Default: no image is reduced.
	Longest int
	// Quality of reduced JPEG images, from 1 to 100; default 90.
	Quality int
	// BandedPixels is from how many pixels on JPEG images are written in scans of
	// rising frequency, of which an eighth of the size needs the first ones alone.
	// Decoding as the loader does it measures slower so; default: none is.
	BandedPixels int64
	// ShardBytes is the size that a shard does not exceed unless one image
	// does; default 256 MiB.
	ShardBytes int64
	// MaxPixels bounds the images that are decoded; default
	// codec.DefaultMaxPixels. Larger ones keep their bytes.
	MaxPixels int64
	// Workers is how many images are written at a time; default one for each
	// processor. The outcome does not depend on it.
	Workers int
	// Progress is told how many images are done. It is called by one goroutine
	// at a time; nil means nobody wants to know.
	Progress func(done, total int)
}

// encodingVersion changes with what is written of an image.
const encodingVersion = 1

func (o Options) withDefaults() Options {
	o.Quality = cmp.Or(o.Quality, 90)
	o.ShardBytes = cmp.Or(o.ShardBytes, 256<<20)
	o.MaxPixels = cmp.Or(o.MaxPixels, codec.DefaultMaxPixels)
	o.Workers = cmp.Or(o.Workers, runtime.GOMAXPROCS(0))
	return o
}

// Validate tells what is wrong with the options.
func (o Options) Validate() error {
	o = o.withDefaults()
	switch {
	case o.Longest < 0:
		return fmt.Errorf("longest is %d pixels, but must be 1 or more", o.Longest)
	case o.Quality < 1 || o.Quality > 100:
		return fmt.Errorf("quality is %d, but must be from 1 to 100", o.Quality)
	}
	for _, number := range []struct {
		name  string
		value int64
	}{
		{"banded-from", o.BandedPixels}, {"workers", int64(o.Workers)},
		{"bytes of a shard", o.ShardBytes}, {"most pixels", o.MaxPixels},
	} {
		if number.value < 0 {
			return fmt.Errorf("%s is %d, and must not be negative", number.name, number.value)
		}
	}
	return nil
}

// encoding names all that decides what is written of an image.
func (o Options) encoding() string {
	name := fmt.Sprintf("coefficients %d, at most %d pixels", encodingVersion, o.MaxPixels)
	if o.Longest > 0 {
		name += fmt.Sprintf(", longest side %d, quality %d", o.Longest, o.Quality)
	}
	if o.BandedPixels > 0 {
		name += fmt.Sprintf(", banded from %d pixels", o.BandedPixels)
	}
	return name
}

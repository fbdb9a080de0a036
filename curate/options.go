package curate

import (
	"cmp"
	"fmt"
	"runtime"
	"slices"
	"strings"

	"github.com/dsbuild/dsbuild/internal/codec"
	"github.com/dsbuild/dsbuild/internal/suggest"
)

// Names of the reasons that curation gives, in the order in which they tell
// most: a reject counts under the first that it has.
const (
	Decided       = "decision" // a person said so
	Unreadable    = "unreadable"
	Truncated     = "truncated"
	TooManyPixels = "too_many_pixels"
	Conflict      = "conflict"  // the same picture is in another class
	Duplicate     = "duplicate" // the same bytes are in the class already
	TooDark       = "too_dark"
	TooBright     = "too_bright"
	NoContent     = "no_content"
	TooSmall      = "too_small"
	AspectRatio   = "aspect_ratio"
	Blurred       = "blurred"
	NearDuplicate = "near_duplicate" // the same picture, resized or compressed again
)

var order = []string{
	Decided, Unreadable, Truncated, TooManyPixels, Conflict, Duplicate,
	TooDark, TooBright, NoContent, TooSmall, AspectRatio, Blurred, NearDuplicate,
}

// optional are the checks that Options.Skip may name.
var optional = []string{
	Conflict, TooDark, TooBright, NoContent, TooSmall, AspectRatio, Blurred, NearDuplicate,
}

// What to do with near duplicates within a class.
const (
	RejectNear = "reject" // all but the largest are rejected
	GroupNear  = "group"  // all are kept, in one group that no split divides
)

// Options set the limits of the checks. A zero value stands for the default
// named; Skip turns a check off.
type Options struct {
	// MinSide is what the shorter side has at least, in pixels; default 32.
	MinSide int `yaml:"min_side"`
	// MaxAspect is the longer side over the shorter one at most; default 4.
	MaxAspect float64 `yaml:"max_aspect"`
	// MinSharpness is the least contrast of fine detail against that of the
	// whole image, see quality.sharpness; default 0.01. Pictures of any size
	// have 0.02 to 5, and one blurred over a twentieth of its side 0.001.
	MinSharpness float64 `yaml:"min_sharpness"`
	// MinLuminance, from 0 to 1, is what the brightest hundredth of the image
	// reaches; default 0.08.
	MinLuminance float64 `yaml:"min_luminance"`
	// MaxLuminance is what the darkest hundredth stays below; default 0.92.
	MaxLuminance float64 `yaml:"max_luminance"`
	// MinEntropy, in bits, is that of how far the image's parts deviate from
	// its mean, see quality.entropy; default 0.05. Photographs have 2 to 5,
	// thin strokes on a blank page 0.5, and a blank page 0.
	MinEntropy float64 `yaml:"min_entropy"`

	// NearDistance is how many of the 64 bits of two perceptual hashes may
	// differ for the images to be compared; default 10.
	NearDistance int `yaml:"near_distance"`
	// NearCorrelation is the normalised cross-correlation of their 32x32
	// thumbnails from which on two images are near; default 0.97.
	NearCorrelation float64 `yaml:"near_correlation"`
	// NearDifference is the most, in levels from 0 to 255, that near images may
	// differ in any 4x4 pixels of those thumbnails, see worstBlock; default 28.
	// Copies compressed harder or made half as large differ by 1 to 23.
	NearDifference float64 `yaml:"near_difference"`
	// NearDuplicates is RejectNear (the default) or GroupNear.
	NearDuplicates string `yaml:"near_duplicates"`

	// Skip names checks that are not made, by their reasons: conflict,
	// too_dark, too_bright, no_content, too_small, aspect_ratio, blurred,
	// near_duplicate.
	Skip []string `yaml:"skip"`

	// MaxPixels bounds what is decoded; default 100 million.
	MaxPixels int64 `yaml:"max_pixels"`
	// Workers is how many images are looked at at a time; default one for
	// each processor. The outcome does not depend on it.
	Workers int `yaml:"workers"`

	// Progress is told how many images have been measured. It is called by
	// one goroutine at a time; nil means nobody wants to know.
	Progress func(done, total int) `yaml:"-"`
}

func (o Options) withDefaults() Options {
	o.MinSide = cmp.Or(o.MinSide, 32)
	o.MaxAspect = cmp.Or(o.MaxAspect, 4)
	o.MinSharpness = cmp.Or(o.MinSharpness, 0.01)
	o.MinLuminance = cmp.Or(o.MinLuminance, 0.08)
	o.MaxLuminance = cmp.Or(o.MaxLuminance, 0.92)
	o.MinEntropy = cmp.Or(o.MinEntropy, 0.05)
	o.NearDistance = cmp.Or(o.NearDistance, 10)
	o.NearCorrelation = cmp.Or(o.NearCorrelation, 0.97)
	o.NearDifference = cmp.Or(o.NearDifference, 28)
	o.NearDuplicates = cmp.Or(o.NearDuplicates, RejectNear)
	o.MaxPixels = cmp.Or(o.MaxPixels, codec.DefaultMaxPixels)
	o.Workers = cmp.Or(o.Workers, runtime.GOMAXPROCS(0))
	return o
}

// Validate tells what is wrong with the options.
func (o Options) Validate() error {
	o = o.withDefaults()
	for _, v := range []struct {
		name       string
		value      float64
		least, top float64
	}{
		{"min_side", float64(o.MinSide), 1, 1 << 20},
		{"max_aspect", o.MaxAspect, 1, 1 << 20},
		{"min_sharpness", o.MinSharpness, 0, 100},
		{"min_luminance", o.MinLuminance, 0, 1},
		{"max_luminance", o.MaxLuminance, 0, 1},
		{"min_entropy", o.MinEntropy, 0, 8},
		{"near_distance", float64(o.NearDistance), 0, 64},
		{"near_correlation", o.NearCorrelation, 0, 1},
		{"near_difference", o.NearDifference, 0, 255},
		{"max_pixels", float64(o.MaxPixels), 1, 1 << 40},
		{"workers", float64(o.Workers), 1, 4096},
	} {
		if !(v.value >= v.least && v.value <= v.top) {
			return fmt.Errorf("%s is %v, but must be from %v to %v (to turn a check off, use skip)",
				v.name, v.value, v.least, v.top)
		}
	}
	if !slices.Contains([]string{RejectNear, GroupNear}, o.NearDuplicates) {
		return fmt.Errorf("near_duplicates is %q, but must be %s or %s",
			o.NearDuplicates, RejectNear, GroupNear)
	}
	for _, name := range o.Skip {
		if !slices.Contains(optional, name) {
			return fmt.Errorf("skip has %q, but takes only %s%s",
				name, strings.Join(optional, ", "), suggest.Hint(name, optional))
		}
	}
	return nil
}

// makes tells whether a check is to be made.
func (o Options) makes(check string) bool { return !slices.Contains(o.Skip, check) }

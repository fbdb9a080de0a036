package pixel

import (
	"fmt"

	"github.com/dsbuild/dsbuild/internal/kernel/resample"
)

// A Filter says how the pixels of a scaled image are made, by Pillow's and
// torchvision's names. Where an image gets smaller all but FilterNearest
// average what a pixel covers (antialias=True). FilterNearest takes the pixel
// around the place, as Pillow and torchvision's nearest-exact do. The empty
// Filter is FilterBilinear.
type Filter string

// The filters.
const (
	FilterBilinear Filter = "bilinear"
	FilterNearest  Filter = "nearest"
	FilterBox      Filter = "box"
	FilterBicubic  Filter = "bicubic"
	FilterLanczos  Filter = "lanczos"
)

var filters = map[Filter]resample.Filter{
	"":             resample.Bilinear,
	FilterBilinear: resample.Bilinear,
	FilterNearest:  resample.Nearest,
	FilterBox:      resample.Box,
	FilterBicubic:  resample.Bicubic,
	FilterLanczos:  resample.Lanczos,
}

// Validate tells what is wrong with a filter.
func (f Filter) Validate() error {
	if _, ok := filters[f]; !ok {
		return fmt.Errorf("filter is %q, but must be %s, %s, %s, %s or %s", string(f), FilterBilinear,
			FilterNearest, FilterBox, FilterBicubic, FilterLanczos)
	}
	return nil
}

// kernel returns the filter of the loops. It panics where there is none.
func (f Filter) kernel() resample.Filter {
	kernel, ok := filters[f]
	if !ok {
		panic("pixel: " + f.Validate().Error())
	}
	return kernel
}

// scaler returns what scales images for a scratch, which may be nil.
func (s *Scratch) scaler() *resample.Resampler {
	if s == nil {
		return new(resample.Resampler)
	}
	return &s.resampler
}

func (m *Image) source() resample.Source {
	return resample.Source{Pix: m.Pix, Width: m.Width, Height: m.Height, Channels: m.Channels}
}

func (m *Image) target() resample.Target {
	return resample.Target{Bytes: m.Pix, Channels: m.Channels}
}

package augment

import (
	"errors"
	"math"

	"github.com/dsbuild/dsbuild/augment/draft"
	"github.com/dsbuild/dsbuild/pixel"
)

// maxSide bounds the sides of what transforms make.
const maxSide = 1 << 14

// Resized scales the whole image to Width x Height pixels, whatever its own
// aspect ratio is. Sizes of 0 are left open: see Pipeline.For.
type Resized struct {
	Width  int `yaml:"width"`
	Height int `yaml:"height"`
}

// Resize returns the transform that scales images to a square.
func Resize(size int) Resized { return Resized{size, size} }

// Name implements Transform.
func (Resized) Name() string { return "resize" }

// Validate implements Transform.
func (r Resized) Validate() error { return checkSize(r.Width, r.Height) }

// Draw implements Transform.
func (r Resized) Draw(d *draft.Draft) {
	draft.Add(d, pixel.Resize(d.Width, d.Height, r.Width, r.Height))
}

func (r Resized) withSize(width, height int) Transform {
	setSize(&r.Width, &r.Height, width, height)
	return r
}

// CenterCropped takes the largest part in the middle of the image that has the
// aspect ratio of Width x Height pixels, and scales it to that size: what is
// left of it after torchvision's Resize of the shorter side and CenterCrop.
// Sizes of 0 are left open: see Pipeline.For.
type CenterCropped struct {
	Width  int `yaml:"width"`
	Height int `yaml:"height"`
}

// CenterCrop returns the transform that cuts a square out of the middle.
func CenterCrop(size int) CenterCropped { return CenterCropped{size, size} }

// Name implements Transform.
func (CenterCropped) Name() string { return "center_crop" }

// Validate implements Transform.
func (c CenterCropped) Validate() error { return checkSize(c.Width, c.Height) }

// Draw implements Transform.
func (c CenterCropped) Draw(d *draft.Draft) {
	draft.Add(d, pixel.Centre(d.Width, d.Height, c.Width, c.Height))
}

func (c CenterCropped) withSize(width, height int) Transform {
	setSize(&c.Width, &c.Height, width, height)
	return c
}

// ResizedCrop takes a random part of the image and scales it to Width x Height
// pixels (Szegedy et al., "Going deeper with convolutions", 2014). Sizes of 0
// are left open: see Pipeline.For.
type ResizedCrop struct {
	Width  int `yaml:"width"`
	Height int `yaml:"height"`
	// ScaleRange is the part's share of the image's area.
	ScaleRange [2]float64 `yaml:"scale_range"`
	// RatioRange is the part's width over its height.
	RatioRange [2]float64 `yaml:"ratio_range"`
}

// RandomResizedCrop returns the transform for squares with torchvision's
// ranges: 0.08 to 1 of the area, 3:4 to 4:3.
func RandomResizedCrop(size int) ResizedCrop {
	return ResizedCrop{size, size, [2]float64{0.08, 1}, [2]float64{3. / 4, 4. / 3}}
}

// Name implements Transform.
func (ResizedCrop) Name() string { return "random_resized_crop" }

// Validate implements Transform.
func (c ResizedCrop) Validate() error {
	const tiny = 1e-4
	return errors.Join(
		checkSize(c.Width, c.Height),
		draft.CheckRange("scale_range", c.ScaleRange, tiny, 1),
		draft.CheckRange("ratio_range", c.RatioRange, tiny, 1/tiny),
	)
}

// Draw implements Transform: up to ten draws, then the middle.
func (c ResizedCrop) Draw(d *draft.Draft) {
	width, height := d.Width, d.Height
	for range 10 {
		w, h := drawSides(d, c.ScaleRange, c.RatioRange)
		if w < 1 || h < 1 || w > width || h > height {
			continue
		}
		x, y := d.IntN(width-w+1), d.IntN(height-h+1)
		draft.Add(d, pixel.Crop{X: x, Y: y, W: w, H: h, Width: c.Width, Height: c.Height})
		return
	}
	w, h := width, height
	switch ratio := float64(width) / float64(height); {
	case ratio < c.RatioRange[0]:
		h = max(1, min(height, int(math.Round(float64(width)/c.RatioRange[0]))))
	case ratio > c.RatioRange[1]:
		w = max(1, min(width, int(math.Round(float64(height)*c.RatioRange[1]))))
	}
	draft.Add(d, pixel.Crop{
		X: (width - w) / 2, Y: (height - h) / 2, W: w, H: h, Width: c.Width, Height: c.Height,
	})
}

func (c ResizedCrop) withSize(width, height int) Transform {
	setSize(&c.Width, &c.Height, width, height)
	return c
}

// drawSides draws the sides of a part of an image: its share of the image's
// area, evenly, and the logarithm of its width over its height, evenly.
func drawSides(d *draft.Draft, scale, ratio [2]float64) (w, h int) {
	area := float64(d.Width) * float64(d.Height) * d.Between(scale)
	r := math.Exp(d.Between([2]float64{math.Log(ratio[0]), math.Log(ratio[1])}))
	return int(math.Round(math.Sqrt(area * r))), int(math.Round(math.Sqrt(area / r)))
}

func setSize(w, h *int, width, height int) {
	if *w == 0 && *h == 0 {
		*w, *h = width, height
	}
}

func checkSize(width, height int) error {
	isSide := func(n int) bool { return n >= 0 && n <= maxSide }
	if !isSide(width) || !isSide(height) || (width == 0) != (height == 0) {
		return errors.New("width and height must both be from 1 to 16384, or both be left out")
	}
	return nil
}

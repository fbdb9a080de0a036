package augment

import (
	"errors"
	"math"

	"github.com/dsbuild/dsbuild/augment/draft"
	"github.com/dsbuild/dsbuild/pixel"
)

// maxSide bounds the sides of what transforms make.
const maxSide = 1 << 14

// filters are the words for how images are scaled, the first of them usual.
var filters = []pixel.Filter{
	pixel.FilterBilinear, pixel.FilterNearest, pixel.FilterBox, pixel.FilterBicubic,
	pixel.FilterLanczos,
}

// Resized scales the whole image: to Width x Height pixels, whatever its own
// aspect ratio is, or in its aspect ratio so that its shorter side has Size
// pixels. All sizes of 0 are left open: see Pipeline.For.
type Resized struct {
	Width  int `yaml:"width"`
	Height int `yaml:"height"`
	Size   int `yaml:"size"`
	// MaxSize bounds the longer side in the image's own aspect ratio, at the
	// cost of the shorter one. Without Size it is that of the longer side.
	MaxSize int `yaml:"max_size"`
	// Interpolation is bilinear, nearest, box, bicubic or lanczos.
	Interpolation pixel.Filter `yaml:"interpolation"`
}

// Resize returns the transform that scales images to a square.
func Resize(size int) Resized {
	return Resized{Width: size, Height: size, Interpolation: pixel.FilterBilinear}
}

// Name implements Transform.
func (Resized) Name() string { return "resize" }

// Validate implements Transform.
func (r Resized) Validate() error {
	var both error
	if r.keepsRatio() && (r.Width != 0 || r.Height != 0) {
		both = errors.New("width and height exclude size and max_size")
	}
	return errors.Join(
		checkSize(r.Width, r.Height), both, draft.CheckNumber("size", float64(r.Size), 0, maxSide),
		draft.CheckNumber("max_size", float64(r.MaxSize), 0, maxSide),
		draft.CheckWord("interpolation", r.Interpolation, filters...),
	)
}

// Draw implements Transform.
func (r Resized) Draw(d *draft.Draft) {
	width, height := r.Width, r.Height
	if r.keepsRatio() {
		width, height = r.sides(d.Width, d.Height)
	}
	step := pixel.Resize(d.Width, d.Height, width, height)
	step.Filter = r.Interpolation
	draft.Add(d, step)
}

// keepsRatio tells whether the image keeps its aspect ratio, so that its size
// is not always the same.
func (r Resized) keepsRatio() bool { return r.Size != 0 || r.MaxSize != 0 }

// sides returns the size of what comes of an image. Longer sides are rounded
// down, as in torchvision.
func (r Resized) sides(width, height int) (int, int) {
	short, long := min(width, height), max(width, height)
	newShort, newLong := r.Size, int(float64(r.Size)*float64(long)/float64(short))
	if r.Size == 0 {
		newShort, newLong = int(float64(r.MaxSize)*float64(short)/float64(long)), r.MaxSize
	}
	most := maxSide
	if r.MaxSize != 0 {
		most = r.MaxSize
	}
	if newLong > most {
		newShort, newLong = int(float64(most)*float64(newShort)/float64(newLong)), most
	}
	newShort = max(newShort, 1)
	if width <= height {
		return newShort, newLong
	}
	return newLong, newShort
}

func (r Resized) decides() bool { return !r.keepsRatio() }

func (r Resized) withSize(width, height int) Transform {
	if !r.keepsRatio() {
		setSize(&r.Width, &r.Height, width, height)
	}
	return r
}

// CenterCropped takes the largest part in the middle of the image that has the
// aspect ratio of Width x Height pixels, and scales it to that size: what is
// left of it after torchvision's Resize of the shorter side and CenterCrop.
// Sizes of 0 are left open: see Pipeline.For.
type CenterCropped struct {
	Width  int `yaml:"width"`
	Height int `yaml:"height"`
	// AtScale takes exactly so many pixels instead, with black around images
	// that are smaller, as torchvision's CenterCrop alone does.
	AtScale bool `yaml:"at_scale"`
	// Interpolation is bilinear, nearest, box, bicubic or lanczos.
	Interpolation pixel.Filter `yaml:"interpolation"`
}

// CenterCrop returns the transform that cuts a square out of the middle.
func CenterCrop(size int) CenterCropped {
	return CenterCropped{Width: size, Height: size, Interpolation: pixel.FilterBilinear}
}

// Name implements Transform.
func (CenterCropped) Name() string { return "center_crop" }

// Validate implements Transform.
func (c CenterCropped) Validate() error {
	return errors.Join(checkSize(c.Width, c.Height),
		draft.CheckWord("interpolation", c.Interpolation, filters...))
}

// Draw implements Transform.
func (c CenterCropped) Draw(d *draft.Draft) {
	if !c.AtScale {
		step := pixel.Centre(d.Width, d.Height, c.Width, c.Height)
		step.Filter = c.Interpolation
		draft.Add(d, step)
		return
	}
	lackX, lackY := max(c.Width-d.Width, 0), max(c.Height-d.Height, 0)
	if lackX > 0 || lackY > 0 {
		draft.Add(d, pixel.Pad{
			Left: lackX / 2, Right: (lackX + 1) / 2, Top: lackY / 2, Bottom: (lackY + 1) / 2,
		})
	}
	half := func(n int) int { return int(math.RoundToEven(float64(n) / 2)) }
	draft.Add(d, pixel.Crop{
		X: half(d.Width - c.Width), Y: half(d.Height - c.Height), W: c.Width, H: c.Height,
		Width: c.Width, Height: c.Height,
	})
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
	// Interpolation is bilinear, nearest, box, bicubic or lanczos.
	Interpolation pixel.Filter `yaml:"interpolation"`
}

// RandomResizedCrop returns the transform for squares with torchvision's
// ranges: 0.08 to 1 of the area, 3:4 to 4:3.
func RandomResizedCrop(size int) ResizedCrop {
	return ResizedCrop{
		size, size, [2]float64{0.08, 1}, [2]float64{3. / 4, 4. / 3}, pixel.FilterBilinear,
	}
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
		draft.CheckWord("interpolation", c.Interpolation, filters...),
	)
}

// Draw implements Transform.
func (c ResizedCrop) Draw(d *draft.Draft) {
	x, y, w, h := c.region(d)
	draft.Add(d, pixel.Crop{
		X: x, Y: y, W: w, H: h, Width: c.Width, Height: c.Height, Filter: c.Interpolation,
	})
}

// region draws which part is taken: up to ten draws, then the middle.
func (c ResizedCrop) region(d *draft.Draft) (x, y, w, h int) {
	for range 10 {
		w, h := drawSides(d, c.ScaleRange, c.RatioRange)
		if w >= 1 && h >= 1 && w <= d.Width && h <= d.Height {
			return d.IntN(d.Width - w + 1), d.IntN(d.Height - h + 1), w, h
		}
	}
	w, h = d.Width, d.Height
	switch ratio := float64(w) / float64(h); {
	case ratio < c.RatioRange[0]:
		h = max(1, min(h, int(math.Round(float64(w)/c.RatioRange[0]))))
	case ratio > c.RatioRange[1]:
		w = max(1, min(w, int(math.Round(float64(h)*c.RatioRange[1]))))
	}
	return (d.Width - w) / 2, (d.Height - h) / 2, w, h
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

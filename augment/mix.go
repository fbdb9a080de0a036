package augment

import (
	"errors"
	"image"
	"math"

	"github.com/dsbuild/dsbuild/augment/draft"
	"github.com/dsbuild/dsbuild/dataset"
	"github.com/dsbuild/dsbuild/pixel"
)

// A mixer is a transform that makes one image of several. It does so once all
// of them have gone through the rest of the pipeline, wherever it stands.
type mixer interface {
	Transform
	// mix adds partners and layers to those that there are.
	mix(m *pixel.Mix, d *draft.Draft)
}

// isMixer tells whether a transform mixes images.
func isMixer(t Transform) bool { _, ok := t.(mixer); return ok }

// Mix draws how the image of a sample, which all else in the pipeline has been
// done to, is mixed with those of others, all of the given size, in place of
// what the mix was. A mix without layers leaves the image as it is. Several
// mixing transforms act one after the other, each on what those before made; a
// Tiling, which would leave nothing of that, comes before the others.
func (p Pipeline) Mix(mix *pixel.Mix, key dataset.Key, width, height int) {
	mix.Reset()
	d := draft.Bare(width, height)
	for _, tiles := range [2]bool{true, false} {
		for i, t := range p {
			if m, ok := t.(mixer); ok && isTiling(m) == tiles {
				d.Turn(key, p, i)
				m.mix(mix, d)
			}
		}
	}
	d.Release()
}

// isTiling tells whether a transform covers all that is there.
func isTiling(m mixer) bool { _, ok := m.(Tiling); return ok }

// partner adds a partner and returns its number.
func partner(m *pixel.Mix) int {
	m.Partners++
	return m.Partners
}

// Blending lays another image over the whole image, with a weight from the
// beta distribution (Zhang et al., "mixup: Beyond Empirical Risk Minimization",
// 2017).
type Blending struct {
	// Alpha is the parameter of the distribution: evenly distributed weights at
	// 1, hardly any or nearly all of the other image below.
	Alpha float64 `yaml:"alpha"`
	// P is the probability of mixing at all.
	P float64 `yaml:"p"`
}

// MixUp returns the transform that always mixes; torchvision's alpha is 1.
func MixUp(alpha float64) Blending { return Blending{alpha, 1} }

// Name implements Transform.
func (Blending) Name() string { return "mix_up" }

// Validate implements Transform.
func (b Blending) Validate() error { return checkMix(b.Alpha, b.P) }

// Draw implements Transform: alone, an image stays as it is.
func (Blending) Draw(*draft.Draft) {}

func (b Blending) mix(m *pixel.Mix, d *draft.Draft) {
	if !d.Chance(b.P) {
		return
	}
	own := d.Beta(b.Alpha)
	m.Layers = append(m.Layers, pixel.Layer{
		Image: partner(m), Region: image.Rect(0, 0, d.Width, d.Height), Weight: float32(1 - own),
	})
}

// Patching shows a rectangle of another image in its place (Yun et al.,
// "CutMix: Regularization Strategy to Train Strong Classifiers with Localizable
// Features", 2019). Its middle lies anywhere, and its area's share, before the
// image's edges cut it off, has the beta distribution.
type Patching struct {
	// Alpha is the parameter of the distribution.
	Alpha float64 `yaml:"alpha"`
	// P is the probability of mixing at all.
	P float64 `yaml:"p"`
}

// CutMix returns the transform that always mixes; torchvision's alpha is 1.
func CutMix(alpha float64) Patching { return Patching{alpha, 1} }

// Name implements Transform.
func (Patching) Name() string { return "cut_mix" }

// Validate implements Transform.
func (p Patching) Validate() error { return checkMix(p.Alpha, p.P) }

// Draw implements Transform: alone, an image stays as it is.
func (Patching) Draw(*draft.Draft) {}

func (p Patching) mix(m *pixel.Mix, d *draft.Draft) {
	if !d.Chance(p.P) {
		return
	}
	side := math.Sqrt(1-d.Beta(p.Alpha)) / 2
	x, y := d.IntN(d.Width), d.IntN(d.Height)
	across, down := int(side*float64(d.Width)), int(side*float64(d.Height))
	whole := image.Rect(0, 0, d.Width, d.Height)
	region := image.Rect(x-across, y-down, x+across, y+down).Intersect(whole)
	if region.Empty() {
		return
	}
	m.Layers = append(m.Layers, pixel.Layer{
		Image: partner(m), Region: region, Cut: true, Weight: 1,
	})
}

// Tiling shows four images around a random point, each scaled into its
// quadrant (Bochkovskiy et al., "YOLOv4: Optimal Speed and Accuracy of Object
// Detection", 2020). The sample's own is in any of the four. It takes the place
// of another Tiling before it.
type Tiling struct {
	// CenterRange is where the point is, as a share of each side.
	CenterRange [2]float64 `yaml:"center_range"`
	// P is the probability of mixing at all.
	P float64 `yaml:"p"`
}

// Mosaic returns the transform with probability p and YOLOv4's range for the
// point, 0.2 to 0.8.
func Mosaic(p float64) Tiling { return Tiling{[2]float64{0.2, 0.8}, p} }

// Name implements Transform.
func (Tiling) Name() string { return "mosaic" }

// Validate implements Transform.
func (t Tiling) Validate() error {
	return errors.Join(
		draft.CheckRange("center_range", t.CenterRange, 0.01, 0.99), draft.CheckShare("p", t.P),
	)
}

// Draw implements Transform: alone, an image stays as it is.
func (Tiling) Draw(*draft.Draft) {}

func (t Tiling) mix(m *pixel.Mix, d *draft.Draft) {
	if !d.Chance(t.P) {
		return
	}
	place := func(side int) int {
		return min(max(int(math.Round(d.Between(t.CenterRange)*float64(side))), 1), side-1)
	}
	x, y, own := place(d.Width), place(d.Height), d.IntN(4)
	if d.Width < 2 || d.Height < 2 {
		return
	}
	m.Reset()
	for i, region := range [4]image.Rectangle{
		image.Rect(0, 0, x, y), image.Rect(x, 0, d.Width, y),
		image.Rect(0, y, x, d.Height), image.Rect(x, y, d.Width, d.Height),
	} {
		layer := pixel.Layer{Region: region, Weight: 1}
		if i != own {
			layer.Image = partner(m)
		}
		m.Layers = append(m.Layers, layer)
	}
}

// checkMix tells what is wrong with a distribution and a probability.
func checkMix(alpha, p float64) error {
	return errors.Join(draft.CheckNumber("alpha", alpha, 0.01, 100), draft.CheckShare("p", p))
}

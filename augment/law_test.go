package augment

import (
	"math"
	"reflect"
	"slices"
	"testing"

	"github.com/dsbuild/dsbuild/dataset"
	"github.com/dsbuild/dsbuild/pixel"
)

// draws is how many numbers a distribution is told by, and farthest the
// distance of Kolmogorov and Smirnov that 999 in 1000 samples of that many stay
// below.
const (
	draws    = 10000
	farthest = 0.0195
)

// distance returns the largest difference between the share of values below a
// number and what a distribution says of it.
func distance(values []float64, law func(v float64) float64) float64 {
	slices.Sort(values)
	n, most := float64(len(values)), 0.0
	for i, v := range values {
		p := law(v)
		most = max(most, float64(i+1)/n-p, p-float64(i)/n)
	}
	return most
}

// evenly is the uniform distribution.
func evenly(least, most float64) func(float64) float64 {
	return func(v float64) float64 { return min(max((v-least)/(most-least), 0), 1) }
}

// A number is what a transform draws, and its distribution.
type number struct {
	transform Transform
	value     func(pixel.Step) float64
	law       func(float64) float64
}

// of returns a number of a kind of step.
func of[S any](t Transform, value func(S) float64, law func(float64) float64) number {
	return number{t, func(s pixel.Step) float64 { return value(s.(S)) }, law}
}

// The size of the images that numbers are drawn for.
const lawWidth, lawHeight = 4000, 3000

// geometricNumbers are those of transforms that move or cover pixels.
func geometricNumbers() map[string]number {
	crop := RandomResizedCrop(10)
	crop.ScaleRange = [2]float64{0.1, 0.5} // few draws lead out of the image
	erase := RandomErasing(1)
	affine := RandomAffine(20, 0.1, [2]float64{0.5, 2}, 10)
	affine.ShearYRange = [2]float64{-3, 6}
	type C = *pixel.Crop
	type A = *pixel.Affine
	place := func(at, size, whole int) float64 { return (float64(at) + 0.5) / float64(whole-size+1) }
	return map[string]number{
		"crop: area": of(crop, func(s C) float64 {
			return float64(s.W*s.H) / (lawWidth * lawHeight)
		}, evenly(0.1, 0.5)),
		"crop: log of width over height": of(crop, func(s C) float64 {
			return math.Log(float64(s.W) / float64(s.H))
		}, evenly(math.Log(0.75), math.Log(4./3))),
		"crop: column": of(crop, func(s C) float64 { return place(s.X, s.W, lawWidth) }, evenly(0, 1)),
		"crop: row":    of(crop, func(s C) float64 { return place(s.Y, s.H, lawHeight) }, evenly(0, 1)),
		"erased: column": of(erase, func(s *pixel.Erase) float64 {
			return place(s.X, s.W, lawWidth)
		}, evenly(0, 1)),
		"affine: degrees": of(affine, func(s A) float64 { return s.Degrees }, evenly(-20, 20)),
		"affine: scale":   of(affine, func(s A) float64 { return s.Scale }, evenly(0.5, 2)),
		"affine: x":       of(affine, func(s A) float64 { return s.X }, evenly(-400, 400)),
		"affine: y":       of(affine, func(s A) float64 { return s.Y }, evenly(-300, 300)),
		"affine: shear x": of(affine, func(s A) float64 { return s.ShearX }, evenly(-10, 10)),
		"affine: shear y": of(affine, func(s A) float64 { return s.ShearY }, evenly(-3, 6)),
		"rotation": of(RandomRotation(30), func(s *pixel.Rotate) float64 {
			return s.Degrees
		}, evenly(-30, 30)),
		"perspective: corner": of(RandomPerspective(0.5, 1), func(s *pixel.Perspective) float64 {
			return float64(s.Corners[1][0]) + 0.5
		}, evenly(lawWidth-1001, lawWidth)),
	}
}

// tonalNumbers are those of transforms that change colours or soften.
func tonalNumbers() map[string]number {
	noise := GaussianNoise(0, 1)
	noise.SigmaRange = [2]float64{0.1, 0.3}
	type M = *pixel.MotionBlur
	return map[string]number{
		"blur": of(GaussianBlur(1), func(s *pixel.Blur) float64 {
			return s.Sigma
		}, evenly(0.1, 2)),
		"motion blur: length":  of(MotionBlur(1), func(s M) float64 { return s.Length }, evenly(3, 7)),
		"motion blur: degrees": of(MotionBlur(1), func(s M) float64 { return s.Degrees }, evenly(0, 180)),
		"noise": of(noise, func(s *pixel.Noise) float64 {
			return s.Sigma
		}, evenly(0.1, 0.3)),
		"brightness": of(ColorJitter(0.4, 0, 0, 0), func(s *pixel.Brightness) float64 {
			return s.Factor
		}, evenly(0.6, 1.4)),
		"contrast": of(ColorJitter(0, 2, 0, 0), func(s *pixel.Contrast) float64 {
			return s.Factor
		}, evenly(0, 3)),
		"saturation": of(ColorJitter(0, 0, 0.3, 0), func(s *pixel.Saturation) float64 {
			return s.Factor
		}, evenly(0.7, 1.3)),
		"hue": of(ColorJitter(0, 0, 0, 0.2), func(s *pixel.Hue) float64 {
			return s.Turn
		}, evenly(-0.2, 0.2)),
	}
}

// TestNumbersHaveTheirLaws compares what transforms draw with the distributions
// that torchvision's have.
func TestNumbersHaveTheirLaws(t *testing.T) {
	for _, numbers := range []map[string]number{geometricNumbers(), tonalNumbers()} {
		for name, n := range numbers {
			values := make([]float64, draws)
			for i := range values {
				values[i] = n.value(draw(n.transform, i, lawWidth, lawHeight)[0])
			}
			if d := distance(values, n.law); d > farthest {
				t.Errorf("%s is %.4f away from its distribution", name, d)
			}
		}
	}
}

// TestErasedPartsHaveTheirLaws does so where draws that do not fit are drawn
// again: a narrow enough range fits always.
func TestErasedPartsHaveTheirLaws(t *testing.T) {
	erase := RandomErasing(1)
	erase.ScaleRange, erase.RatioRange = [2]float64{0.02, 0.3}, [2]float64{0.5, 3}
	areas, ratios := make([]float64, draws), make([]float64, draws)
	for i := range draws {
		e := draw(erase, i, 3000, 3000)[0].(*pixel.Erase)
		areas[i] = float64(e.W*e.H) / (3000 * 3000)
		ratios[i] = math.Log(float64(e.H) / float64(e.W))
	}
	if d := distance(areas, evenly(0.02, 0.3)); d > farthest {
		t.Errorf("areas are %.4f away from their distribution", d)
	}
	if d := distance(ratios, evenly(math.Log(0.5), math.Log(3))); d > farthest {
		t.Errorf("heights over widths are %.4f away from their distribution", d)
	}
}

// alike tells whether counts differ no more from each other than 999 in 1000
// draws of equal chances do, by the sum of squares of Pearson, whose
// distribution is nearly normal for many kinds (Wilson and Hilferty, 1931).
func alike(counts []int) bool {
	sum, squares := 0.0, 0.0
	for _, n := range counts {
		sum += float64(n)
	}
	want := sum / float64(len(counts))
	for _, n := range counts {
		squares += (float64(n) - want) * (float64(n) - want) / want
	}
	freedom := float64(len(counts) - 1)
	z := (math.Cbrt(squares/freedom) - (1 - 2/(9*freedom))) / math.Sqrt(2/(9*freedom))
	return z < 3.09
}

func TestWholeNumbersAreAllAlike(t *testing.T) {
	orders := map[string]int{}
	for name, c := range map[string]struct {
		transform Transform
		kinds     int
		kind      func(steps []pixel.Step) int
	}{
		"quality": {JPEGCompression(20, 49), 30, func(steps []pixel.Step) int {
			return steps[0].(*pixel.JPEG).Quality - 20
		}},
		"holes": {CoarseDropout(1), 8, func(steps []pixel.Step) int { return len(steps) - 1 }},
		"column": {RandomCrop(40, 4), 29, func(steps []pixel.Step) int {
			return steps[1].(*pixel.Crop).X
		}},
		"row": {RandomCrop(40, 4), 19, func(steps []pixel.Step) int {
			return steps[1].(*pixel.Crop).Y
		}},
		"order": {ColorJitter(0.1, 0.1, 0.1, 0.1), 24, func(steps []pixel.Step) int {
			text := ""
			for _, s := range steps {
				text += s.String()[:3]
			}
			if _, known := orders[text]; !known {
				orders[text] = len(orders)
			}
			return orders[text]
		}},
	} {
		counts := make([]int, c.kinds)
		for i := range draws {
			counts[c.kind(draw(c.transform, i, 60, 50))]++
		}
		if !alike(counts) {
			t.Errorf("%s: the counts are %v", name, counts)
		}
	}
}

// mixOf draws how an image of 1000x800 pixels is mixed in an epoch.
func mixOf(t Transform, epoch int) pixel.Mix {
	var mix pixel.Mix
	Pipeline{t}.Mix(&mix, dataset.Key{Seed: 3, Epoch: epoch}, 1000, 800)
	return mix
}

func TestMixesHaveTheirLaws(t *testing.T) {
	arcsine := func(v float64) float64 { return 2 / math.Pi * math.Asin(math.Sqrt(v)) }
	for alpha, law := range map[float64]func(float64) float64{
		0.5: arcsine, 1: evenly(0, 1), 2: func(v float64) float64 { return v * v * (3 - 2*v) },
	} {
		values := make([]float64, draws)
		for i := range values {
			values[i] = float64(mixOf(MixUp(alpha), i).Layers[0].Weight)
		}
		if d := distance(values, law); d > farthest {
			t.Errorf("mix_up of %v is %.4f away from its distribution", alpha, d)
		}
	}
	area := 0.0
	for i := range draws {
		for _, layer := range mixOf(CutMix(1), i).Layers {
			area += float64(layer.Region.Dx()*layer.Region.Dy()) / (1000 * 800)
		}
	}
	// An evenly distributed share v of the area is a square of the sides' half r
	// = sqrt(v)/2; around a random point the edges leave (2r - r*r)^2 of it.
	if mean, want := area/draws, 1./2-1./5+1./48; math.Abs(mean-want) > 0.01 {
		t.Errorf("cut_mix shows %.4f of the other image on average, want %.4f", mean, want)
	}
}

func TestMosaicsHaveTheirLaws(t *testing.T) {
	across, down, own := make([]float64, draws), make([]float64, draws), make([]int, 4)
	for i := range draws {
		mix := mixOf(Mosaic(1), i)
		if mix.Partners != 3 || len(mix.Layers) != 4 {
			t.Fatalf("%d partners and %d layers", mix.Partners, len(mix.Layers))
		}
		covered := 0
		for k, layer := range mix.Layers {
			covered += layer.Region.Dx() * layer.Region.Dy()
			if layer.Image == 0 {
				own[k]++
			}
		}
		if covered != 1000*800 {
			t.Fatalf("%v cover %d pixels", mix.Layers, covered)
		}
		across[i] = float64(mix.Layers[0].Region.Max.X)
		down[i] = float64(mix.Layers[0].Region.Max.Y)
	}
	if d := distance(across, evenly(200, 800)); d > farthest {
		t.Errorf("points are %.4f away from their distribution across", d)
	}
	if d := distance(down, evenly(160, 640)); d > farthest {
		t.Errorf("points are %.4f away from their distribution down", d)
	}
	if !alike(own) {
		t.Errorf("the own image is in the quadrants %v times", own)
	}
}

// Mixing transforms act one after the other, each with partners of its own.
func TestMixesAddUp(t *testing.T) {
	p := Pipeline{Mosaic(1), RandomRotation(5), CutMix(1), MixUp(1), MixUp(1)}
	var mix pixel.Mix
	key := dataset.Key{Seed: 3, Epoch: 1}
	p.Mix(&mix, key, 100, 80)
	seen := map[int]int{}
	for _, layer := range mix.Layers {
		seen[layer.Image]++
	}
	if mix.Partners != 6 || len(mix.Layers) != 7 || len(seen) != 7 {
		t.Errorf("%d partners, layers %+v", mix.Partners, mix.Layers)
	}
	if a, b := mix.Layers[5].Weight, mix.Layers[6].Weight; a == b {
		t.Error("two transforms of a kind draw the same numbers")
	}
	if n := testing.AllocsPerRun(100, func() { p.Mix(&mix, key, 100, 80) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
	if n := len(p.Plan(key, 100, 80).Steps); n != 1 {
		t.Errorf("mixing transforms add %d steps", n-1)
	}
	var late pixel.Mix
	Pipeline{RandomRotation(5), CutMix(1), MixUp(1), MixUp(1), Mosaic(1)}.Mix(&late, key, 100, 80)
	p.Mix(&mix, key, 100, 80)
	if !reflect.DeepEqual(late, mix) {
		t.Errorf("a mosaic behind the others: %+v, want %+v", late, mix)
	}
	Pipeline{Mosaic(1), Mosaic(1)}.Mix(&late, key, 100, 80)
	if late.Partners != 3 || len(late.Layers) != 4 {
		t.Errorf("two mosaics: %+v, want the last", late)
	}
	for range 50 {
		Pipeline{Mosaic(1), CutMix(1), MixUp(1)}.Mix(&mix, key, 1, 1)
		if mix.Partners > 2 {
			t.Errorf("one pixel is mixed by %+v", mix)
		}
	}
}

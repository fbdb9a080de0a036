package curate

import (
	"image"
	"image/color"
	"math"
	"math/bits"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/dsbuild/dsbuild/dataset"
	"github.com/dsbuild/dsbuild/pixel"
)

func TestShrinkIsTheMeanOfWhatItCovers(t *testing.T) {
	rng := dataset.Key{Sample: "shrink"}.Rand("test")
	for _, c := range []struct{ width, height, channels, toWidth, toHeight int }{
		{6, 4, 1, 3, 2}, {7, 5, 3, 3, 2}, {1, 1, 3, 4, 4}, {3, 2, 1, 7, 5}, {33, 65, 3, 32, 32},
		{5, 5, 1, 5, 5},
	} {
		m := pixel.New(c.width, c.height, c.channels)
		for i := range m.Pix {
			m.Pix[i] = uint8(rng.IntN(256))
		}
		got := shrink(m, c.toWidth, c.toHeight)
		for i, v := range got {
			k, x, y := i%c.channels, i/c.channels%c.toWidth, i/c.channels/c.toWidth
			if want := meanOf(m, k, x, y, c.toWidth, c.toHeight); math.Abs(float64(v)-want) > 1e-3 {
				t.Errorf("%+v: channel %d at (%d,%d) is %v, want %v", c, k, x, y, v, want)
			}
		}
	}
}

// meanOf adds up every pixel by the area that it shares with the target one.
func meanOf(m *pixel.Image, channel, x, y, width, height int) float64 {
	overlap := func(i, target, n, m int) float64 {
		lo, hi := float64(target)*float64(n)/float64(m), float64(target+1)*float64(n)/float64(m)
		return max(0, min(hi, float64(i+1))-max(lo, float64(i)))
	}
	var sum, area float64
	for sy := range m.Height {
		for sx := range m.Width {
			a := overlap(sx, x, m.Width, width) * overlap(sy, y, m.Height, height)
			sum += a * float64(m.Row(sy)[sx*m.Channels+channel])
			area += a
		}
	}
	return sum / area
}

func TestPerceptualHashIsTheFormula(t *testing.T) {
	rng := dataset.Key{Sample: "hash"}.Rand("test")
	for range 5 {
		gray := make([]float32, thumbPixels)
		for i := range gray {
			gray[i] = float32(rng.IntN(256))
		}
		var f []float64
		for v := range 8 {
			for u := range 8 {
				var sum float64
				for i, g := range gray {
					x, y := float64(i%32), float64(i/32)
					sum += float64(g) * math.Cos(math.Pi*float64(u)*(2*x+1)/64) *
						math.Cos(math.Pi*float64(v)*(2*y+1)/64)
				}
				f = append(f, sum)
			}
		}
		sorted := slices.Sorted(slices.Values(f))
		hash := perceptualHash(gray)
		for i, c := range f {
			if bit := hash>>(63-i)&1 == 1; bit != (c > (sorted[31]+sorted[32])/2) {
				t.Errorf("bit %d is %v for coefficient %v", i, bit, c)
			}
		}
	}
}

func TestHashProposesCopies(t *testing.T) {
	m := scene("hash", 200, 150)
	of := func(data []byte) features {
		f, _ := measureFile(data, limitsOf(Options{}.withDefaults()))
		return f
	}
	original := of(asPNG(m))
	for name, data := range map[string][]byte{
		"pressed":  asJPEG(m, 30),
		"halved":   asJPEG(scaled(m, 100, 75), 90),
		"enlarged": asPNG(scaled(m, 320, 240)),
	} {
		if d := bits.OnesCount64(original.look.hash ^ of(data).look.hash); d > 10 {
			t.Errorf("%s differs in %d bits, want at most 10", name, d)
		}
	}
	other := of(asPNG(scene("other", 200, 150)))
	if d := bits.OnesCount64(original.look.hash ^ other.look.hash); d <= 10 {
		t.Errorf("another picture differs in %d bits, want more than 10", d)
	}
}

// randomThumb returns a thumbnail that is smooth, rough or in between.
func randomThumb(rng *rand.Rand, channels int) []byte {
	m := pixel.New(1+rng.IntN(40), 1+rng.IntN(40), channels)
	for i := range m.Pix {
		m.Pix[i] = uint8(rng.IntN(256))
	}
	return thumbnail(m)
}

func TestBoundIsNeverBelowTheCorrelation(t *testing.T) {
	rng := dataset.Key{Sample: "bound"}.Rand("test")
	tight := 0
	for range 2000 {
		a := randomThumb(rng, 1+2*rng.IntN(2))
		b := randomThumb(rng, 1+2*rng.IntN(2))
		if rng.IntN(2) == 0 { // a noisy copy
			b = slices.Clone(a)
			for i := range b {
				b[i] = uint8(min(255, int(b[i])+rng.IntN(20)))
			}
		}
		lookA, lookB := lookOf(a), lookOf(b)
		if lookA.blank || lookB.blank {
			continue
		}
		c, most := correlation(a, b), bound(&lookA, &lookB)
		if c > most {
			t.Fatalf("correlation %v is above its bound %v", c, most)
		}
		if most < 0.97 {
			tight++
		}
	}
	if tight < 100 {
		t.Errorf("the bound sorts out %d of 2000 pairs, want some", tight)
	}
}

func TestCorrelation(t *testing.T) {
	rng := dataset.Key{Sample: "correlation"}.Rand("test")
	a := randomThumb(rng, 1)
	brighter, negative := slices.Clone(a), slices.Clone(a)
	for i, v := range a {
		a[i] = v / 2
		brighter[i] = v/2 + 60
		negative[i] = 255 - v/2
	}
	black := make([]byte, thumbPixels)
	for _, c := range []struct {
		name string
		b    []byte
		want float64
	}{
		{"itself", a, 1}, {"brighter", brighter, 1}, {"negative", negative, -1},
		{"coloured", coloured(a), 1}, {"black", black, 0},
	} {
		if got := correlation(a, c.b); math.Abs(got-c.want) > 1e-9 {
			t.Errorf("%s: correlation %v, want %v", c.name, got, c.want)
		}
	}
	if !lookOf(black).blank || lookOf(a).blank {
		t.Error("black must be blank, and noise not")
	}
}

func TestWorstBlock(t *testing.T) {
	const width, height = 256, 192
	thumbOf := func(m image.Image) []byte { return thumbnail(pixel.FromImage(m)) }
	whole := scene("residual", width, height)
	stamped := scene("residual", width, height) // with another sign in one place
	for y := 60; y < 90; y++ {
		for x := 100; x < 140; x++ {
			c := stamped.NRGBAAt(x, y)
			stamped.SetNRGBA(x, y, color.NRGBA{255 - c.R, 255 - c.G, 255 - c.B, 255})
		}
	}
	dimmer := mapped(whole, func(v float64) float64 { return 0.8*v + 0.1 })
	o := Options{}.withDefaults()
	for name, c := range map[string]struct {
		m    image.Image
		near bool
	}{
		"itself": {whole, true}, "half": {scaled(whole, width/2, height/2), true},
		"dimmer": {dimmer, true}, "stamped": {stamped, false},
	} {
		a, b := thumbOf(whole), thumbOf(c.m)
		got := worstBlock(a, b)
		if (got <= o.NearDifference) != c.near {
			t.Errorf("%s differs by %.1f levels at most, the limit is %v", name, got, o.NearDifference)
		}
		if back := worstBlock(b, a); math.Abs(back-got) > 1e-9 {
			t.Errorf("%s: %v in one direction, %v in the other", name, got, back)
		}
	}
}

// TestClusterIsAStar has a near to b and b near to c, but a not near to c.
func TestClusterIsAStar(t *testing.T) {
	rng := dataset.Key{Sample: "star"}.Rand("test")
	a := randomThumb(rng, 3)
	b, c := slices.Clone(a), slices.Clone(a)
	for i := range a {
		step := rng.IntN(11) * min(1, int(a[i])) // keeps within 0 to 255
		b[i] = uint8(min(255, int(a[i])+step*2))
		c[i] = uint8(min(255, int(a[i])+step*4))
	}
	near, far := correlation(a, b), correlation(a, c)
	limit := (near + far) / 2
	if correlation(b, c) < limit || far >= limit {
		t.Fatalf("correlations %v, %v, %v make no chain", near, correlation(b, c), far)
	}
	cache := &cache{thumbs: map[digest][]byte{}}
	var class []*item
	for i, thumb := range [][]byte{a, b, c} {
		it := &item{sample: &dataset.Sample{}, digest: digest{byte(i)}, fit: true}
		it.features = &features{width: 100 - i, height: 100, look: lookOf(thumb)}
		cache.thumbs[it.digest] = thumb
		class = append(class, it)
	}
	m := &matcher{cache: cache, distance: 64, correlation: limit, difference: 255}
	if err := rejectNear(t.Context(), class, m, Options{}.withDefaults()); err != nil {
		t.Fatal(err)
	}
	if !class[0].isKept() || class[1].isKept() || !class[2].isKept() {
		t.Errorf("kept %v %v %v, want a and c", class[0].isKept(), class[1].isKept(), class[2].isKept())
	}
	if err := groupNear(t.Context(), class[:1], m); err != nil || groupOf(class[0]) != class[0] {
		t.Errorf("an image alone is in group %v (%v)", groupOf(class[0]), err)
	}
}

func TestSharpnessDoesNotDependOnResolution(t *testing.T) {
	o := Options{}.withDefaults()
	for _, width := range []int{160, 256, 1200} {
		sharp := scaled(scene("resolution", 256, 192), width, width*3/4)
		blurred := soft(sharp)
		qSharp, qBlurred := measure(pixel.FromImage(sharp)), measure(pixel.FromImage(blurred))
		if qSharp.sharpness < 5*o.MinSharpness || qBlurred.sharpness > o.MinSharpness/1.2 {
			t.Errorf("at %d pixels: sharpness %v, blurred %v; the limit is %v",
				width, qSharp.sharpness, qBlurred.sharpness, o.MinSharpness)
		}
	}
}

func TestQualityOfBlankAndSparseImages(t *testing.T) {
	page := pixel.New(100, 100, 1)
	for i := range page.Pix {
		page.Pix[i] = 255
	}
	q := measure(page)
	if q != (quality{dark: 1, bright: 1}) {
		t.Errorf("a white page has %+v, want nothing but its luma", q)
	}
	for y := 20; y < 80; y++ { // a stroke over 3 in 100 pixels
		copy(page.Row(y)[48:53], []byte{0, 0, 0, 0, 0})
	}
	o := Options{}.withDefaults()
	q = measure(page)
	if q.entropy < o.MinEntropy || q.dark > o.MaxLuminance || q.sharpness < o.MinSharpness {
		t.Errorf("a stroke on a page has %+v, which is rejected", q)
	}
}

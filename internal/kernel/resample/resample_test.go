package resample

import (
	"fmt"
	"image"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// eachVariant runs a test with every variant that this machine has.
func eachVariant(t *testing.T, test func(t *testing.T)) {
	t.Helper()
	defer func(was variant) { current = was }(current)
	for _, v := range available {
		current = v
		t.Run(v.String(), test)
	}
}

// noise is an image of random bytes, many of them the least or the most.
func noise(width, height, channels int) *Source {
	r := rand.New(rand.NewPCG(uint64(width), uint64(height)))
	src := &Source{make([]uint8, width*height*channels), width, height, channels}
	for i := range src.Pix {
		src.Pix[i] = uint8(min(max(r.IntN(400)-70, 0), 255))
	}
	return src
}

func testNorm(channels int) *Norm {
	return NewNorm([]float32{0.0171, 0.0175, 0.0174}[:channels],
		[]float32{-2.1179, -2.0357, -1.8044}[:channels])
}

// whole is the geometry that scales a whole image.
func whole(src *Source, width, height int, filter Filter) *Geometry {
	return &Geometry{
		W: float64(src.Width), H: float64(src.Height), Width: width, Height: height, Filter: filter,
	}
}

// sizeOf is the size of what is wanted.
func sizeOf(g *Geometry) image.Point { return g.window().Size() }

// definition computes one value of the result in floating point, rounding
// where Pillow does.
func definition(src *Source, g *Geometry, x, y, c int) float64 {
	if g.Mirror {
		x = sizeOf(g).X - 1 - x
	}
	left, across := exactWeights(g.X, g.W, g.Width, g.Window.Min.X+x, g.Filter)
	top, down := exactWeights(g.Y, g.H, g.Height, g.Window.Min.Y+y, g.Filter)
	sum := 0.0
	for j, wy := range down {
		row := 0.0
		for i, wx := range across {
			row += wx * float64(src.Pix[((top+j)*src.Width+left+i)*src.Channels+c%src.Channels])
		}
		sum += wy * min(max(math.Floor(row+0.5), 0), 255)
	}
	return min(max(math.Floor(sum+0.5), 0), 255)
}

// exactWeights follows Pillow's precompute_coeffs.
func exactWeights(start, size float64, out, i int, f Filter) (int, []float64) {
	lo, hi := int(math.Floor(start)), int(math.Ceil(start+size))
	scale := size / float64(out)
	widening := max(scale, 1)
	centre := start - float64(lo) + (float64(i)+0.5)*scale
	if f == Nearest {
		return min(lo+int(centre), hi-1), []float64{1}
	}
	first := max(int(centre-f.support()*widening+0.5), 0)
	last := min(int(centre+f.support()*widening+0.5), hi-lo)
	weights, sum := make([]float64, last-first), 0.0
	for k := range weights {
		weights[k] = filterAt(f, (float64(first+k)-centre+0.5)/widening)
		sum += weights[k]
	}
	for k := range weights {
		weights[k] /= sum
	}
	return lo + first, weights
}

// filterAt is the definition of the filters.
func filterAt(f Filter, x float64) float64 {
	sinc := func(x float64) float64 {
		if x == 0 {
			return 1
		}
		return math.Sin(math.Pi*x) / (math.Pi * x)
	}
	switch a := math.Abs(x); {
	case f == Bilinear && a < 1:
		return 1 - a
	case f == Box && x > -0.5 && x <= 0.5:
		return 1
	case f == Bicubic && a < 1:
		return 1.5*a*a*a - 2.5*a*a + 1
	case f == Bicubic && a < 2:
		return -0.5*a*a*a + 2.5*a*a - 4*a + 2
	case f == Lanczos && a < 3:
		return sinc(x) * sinc(x/3)
	}
	return 0
}

// cases are sources and geometries of many kinds.
func cases() (list []struct {
	src *Source
	g   *Geometry
}) {
	add := func(src *Source, g *Geometry) {
		list = append(list, struct {
			src *Source
			g   *Geometry
		}{src, g})
	}
	sizes := [][4]int{ // from and to
		{1, 1, 1, 1}, {1, 1, 5, 7}, {2, 3, 40, 1}, {31, 22, 9, 13}, {31, 22, 70, 45}, {64, 48, 64, 48},
		{97, 61, 48, 17}, {130, 70, 33, 31}, {50, 41, 17, 100}, {400, 23, 20, 5}, {37, 300, 37, 21},
		{600, 20, 7, 3},
	}
	for i, s := range sizes {
		for _, channels := range []int{1, 3} {
			src := noise(s[0], s[1], channels)
			for filter := Bilinear; filter <= Lanczos; filter++ {
				g := whole(src, s[2], s[3], filter)
				g.Mirror = (i+int(filter))%2 == 1
				add(src, g)
			}
		}
	}
	for filter := Bilinear; filter <= Lanczos; filter++ {
		add(noise(120, 90, 3), &Geometry{X: 11, Y: 7, W: 82, H: 77,
			Width: 56, Height: 49, Filter: filter, Mirror: true})
		add(noise(120, 90, 3), &Geometry{X: 20.25, Y: 30.6, W: 40.1,
			H: 41.2, Width: 31, Height: 33, Filter: filter})
		add(noise(120, 90, 3), &Geometry{X: -40, Y: 10, W: 200, H: 180, Width: 80, Height: 90,
			Window: image.Rect(20, 1, 60, 33), Filter: filter, Mirror: filter%2 == 0})
		add(noise(40, 30, 1), &Geometry{X: 3.5, Y: 2.7, W: 27.3,
			H: 26.1, Width: 64, Height: 80, Filter: filter, Mirror: true})
	}
	return list
}

func TestScaleFollowsItsDefinition(t *testing.T) {
	eachVariant(t, func(t *testing.T) {
		var r Resampler
		for _, c := range cases() {
			size := sizeOf(c.g)
			got := make([]uint8, size.X*size.Y*c.src.Channels)
			r.Scale(&Target{Bytes: got, Channels: c.src.Channels}, c.src, c.g)
			for i, v := range got {
				pixel := i / c.src.Channels
				want := definition(c.src, c.g, pixel%size.X, pixel/size.X, i%c.src.Channels)
				if math.Abs(want-float64(v)) > 1 {
					t.Fatalf("%+v of %d channels: byte %d is %d, want %v", c.g, c.src.Channels, i, v, want)
				}
			}
		}
	})
}

// TestLargeTargetsAreAlike has rows of whole lines, which are written around
// the cache.
func TestLargeTargetsAreAlike(t *testing.T) {
	defer func(was variant) { current = was }(current)
	const side = 112
	src := noise(side, side, 3)
	for _, from := range []*Source{src, noise(150, 131, 3)} {
		for _, v := range available {
			current = v
			var r Resampler
			bytes, floats := results(&r, from, whole(from, side, side, Bicubic))
			if !(&Target{Floats: floats[0]}).streams() {
				t.Fatal("the image is not large")
			}
			checkLayouts(t, side*side, bytes, floats)
		}
	}
	for _, v := range available {
		current = v
		for _, mirror := range []bool{false, true} {
			bytes, floats := copies(new(Resampler), src, mirror)
			checkLayouts(t, side*side, bytes, floats)
		}
	}
}

// results returns all that can be made of a case.
func results(r *Resampler, src *Source, g *Geometry) (bytes [][]uint8, floats [][]float32) {
	for channels := src.Channels; channels <= 3; channels += 2 {
		for _, planar := range []bool{false, true} {
			n := sizeOf(g).X * sizeOf(g).Y * channels
			b, f := make([]uint8, n), make([]float32, n)
			r.Scale(&Target{Bytes: b, Channels: channels, Planar: planar}, src, g)
			r.Scale(&Target{Floats: f, Channels: channels, Planar: planar, Norm: testNorm(channels)},
				src, g)
			bytes, floats = append(bytes, b), append(floats, f)
		}
	}
	return bytes, floats
}

func TestAllVariantsScaleAlike(t *testing.T) {
	defer func(was variant) { current = was }(current)
	for _, c := range cases() {
		var base, other Resampler
		current = generic
		wantBytes, wantFloats := results(&base, c.src, c.g)
		for _, v := range available[1:] {
			current = v
			gotBytes, gotFloats := results(&other, c.src, c.g)
			for i := range wantBytes {
				if !slices.Equal(gotBytes[i], wantBytes[i]) {
					t.Errorf("%v: %+v of %d channels: bytes %d differ", v, c.g, c.src.Channels, i)
				}
				if !slices.Equal(gotFloats[i], wantFloats[i]) {
					t.Errorf("%v: %+v of %d channels: floats %d differ", v, c.g, c.src.Channels, i)
				}
			}
		}
	}
}

// TestLayouts compares all that is made of one image with its bytes.
func TestLayouts(t *testing.T) {
	eachVariant(t, func(t *testing.T) {
		for _, size := range [][2]int{{5, 3}, {16, 9}, {33, 20}} {
			src := noise(61, 40, 3)
			var r Resampler
			g := whole(src, size[0], size[1], Bicubic)
			bytes, floats := results(&r, src, g)
			checkLayouts(t, size[0]*size[1], bytes, floats)
			copied := &Source{bytes[0], size[0], size[1], 3}
			for _, mirror := range []bool{false, true} {
				bytes, floats = copies(&r, copied, mirror)
				checkLayouts(t, size[0]*size[1], bytes, floats)
			}
		}
	})
}

// checkLayouts compares interleaved floats, planar bytes and planar floats
// with interleaved bytes.
func checkLayouts(t *testing.T, pixels int, bytes [][]uint8, floats [][]float32) {
	t.Helper()
	norm := testNorm(3)
	for i, v := range bytes[0] {
		at, c := i/3, i%3
		want := float32(float32(v)*norm.scale[c]) + norm.bias[c]
		planar := c*pixels + at
		if floats[0][i] != want || bytes[1][planar] != v || floats[1][planar] != want {
			t.Fatalf("value %d of %d pixels: %d is %v, want %v; planar %d and %v",
				i, pixels, v, floats[0][i], want, bytes[1][planar], floats[1][planar])
		}
	}
}

// copies is results for a copy.
func copies(r *Resampler, src *Source, mirror bool) (bytes [][]uint8, floats [][]float32) {
	clip := image.Rect(0, 0, src.Width, src.Height)
	for _, planar := range []bool{false, true} {
		b, f := make([]uint8, len(src.Pix)), make([]float32, len(src.Pix))
		r.Copy(&Target{Bytes: b, Channels: 3, Planar: planar}, src, clip, mirror)
		r.Copy(&Target{Floats: f, Channels: 3, Planar: planar, Norm: testNorm(3)}, src, clip, mirror)
		bytes, floats = append(bytes, b), append(floats, f)
	}
	return bytes, floats
}

func TestCopyOfAPart(t *testing.T) {
	eachVariant(t, func(t *testing.T) {
		var r Resampler
		for _, channels := range []int{1, 3} {
			src := noise(70, 20, channels)
			for width := 1; width <= 60; width++ {
				clip := image.Rect(7, 3, 7+width, 12)
				for _, mirror := range []bool{false, true} {
					got := make([]uint8, width*9*3)
					r.Copy(&Target{Bytes: got, Channels: 3}, src, clip, mirror)
					for i, v := range got {
						x, y, c := i/3%width, i/3/width, i%3%channels
						if mirror {
							x = width - 1 - x
						}
						if want := src.Pix[((3+y)*70+7+x)*channels+c]; v != want {
							t.Fatalf("%v, mirrored %v, of %d channels: byte %d is %d, want %d",
								clip, mirror, channels, i, v, want)
						}
					}
				}
			}
		}
	})
}

// TestFillOfMuch has more than the loops do in one call.
func TestFillOfMuch(t *testing.T) {
	eachVariant(t, func(t *testing.T) {
		src := noise(3*chunkPixels+17, 1, 3)
		var r Resampler
		bytes, floats := copies(&r, src, false)
		checkLayouts(t, src.Width, bytes, floats)
	})
}

func TestWeightsSumToOne(t *testing.T) {
	var a axis
	for filter := Bilinear; filter <= Lanczos; filter++ {
		for size := 1; size < 200; size += 7 {
			for out := 1; out < 120; out += 5 {
				a.set(span{start: 3, size: float64(size), out: out, to: out, filter: filter})
				for i := range out {
					sum, absolute := 0, 0
					for _, w := range a.weights[i*a.taps : (i+1)*a.taps] {
						sum, absolute = sum+int(w), absolute+max(int(w), -int(w))
					}
					isIn := a.first[i] >= 3 && int(a.first[i]+a.count[i]) <= 3+size
					if sum != one || absolute > 2*one || !isIn {
						t.Fatalf("filter %d, %d to %d: pixel %d has weights %v", filter, size, out,
							i, a.weights[i*a.taps:(i+1)*a.taps])
					}
				}
			}
		}
	}
}

// TestWindowsArePartsOfTheWhole demands the same bytes, even where only what
// the window needs is there.
func TestWindowsArePartsOfTheWhole(t *testing.T) {
	eachVariant(t, func(t *testing.T) {
		var r Resampler
		src := noise(150, 120, 3)
		for filter := Bilinear; filter <= Lanczos; filter++ {
			for _, size := range []image.Point{{61, 47}, {64, 64}, {200, 170}} {
				all := make([]uint8, size.X*size.Y*3)
				r.Scale(&Target{Bytes: all, Channels: 3}, src, whole(src, size.X, size.Y, filter))
				for _, w := range []image.Rectangle{
					image.Rect(20, 15, 51, 40), image.Rect(0, 20, 33, 47), image.Rect(40, 0, 61, 9),
				} {
					g := whole(src, size.X, size.Y, filter)
					g.Window = w
					got := make([]uint8, w.Dx()*w.Dy()*3)
					r.Scale(&Target{Bytes: got, Channels: 3}, src, g)
					for y := range w.Dy() {
						want := all[((w.Min.Y+y)*size.X+w.Min.X)*3:][:w.Dx()*3]
						if !slices.Equal(got[y*w.Dx()*3:][:w.Dx()*3], want) {
							t.Fatalf("filter %d to %v: row %d of %v differs", filter, size, y, w)
						}
					}
				}
			}
		}
	})
}

func TestConstantImagesStay(t *testing.T) {
	eachVariant(t, func(t *testing.T) {
		var r Resampler
		for _, c := range cases() {
			for _, v := range []uint8{0, 1, 128, 255} {
				src := *c.src
				src.Pix = slices.Repeat([]uint8{v}, len(c.src.Pix))
				got := make([]uint8, sizeOf(c.g).X*sizeOf(c.g).Y*src.Channels)
				r.Scale(&Target{Bytes: got, Channels: src.Channels}, &src, c.g)
				if low, high := slices.Min(got), slices.Max(got); low != v || high != v {
					t.Fatalf("%+v of all %d has from %d to %d", c.g, v, low, high)
				}
			}
		}
	})
}

func TestMirroredSourcesHaveMirroredResults(t *testing.T) {
	eachVariant(t, func(t *testing.T) {
		var r Resampler
		for _, c := range cases() {
			full := c.g.X == 0 && c.g.W == float64(c.src.Width) && c.g.Window.Empty()
			if !c.g.Filter.isContinuous() || !full {
				continue
			}
			turned := *c.src
			turned.Pix = make([]uint8, len(c.src.Pix))
			r.Copy(&Target{Bytes: turned.Pix, Channels: c.src.Channels}, c.src, c.g.Touched(), true)
			var results [2][]uint8
			for i, src := range []*Source{c.src, &turned} {
				g := *c.g
				g.Mirror = i == 1
				results[i] = make([]uint8, sizeOf(&g).X*sizeOf(&g).Y*src.Channels)
				r.Scale(&Target{Bytes: results[i], Channels: src.Channels}, src, &g)
			}
			if !slices.Equal(results[0], results[1]) {
				t.Errorf("%+v of %d channels is not symmetric", c.g, c.src.Channels)
			}
		}
	})
}

func TestMisusePanics(t *testing.T) {
	src := noise(8, 6, 3)
	good := whole(src, 4, 3, Bilinear)
	target := func(n, channels int) *Target {
		return &Target{Bytes: make([]uint8, n), Channels: channels}
	}
	beyond := *good
	beyond.W++
	outside := *good
	outside.Window = image.Rect(0, 1, 4, 4)
	empty := *good
	empty.W = math.NaN()
	for name, do := range map[string]func(r *Resampler){
		"too few bytes":  func(r *Resampler) { r.Scale(target(35, 3), src, good) },
		"fewer channels": func(r *Resampler) { r.Scale(target(12, 1), src, good) },
		"box outside":    func(r *Resampler) { r.Scale(target(36, 3), src, &beyond) },
		"window outside": func(r *Resampler) { r.Scale(target(36, 3), src, &outside) },
		"no box":         func(r *Resampler) { r.Scale(target(36, 3), src, &empty) },
		"part outside": func(r *Resampler) {
			r.Copy(target(12, 3), src, image.Rect(7, 0, 9, 2), false)
		},
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Error("accepted")
				}
			}()
			do(new(Resampler))
		})
	}
}

func benchmarkFloats(b *testing.B, fromWidth, fromHeight int, filter Filter, planar bool) {
	src := noise(fromWidth+40, fromHeight+30, 3)
	norm, slot := testNorm(3), make([]float32, 224*224*3)
	for _, v := range available {
		b.Run(v.String(), func(b *testing.B) {
			defer func(was variant) { current = was }(current)
			current = v
			var r Resampler
			g := &Geometry{
				X: 20, Y: 10,
				W: float64(fromWidth), H: float64(fromHeight),
				Width: 224, Height: 224, Filter: filter, Mirror: true,
			}
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				g.X, g.Y = float64(20-i%2), float64(10-i%2) // nothing is kept from before
				r.Scale(&Target{Floats: slot, Channels: 3, Norm: norm, Planar: planar}, src, g)
			}
		})
	}
}

func BenchmarkScale(b *testing.B) {
	names := []string{"bilinear", "nearest", "box", "bicubic", "lanczos"}
	for _, size := range [][2]int{{300, 350}, {256, 256}, {140, 150}, {500, 375}} {
		b.Run(fmt.Sprintf("%dx%d", size[0], size[1]), func(b *testing.B) {
			benchmarkFloats(b, size[0], size[1], Bilinear, false)
		})
	}
	b.Run("300x350 planar", func(b *testing.B) { benchmarkFloats(b, 300, 350, Bilinear, true) })
	for _, f := range []Filter{Nearest, Box, Bicubic, Lanczos} {
		b.Run("300x350 "+names[f], func(b *testing.B) { benchmarkFloats(b, 300, 350, f, false) })
	}
	b.Run("1000x1200", func(b *testing.B) { benchmarkFloats(b, 1000, 1200, Bilinear, false) })
}

func BenchmarkCopy(b *testing.B) {
	src := noise(256, 256, 3)
	slot, norm := make([]float32, 224*224*3), testNorm(3)
	for _, v := range available {
		for _, planar := range []bool{false, true} {
			for _, mirror := range []bool{false, true} {
				b.Run(fmt.Sprintf("%v planar=%v mirror=%v", v, planar, mirror), func(b *testing.B) {
					defer func(was variant) { current = was }(current)
					current = v
					var r Resampler
					b.ReportAllocs()
					for b.Loop() {
						r.Copy(&Target{Floats: slot, Channels: 3, Norm: norm, Planar: planar}, src,
							image.Rect(16, 16, 240, 240), mirror)
					}
				})
			}
		}
	}
}

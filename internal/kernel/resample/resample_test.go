package resample

import (
	"image"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/dsbuild/dsbuild/internal/kernel/isa"
)

// eachVariant runs a test with every variant that this machine has.
func eachVariant(t *testing.T, test func(t *testing.T)) {
	t.Helper()
	defer func(was isa.Variant) { current = was }(current)
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
	defer func(was isa.Variant) { current = was }(current)
	for _, c := range cases() {
		var base, other Resampler
		current = isa.Generic
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

// TestRandomGeometries compares the variants where nobody chose the numbers.
func TestRandomGeometries(t *testing.T) {
	defer func(was isa.Variant) { current = was }(current)
	random := rand.New(rand.NewPCG(3, 4))
	for range 150 {
		src := noise(1+random.IntN(120), 1+random.IntN(90), 1+2*random.IntN(2))
		g := whole(src, 1+random.IntN(90), 1+random.IntN(70), Filter(random.IntN(int(Lanczos)+1)))
		g.X, g.Y = g.W*random.Float64()/2, g.H*random.Float64()/2
		g.W, g.H = (g.W-g.X)*(1-random.Float64()), (g.H-g.Y)*(1-random.Float64())
		g.Mirror = random.IntN(2) == 1
		var r [3]Resampler
		current = isa.Generic
		wantBytes, wantFloats := results(&r[isa.Generic], src, g)
		for _, v := range available[1:] {
			current = v
			bytes, floats := results(&r[v], src, g)
			for i := range bytes {
				if !slices.Equal(bytes[i], wantBytes[i]) || !slices.Equal(floats[i], wantFloats[i]) {
					t.Errorf("%v: %+v of %d channels: result %d differs", v, g, src.Channels, i)
				}
			}
		}
	}
}

package resample

import (
	"image"
	"testing"

	"github.com/dsbuild/dsbuild/internal/kernel/isa"
)

// TestLargeTargetsAreAlike has rows of whole lines, which are written around
// the cache.
func TestLargeTargetsAreAlike(t *testing.T) {
	defer func(was isa.Variant) { current = was }(current)
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

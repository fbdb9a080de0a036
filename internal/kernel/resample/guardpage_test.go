package resample

import (
	"image"
	"testing"

	"github.com/dsbuild/dsbuild/internal/kernel/guardpage"
)

// TestNothingIsTouchedOutside ends the program where a loop reads or writes
// beyond its slices.
func TestNothingIsTouchedOutside(t *testing.T) {
	eachVariant(t, func(t *testing.T) {
		var r Resampler
		for _, c := range cases() {
			for _, ends := range []bool{false, true} {
				src := *c.src
				src.Pix = guardpage.Memory[uint8](t, len(c.src.Pix), ends)
				copy(src.Pix, c.src.Pix)
				touch(t, &r, &src, c.g, ends)
			}
		}
	})
}

// touch makes all that can be made of a source.
func touch(t *testing.T, r *Resampler, src *Source, g *Geometry, ends bool) {
	t.Helper()
	for channels := src.Channels; channels <= 3; channels += 2 {
		n := sizeOf(g).X * sizeOf(g).Y * channels
		bytes, floats := guardpage.Memory[uint8](t, n, ends), guardpage.Memory[float32](t, n, ends)
		clip := g.Touched().Intersect(image.Rect(0, 0, src.Width, src.Height))
		m := clip.Dx() * clip.Dy() * channels
		copiedBytes := guardpage.Memory[uint8](t, m, ends)
		copiedFloats := guardpage.Memory[float32](t, m, ends)
		for _, planar := range []bool{false, true} {
			b := &Target{Bytes: bytes, Channels: channels, Planar: planar}
			f := &Target{Floats: floats, Channels: channels, Planar: planar, Norm: testNorm(channels)}
			r.Scale(b, src, g)
			r.Scale(f, src, g)
			b.Bytes, f.Floats = copiedBytes, copiedFloats
			for _, mirror := range []bool{false, true} {
				r.Copy(b, src, clip, mirror)
				r.Copy(f, src, clip, mirror)
			}
		}
	}
}

func TestTransposeStaysInside(t *testing.T) {
	eachVariant(t, func(t *testing.T) {
		for width := 1; width < 20; width++ {
			for _, ends := range []bool{false, true} {
				src := &Source{guardpage.Memory[uint8](t, width*9*3, ends), width, 9, 3}
				for flips := range 4 {
					dst := guardpage.Memory[uint8](t, width*9*3, ends)
					Transpose(dst, src, flips&1 != 0, flips&2 != 0)
				}
			}
		}
	})
}

// TestMirrorStaysInside has rows of all lengths around those of a register.
func TestMirrorStaysInside(t *testing.T) {
	eachVariant(t, func(t *testing.T) {
		for width := 1; width < 70; width++ {
			for _, channels := range []int{1, 3} {
				for _, ends := range []bool{false, true} {
					src := guardpage.Memory[uint8](t, width*channels, ends)
					dst := guardpage.Memory[uint8](t, width*channels, ends)
					for i := range src {
						src[i] = uint8(i)
					}
					Mirror(dst, src, channels)
					for i, v := range dst {
						if want := uint8((width-1-i/channels)*channels + i%channels); v != want {
							t.Fatalf("%d pixels of %d channels: byte %d is %d, want %d", width, channels, i, v, want)
						}
					}
				}
			}
		}
		var r Resampler
		src := &Source{guardpage.Memory[uint8](t, 9, true), 3, 1, 3}
		to := &Target{Bytes: guardpage.Memory[uint8](t, 6, true), Channels: 3}
		r.Copy(to, src, image.Rect(1, 0, 3, 1), true)
	})
}

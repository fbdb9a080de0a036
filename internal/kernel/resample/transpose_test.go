package resample

import "testing"

func TestTranspose(t *testing.T) {
	eachVariant(t, func(t *testing.T) {
		for _, size := range [][2]int{{1, 1}, {5, 3}, {6, 4}, {7, 9}, {4, 17}, {33, 40}, {71, 38}} {
			for _, channels := range []int{1, 3} {
				for flips := range 4 {
					testTranspose(t, noise(size[0], size[1], channels), flips&1 != 0, flips&2 != 0)
				}
			}
		}
	})
}

func testTranspose(t *testing.T, src *Source, sourceUpsideDown, resultUpsideDown bool) {
	t.Helper()
	got := make([]uint8, len(src.Pix))
	Transpose(got, src, sourceUpsideDown, resultUpsideDown)
	for i, v := range got {
		x, y, c := i/src.Channels%src.Height, i/src.Channels/src.Height, i%src.Channels
		if resultUpsideDown {
			y = src.Width - 1 - y
		}
		if sourceUpsideDown {
			x = src.Height - 1 - x
		}
		if want := src.Pix[(x*src.Width+y)*src.Channels+c]; v != want {
			t.Fatalf("%dx%dx%d, upside down %v and %v: byte %d is %d, want %d", src.Width, src.Height,
				src.Channels, sourceUpsideDown, resultUpsideDown, i, v, want)
		}
	}
}

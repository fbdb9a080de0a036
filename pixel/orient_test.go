package pixel

import (
	"fmt"
	"testing"
)

// TestOrient compares every orientation with where EXIF 2.32 says that the
// stored row 0 and column 0 are seen.
func TestOrient(t *testing.T) {
	const w, h = 37, 23
	for o, from := range map[int]func(x, y int) (int, int){
		0: func(x, y int) (int, int) { return x, y },
		1: func(x, y int) (int, int) { return x, y },
		2: func(x, y int) (int, int) { return w - 1 - x, y },
		3: func(x, y int) (int, int) { return w - 1 - x, h - 1 - y },
		4: func(x, y int) (int, int) { return x, h - 1 - y },
		5: func(x, y int) (int, int) { return y, x },
		6: func(x, y int) (int, int) { return y, h - 1 - x },
		7: func(x, y int) (int, int) { return w - 1 - y, h - 1 - x },
		8: func(x, y int) (int, int) { return w - 1 - y, x },
	} {
		for _, channels := range []int{1, 3} {
			m := pattern(w, h, channels)
			got := m.Clone().Orient(o, nil)
			for i, v := range got.Pix {
				x, y := from(i/channels%got.Width, i/channels/got.Width)
				if want := m.Row(y)[x*channels+i%channels]; v != want {
					t.Fatalf("orientation %d of %d channels: byte %d is %d, want %d", o, channels, i, v, want)
				}
			}
		}
	}
}

func BenchmarkOrient(b *testing.B) {
	for _, channels := range []int{1, 3} {
		for o := 2; o <= 8; o++ {
			b.Run(fmt.Sprintf("%d channels/%d", channels, o), func(b *testing.B) {
				var s Scratch
				m := pattern(400, 533, channels).Orient(o, &s)
				m = m.Orient(o, &s)
				b.ReportAllocs()
				for b.Loop() {
					m = m.Orient(o, &s)
				}
			})
		}
	}
}

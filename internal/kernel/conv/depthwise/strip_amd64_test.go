package depthwise

import "testing"

func TestRunsOfTilesAreBounded(t *testing.T) {
	a := &axis{side: 1000, stride: 1, dilation: 1, pad: 1, taps: 3}
	for _, c := range []struct{ first, last, most, tiles, results int }{
		{0, 900, 5, 1, tileWidth}, // partly in the padding
		{7, 900, 5, 5, 5 * tileWidth},
		{7, 30, 5, 3, 3 * tileWidth},
		{28, 34, 5, 1, 6},
		{7, 1000, 200, 141, 141 * tileWidth},
	} {
		var f tile
		if n := f.flag(a, c.first, c.last, c.most); f.tiles != c.tiles || n != c.results {
			t.Errorf("from %d to %d, at most %d: %d tiles with %d results, want %d with %d",
				c.first, c.last, c.most, f.tiles, n, c.tiles, c.results)
		}
	}
}

package weight

import "testing"

func TestWishesNameEveryLineOnce(t *testing.T) {
	for _, c := range []struct{ step, floats, n, pixels int }{
		{64, 64, 30, 7}, {64, 32, 30, 7}, {64, 32, 7, 30}, {70, 20, 9, 4}, {3, 3, 100, 8},
	} {
		data := make([]float32, c.n*c.step)
		touched := make([]bool, len(data)/lineFloats+1)
		whole := wishFor(data, c.step, c.floats, c.n, c.pixels)
		for i := range 3 {
			var tile tile
			tile.wishes[1] = whole.share(i, 3)
			for from, step := tile.next(); step > 0; from, step = tile.next() {
				for k := range c.pixels {
					if at := len(data) - len(from) + k*step; at < len(data) {
						touched[at/lineFloats] = true
					}
				}
			}
		}
		for i := range c.n {
			if first := i * c.step / lineFloats; !touched[first] {
				t.Errorf("%+v: line %d of vector %d is forgotten", c, first, i)
			}
		}
	}
}

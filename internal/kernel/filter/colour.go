package filter

import "math"

// The weights of the channels in the gray value of a pixel, 0.2989, 0.587 and
// 0.114, which are torchvision's, in 65536ths.
const (
	redShare   = 19589
	greenShare = 38470
	blueShare  = 7471
)

// grayOf returns a gray value, rounded down.
func grayOf(r, g, b uint8) uint8 {
	return uint8((uint32(r)*redShare>>8 + uint32(g)*greenShare>>8 + uint32(b)*blueShare>>8) >> 8)
}

// splitGeneric takes the channels of len(r) pixels apart.
func splitGeneric(r, g, b, pix []uint8) {
	g, b, pix = g[:len(r)], b[:len(r)], pix[:3*len(r)]
	for i := range r {
		p := pix[3*i : 3*i+3 : 3*i+3]
		r[i], g[i], b[i] = p[0], p[1], p[2]
	}
}

// joinGeneric undoes splitGeneric.
func joinGeneric(pix, r, g, b []uint8) {
	g, b, pix = g[:len(r)], b[:len(r)], pix[:3*len(r)]
	for i := range r {
		p := pix[3*i : 3*i+3 : 3*i+3]
		p[0], p[1], p[2] = r[i], g[i], b[i]
	}
}

// graySumGeneric adds up the gray values.
func graySumGeneric(r, g, b []uint8) uint64 {
	total := uint64(0)
	for i := range r {
		total += uint64(grayOf(r[i], g[i], b[i]))
	}
	return total
}

// grayGeneric gives all channels the gray values.
func grayGeneric(r, g, b []uint8) {
	for i := range r {
		v := grayOf(r[i], g[i], b[i])
		r[i], g[i], b[i] = v, v, v
	}
}

// saturateGeneric is applyGeneric with another base for each pixel: the gray
// value times base/256.
func (s scaling) saturateGeneric(r, g, b []uint8) {
	for i := range r {
		base := (int32(grayOf(r[i], g[i], b[i]))<<7*int32(s.base) + 1<<14) >> 15
		for _, p := range [3]*uint8{&r[i], &g[i], &b[i]} {
			*p = clip(narrow(int32(*p)*int32(s.factor)>>8+base) >> s.shift)
		}
	}
}

// hueTurns returns what turnHue needs for a turn of the hue.
//
// In sixths of a turn, the hue of red is 0, of green 2, of blue 4. At a hue h a
// channel has its largest value up to a distance of 1 from its own, its least
// value from a distance of 2 on, and lies between them on a line. The distance
// is | |h + turn| - 3 | where the turn is chosen such that the sum lies within
// 6 of 0: for hues from -1 to 5 it must be from -5 to 1.
func hueTurns(turn float64) [3]int16 {
	var turns [3]int16
	for i, to := range [3]float64{5, 3, 1} {
		sixths := math.Mod(to+6*turn, 6)
		if sixths < 0 {
			sixths += 6
		}
		turns[i] = int16(math.Round((sixths - 5) * 4096))
	}
	return turns
}

// hueScale is 255.999/255, by which torchvision multiplies before it rounds
// down, in 65536ths of 16.
const hueScale = 4112

// turnHueGeneric turns the hue of pixels, by way of HSV (Smith, "Color gamut
// transform pairs", 1978) but without its divisions: hues are multiplied with
// the distance between the largest and the smallest channel. There are four
// bits behind the point.
func turnHueGeneric(r, g, b []uint8, turns *[3]int16) {
	for i := range r {
		red, green, blue := int32(r[i]), int32(g[i]), int32(b[i])
		top := max(red, green, blue)
		spread := top - min(red, green, blue)
		sixths := red - green + 4*spread
		if green == top {
			sixths = blue - red + 2*spread
		}
		if red == top {
			sixths = green - blue
		}
		for k, p := range [3]*uint8{&r[i], &g[i], &b[i]} {
			d := 16*sixths + (spread<<7*int32(turns[k])+1<<14)>>15
			d = max(d, -d) - 48*spread
			d = 32*spread - max(d, -d)
			v := 16*top - min(max(d, 0), 16*spread)
			*p = uint8(v * hueScale >> 16)
		}
	}
}

package sketch

import (
	"math"
	"math/rand/v2"
)

// A colour has sRGB components from 0 to 1.
type colour struct{ r, g, b float64 }

// lch returns the colour of lightness l in [0, 1], chroma c in [0, 0.3] and
// hue h in turns, clipped to what sRGB can show. Equal steps look equal:
// Ottosson, "A perceptual color space for image processing" (Oklab), 2020.
func lch(l, c, h float64) colour {
	sin, cos := math.Sincos(2 * math.Pi * h)
	a, b := c*cos, c*sin
	x := l + 0.3963377774*a + 0.2158037573*b
	y := l - 0.1055613458*a - 0.0638541728*b
	z := l - 0.0894841775*a - 1.2914855480*b
	x, y, z = x*x*x, y*y*y, z*z*z
	return colour{
		gamma(4.0767416621*x - 3.3077115913*y + 0.2309699292*z),
		gamma(-1.2684380046*x + 2.6097574011*y - 0.3413193965*z),
		gamma(-0.0041960863*x - 0.7034186147*y + 1.7076147010*z),
	}
}

// gamma is sRGB's transfer function, IEC 61966-2-1.
func gamma(v float64) float64 {
	switch {
	case v <= 0:
		return 0
	case v >= 1:
		return 1
	case v <= 0.0031308:
		return 12.92 * v
	}
	return 1.055*math.Pow(v, 1/2.4) - 0.055
}

// mix returns c where t is 0 and d where it is 1.
func (c colour) mix(d colour, t float64) colour {
	return colour{c.r + (d.r-c.r)*t, c.g + (d.g-c.g)*t, c.b + (d.b-c.b)*t}
}

// times returns the colour in more or less light.
func (c colour) times(f float64) colour { return colour{c.r * f, c.g * f, c.b * f} }

// A palette holds the colours of one picture. The subject's stand out
// against the ground's.
type palette struct {
	ground, ground2 colour // the backdrop
	main, main2     colour // the subject, and a tone for its patterns
	accent          colour // its second part, such as a roof
	detail          colour // its small parts, such as a door
	line            colour // outlines and wires
}

// drawPalette draws a light, dark or middling ground and colours against it.
func drawPalette(rng *rand.Rand) palette {
	hue, away := rng.Float64(), rng.Float64()
	var ground, main float64
	switch mood := rng.Float64(); {
	case mood < 0.5:
		ground, main = between(rng, 0.84, 0.94), between(rng, 0.46, 0.70)
	case mood < 0.78:
		ground, main = between(rng, 0.34, 0.46), between(rng, 0.70, 0.88)
	case mood < 0.88:
		ground, main = between(rng, 0.64, 0.76), between(rng, 0.32, 0.44)
	default:
		ground, main = between(rng, 0.52, 0.62), between(rng, 0.82, 0.93)
	}
	chroma := between(rng, 0.11, 0.21)
	tone := 0.13
	if main > ground {
		tone = 0.09
	}
	line := lch(0.22, 0.03, hue)
	if ground < 0.5 && chance(rng, 0.5) {
		line = lch(0.96, 0.02, hue)
	}
	return palette{
		ground: lch(ground, between(rng, 0.015, 0.075), away),
		ground2: lch(ground+between(rng, -0.09, 0.06), between(rng, 0.02, 0.09),
			away+between(rng, -0.2, 0.2)),
		main:   lch(main, chroma, hue),
		main2:  lch(main+tone*sign(rng), chroma*0.8, hue+between(rng, -0.12, 0.12)),
		accent: lch(main+between(rng, -0.1, 0.1), between(rng, 0.11, 0.2), hue+between(rng, 0.25, 0.75)),
		detail: lch(ground+0.35*(main-ground)/math.Abs(main-ground), 0.05, hue+0.5),
		line:   line,
	}
}

func sign(rng *rand.Rand) float64 { return float64(2*rng.IntN(2) - 1) }

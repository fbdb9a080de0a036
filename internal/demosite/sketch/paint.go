package sketch

import (
	"math"
	"math/rand/v2"
)

// A paint gives the colour at each place: of a subject's square, so that
// patterns turn with the subject, or of a backdrop.
type paint func(p point) colour

func plain(c colour) paint { return func(point) colour { return c } }

// fade goes from a to b along the direction of angle, in radians, over the
// square.
func fade(a, b colour, angle float64) paint {
	sin, cos := math.Sincos(angle)
	return func(p point) colour {
		return a.mix(b, clamp(0.5+0.4*(p.x*cos+p.y*sin)))
	}
}

// stripes alternates between a and b, period being the width of two stripes.
func stripes(a, b colour, angle, period float64) paint {
	sin, cos := math.Sincos(angle)
	return func(p point) colour {
		return a.mix(b, step(math.Sin((p.x*cos+p.y*sin)*2*math.Pi/period)))
	}
}

// checks is a cloth woven of two stripes.
func checks(a, b colour, angle, period float64) paint {
	sin, cos := math.Sincos(angle)
	return func(p point) colour {
		u := step(math.Sin((p.x*cos + p.y*sin) * 2 * math.Pi / period))
		v := step(math.Sin((p.y*cos - p.x*sin) * 2 * math.Pi / period))
		return a.mix(b, (u+v)/2)
	}
}

// dots puts dots of b on a.
func dots(a, b colour, angle, period float64) paint {
	sin, cos := math.Sincos(angle)
	return func(p point) colour {
		u, v := (p.x*cos+p.y*sin)/period, (p.y*cos-p.x*sin)/period
		u, v = u-math.Floor(u)-0.5, v-math.Floor(v)-0.5
		return a.mix(b, clamp((0.3-math.Hypot(u, v))*12))
	}
}

// pattern draws one of the patterns above for a subject.
func pattern(a, b colour, rng *rand.Rand) paint {
	angle, period := between(rng, 0, math.Pi), between(rng, 0.22, 0.42)
	switch kind := rng.Float64(); {
	case kind < 0.45:
		return plain(a)
	case kind < 0.65:
		return fade(a, b, angle*2)
	case kind < 0.8:
		return stripes(a, b, angle, period)
	case kind < 0.92:
		return dots(a, b, angle, period)
	default:
		return checks(a, b, angle, period)
	}
}

// step is a soft edge at zero, which leaves no jagged borders.
func step(v float64) float64 { return clamp(0.5 + 3*v) }

func clamp(v float64) float64 { return min(max(v, 0), 1) }

package sketch

import (
	"image"
	"math"
	"math/rand/v2"
)

// drawBackdrop draws what lies behind a subject: any of these behind any.
func drawBackdrop(size image.Point, colours palette, rng *rand.Rand) *canvas {
	c := newCanvas(size)
	a, b := colours.ground, colours.ground2
	angle, period := between(rng, 0, math.Pi), between(rng, 0.25, 0.7)
	switch rng.IntN(9) {
	case 0:
		c.paintAll(fade(a, b, 2*angle))
	case 1:
		c.paintAll(glow(a, b, rng))
	case 2:
		c.paintAll(clouds(a, b, between(rng, 2, 6), 1, 0, rng))
	case 3: // wood
		c.paintAll(clouds(a, b, between(rng, 3, 5), between(rng, 6, 10), angle, rng))
	case 4:
		c.paintAll(stripes(a, a.mix(b, 0.6), angle, period))
	case 5:
		c.paintAll(checks(a, a.mix(b, 0.7), angle, period))
	case 6:
		c.paintAll(fade(a, b, 2*angle))
		c.scatter(bokeh, a, b, rng)
	case 7:
		c.paintAll(clouds(a, a.mix(b, 0.5), 4, 1, 0, rng))
		c.scatter(confetti, a, b, rng)
	default:
		c.paintAll(hills(a, b, rng))
	}
	return c
}

// glow is a patch of light somewhere.
func glow(a, b colour, rng *rand.Rand) paint {
	at := point{between(rng, -0.7, 0.7), between(rng, -0.7, 0.7)}
	return func(p point) colour {
		return a.mix(b, clamp(math.Hypot(p.x-at.x, p.y-at.y)*0.8))
	}
}

// clouds is noise of some fineness, drawn out along angle.
func clouds(a, b colour, fineness, length, angle float64, rng *rand.Rand) paint {
	n := newNoise(rng)
	sin, cos := math.Sincos(angle)
	return func(p point) colour {
		u, v := (p.x*cos+p.y*sin)*fineness/length, (p.y*cos-p.x*sin)*fineness
		return a.mix(b, clamp(2*n.cloud(u+50, v+50)-0.5))
	}
}

// hills is a sky above some wavy ground.
func hills(a, b colour, rng *rand.Rand) paint {
	n := newNoise(rng)
	level, wave := between(rng, -0.1, 0.6), between(rng, 0.05, 0.4)
	near := b.mix(a, 0.3).times(0.92)
	return func(p point) colour {
		height := level + wave*(n.at(p.x*1.5+9, 0)-0.5)
		sky := a.mix(b, clamp(0.3-0.3*p.y))
		return sky.mix(near, clamp(0.5+(p.y-height)*40))
	}
}

// scatter strews shapes over the whole canvas.
func (c *canvas) scatter(shape func(*rand.Rand) path, a, b colour, rng *rand.Rand) {
	half := float64(max(c.width, c.height)) / 2
	place := affine{xx: half, x0: float64(c.width) / 2, yy: half, y0: float64(c.height) / 2}
	g := &pen{layer: c, toPixels: place, toSquare: place.inverse()}
	for range 10 + rng.IntN(30) {
		tint := a.mix(b, between(rng, 0.2, 1)).times(between(rng, 0.86, 1.1))
		g.fill(shape(rng), plain(tint))
	}
}

// bokeh is a disc of light.
func bokeh(rng *rand.Rand) path {
	r := between(rng, 0.04, 0.22)
	return ellipse(between(rng, -1, 1), between(rng, -1, 1), r, r)
}

// confetti is a scrap of paper or thread.
func confetti(rng *rand.Rand) path {
	x, y := between(rng, -1, 1), between(rng, -1, 1)
	near := func() float64 { return between(rng, -0.16, 0.16) }
	if chance(rng, 0.4) {
		return stroke(curve(x, y, x+near(), y+near(), x+near()*2, y+near()*2), 0.025)
	}
	return polygon(x+near(), y+near(), x+near(), y+near(), x+near(), y+near())
}

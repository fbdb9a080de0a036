package sketch

import "math"

// drawCup draws a mug from the side: tapered body, handle, rim and, at times,
// a band, a saucer and steam.
func drawCup(g *pen) {
	top, foot := g.between(0.48, 0.62), g.between(0.36, 0.52)
	high, low := -g.between(0.3, 0.55), g.between(0.55, 0.72)
	if g.chance(0.4) {
		g.part(ellipse(-0.1, low+0.02, g.between(0.75, 0.88), 0.13), g.second)
	}
	reach := g.between(0.3, 0.44)
	middle := high + (low-high)*0.42
	grip := curve(top-0.2, high+0.16, top+reach*0.7-0.1, high+0.14, top+reach-0.1, middle,
		top+reach*0.5-0.1, middle+0.32, foot-0.2, middle+0.38)
	thick := g.between(0.12, 0.17)
	if g.outline > 0 {
		g.line(grip, thick+2*g.outline, g.colours.line)
	}
	g.fill(stroke(grip, thick), g.skin)
	g.part(blob(-top-0.1, high, -foot-0.1-0.03, low-0.12, -foot, low, foot-0.2, low,
		foot-0.1+0.03, low-0.12, top-0.1, high, -0.1, high+0.03), g.skin)
	if g.chance(0.45) {
		y, width := g.between(high+0.35, low-0.35), (top+foot)/2
		g.fill(polygon(-width-0.08, y, width-0.12, y, width-0.14, y+0.16, -width-0.06, y+0.16),
			g.second)
	}
	rim := g.colours.main.mix(g.colours.ground, 0.35)
	g.part(ellipse(-0.1, high, top, g.between(0.1, 0.15)), plain(rim))
	g.fill(ellipse(-0.1, high+0.02, top*0.84, 0.08), plain(lch(0.33, 0.06, 0.15)))
	if g.chance(0.5) {
		for _, x := range []float64{-0.35, 0.1} {
			sway := g.between(0.06, 0.12)
			g.line(curve(x, high-0.12, x+sway, high-0.24, x-sway, high-0.36, x+sway, high-0.46), 0.045,
				g.colours.detail.mix(g.colours.ground, 0.25))
		}
	}
}

// drawFish draws a fish from the side, looking left: body, forked or fan-like
// tail, fins, gill, eye and mouth.
func drawFish(g *pen) {
	tall, back := g.between(0.3, 0.52), g.between(0.4, 0.55)
	spread, notch := g.between(0.3, 0.48), g.between(-0.12, 0.14)
	g.part(blob(back-0.12, 0, 0.78, -spread, 0.97, -spread*0.95, 0.88-notch, 0, 0.97, spread*0.95,
		0.78, spread), g.second)
	fin := g.between(0.18, 0.34)
	g.part(blob(-0.35, -tall*0.8, -0.05, -tall-fin, 0.28, -tall-fin*0.6, 0.22, -tall*0.5), g.second)
	g.part(blob(-0.1, tall*0.75, 0.08, tall+fin*0.7, 0.24, tall+fin*0.5, 0.2, tall*0.5), g.second)
	g.part(blob(-0.94, 0.03, -0.72, -tall*0.62, -0.25, -tall, 0.2, -tall*0.75, back+0.12, -0.1,
		back+0.12, 0.1, 0.2, tall*0.75, -0.25, tall, -0.72, tall*0.66), g.skin)
	if g.chance(0.4) {
		for i := range 2 + g.rng.IntN(3) {
			x := -0.22 + 0.2*float64(i)
			reach := tall * (0.86 - 0.3*math.Abs(x))
			g.line(curve(x, -reach, x+0.07, 0, x, reach), 0.06, g.colours.accent)
		}
	}
	g.line(curve(-0.5, -tall*0.55, -0.4, 0, -0.5, tall*0.55), 0.035, g.colours.line)
	g.part(blob(-0.22, 0.03, 0.08, 0.16, 0.05, 0.28, -0.16, 0.2), g.second)
	g.line(curve(-0.93, 0.06, -0.84, 0.1, -0.76, 0.09), 0.03, g.colours.line)
	g.fill(ellipse(-0.66, -tall*0.22, 0.095, 0.095), plain(colour{0.97, 0.97, 0.95}))
	g.fill(ellipse(-0.68, -tall*0.22, 0.05, 0.05), plain(colour{0.08, 0.08, 0.1}))
}

// drawFlower draws a blossom of 5 to 9 petals, most with stem and leaves.
func drawFlower(g *pen) {
	petals, wide := 5+g.rng.IntN(5), g.between(0.75, 1.05)
	size, cy := g.between(0.5, 0.62), -g.between(0.3, 0.38)
	if g.chance(0.2) {
		size, cy = g.between(0.72, 0.9), 0
	} else {
		drawStem(g, cy)
	}
	pointed := g.between(0.55, 0.95)
	turn := g.between(0, 1)
	half := wide * size * math.Sin(math.Pi/float64(petals)) * 0.85
	for i := range petals {
		sin, cos := math.Sincos((float64(i) + turn) * 2 * math.Pi / float64(petals))
		m := affine{xx: cos, xy: -sin, yx: sin, yy: cos, y0: cy}
		petal := blob(size*0.1, 0, size*0.5, -half*0.8, size*0.8, -half*pointed, size, 0,
			size*0.8, half*pointed, size*0.5, half*0.8)
		g.part(petal.apply(m), g.skin)
		g.line([]point{m.apply(point{size * 0.3, 0}), m.apply(point{size * 0.7, 0})}, 0.02,
			g.colours.main.mix(g.colours.line, 0.35))
	}
	g.part(ellipse(0, cy, size*0.3, size*0.3), plain(g.colours.accent))
	g.fill(ellipse(0, cy, size*0.2, size*0.2),
		dots(g.colours.accent, g.colours.accent.times(0.7), 0.5, 0.09))
}

// drawStem draws a bent stem below (0, cy) with one or two leaves.
func drawStem(g *pen, cy float64) {
	bend := g.between(-0.16, 0.16)
	green := g.colours.main2.mix(g.colours.detail, 0.45)
	g.part(stroke(curve(0, cy, bend, 0.4, 0, 0.98), g.between(0.07, 0.11)), plain(green))
	for i := range 1 + g.rng.IntN(2) {
		side, y := float64(1-2*i), g.between(0.45, 0.72)
		long := side * g.between(0.4, 0.6)
		g.part(blob(bend*0.6, y, long*0.5, y-0.28, long, y-0.32, long*0.7, y-0.02), plain(green))
	}
}

// drawHouse draws a front with door, windows and a gable roof, perhaps with a
// chimney that smokes.
func drawHouse(g *pen) {
	wide, eaves := g.between(0.58, 0.8), -g.between(0.02, 0.22)
	ridge, over := -g.between(0.74, 0.95), g.between(0.08, 0.2)
	low := g.between(0.72, 0.88)
	if g.chance(0.65) {
		x, top := g.between(0.25, 0.42), ridge+g.between(-0.02, 0.15)
		g.part(polygon(x, top, x+0.17, top, x+0.17, eaves, x, eaves), plain(g.colours.detail))
		if g.chance(0.5) {
			g.line(curve(x+0.08, top-0.04, x+0.2, top-0.1, x+0.14, top-0.18, x+0.3, top-0.22), 0.06,
				g.colours.ground2.mix(g.colours.detail, 0.5))
		}
	}
	g.part(polygon(-wide, eaves-0.02, wide, eaves-0.02, wide, low, -wide, low), g.skin)
	g.part(polygon(-wide-over, eaves, g.between(-0.12, 0.12), ridge, wide+over, eaves), g.second)
	pane := g.colours.detail.mix(colour{1, 0.95, 0.7}, 0.35)
	door := g.between(-0.4, 0.4)
	g.part(polygon(door-0.13, low-0.46, door+0.13, low-0.46, door+0.13, low, door-0.13, low),
		plain(g.colours.accent.times(0.8)))
	g.fill(ellipse(door+0.07, low-0.22, 0.03, 0.03), plain(g.colours.detail))
	for _, x := range []float64{-0.44, 0, 0.44} {
		if math.Abs(x-door) > 0.3 && math.Abs(x)+0.14 < wide {
			drawWindow(g, x, (eaves+low)/2-0.06, pane)
		}
	}
	if g.chance(0.4) {
		g.part(ellipse(0, eaves+(ridge-eaves)*0.4, 0.1, 0.1), plain(pane))
	}
}

// drawWindow draws a pane with its cross.
func drawWindow(g *pen, x, y float64, pane colour) {
	const half = 0.13
	g.part(polygon(x-half, y-half, x+half, y-half, x+half, y+half, x-half, y+half), plain(pane))
	g.line([]point{{x, y - half}, {x, y + half}}, 0.025, g.colours.line)
	g.line([]point{{x - half, y}, {x + half, y}}, 0.025, g.colours.line)
}

// drawSailboat draws a hull, a mast and one or two sails, perhaps with a flag
// and waves.
func drawSailboat(g *pen) {
	deck, keel := g.between(0.36, 0.48), g.between(0.68, 0.8)
	bow, stern := g.between(0.78, 0.95), g.between(0.68, 0.85)
	mast, top := g.between(-0.12, 0.12), -g.between(0.8, 0.95)
	boom := deck - g.between(0.08, 0.14)
	g.line([]point{{mast, top}, {mast, deck + 0.05}}, 0.05, g.colours.line)
	belly := g.between(0.02, 0.14)
	aft := stern * g.between(0.72, 0.95)
	leech := curve(mast+0.05, top+0.06, mast+(aft-mast)*0.55+belly, (top+boom)/2, aft, boom)
	g.part(path{turned(append(leech, point{mast + 0.05, boom}))}, g.second)
	if g.chance(0.75) {
		rise := top + g.between(0.12, 0.4)
		luff := curve(mast-0.06, rise, mast-0.3, (rise+boom)/2+0.05, -bow*0.85, boom)
		g.part(path{turned(append(luff, point{mast - 0.06, boom + 0.02}))},
			plain(g.colours.accent.mix(g.colours.detail, 0.3)))
	}
	g.part(blob(-bow, deck, -bow*0.9, deck+0.01, 0, deck+0.02, stern*0.9, deck+0.01, stern, deck,
		stern*0.84, keel-0.08, stern*0.7, keel, -bow*0.5, keel, -bow*0.72, keel-0.08), g.skin)
	g.line([]point{{-bow * 0.86, deck + 0.1}, {stern * 0.92, deck + 0.1}}, 0.05, g.colours.detail)
	if g.chance(0.5) {
		g.part(polygon(mast, top-0.04, mast+0.24, top+0.03, mast, top+0.1), plain(g.colours.main))
	}
	if g.chance(0.5) {
		for _, y := range []float64{keel + 0.02, keel + 0.14} {
			g.line(curve(-0.98, y, -0.75, y+0.06, -0.5, y, -0.25, y+0.06, 0, y, 0.25, y+0.06, 0.5, y,
				0.75, y+0.06, 0.98, y), 0.05, g.colours.detail.mix(g.colours.ground2, 0.3))
		}
	}
}

// drawTree draws a trunk under a crown of leaves, perhaps with fruit, or a
// conifer of three or four tiers.
func drawTree(g *pen) {
	trunk := g.between(0.09, 0.15)
	bark := plain(g.colours.detail.mix(lch(0.4, 0.07, 0.15), 0.6))
	g.part(polygon(-trunk*0.8, -0.1, trunk*0.8, -0.1, trunk*1.3, 0.96, -trunk*1.3, 0.96), bark)
	if g.chance(0.35) {
		tiers, wide := 3+g.rng.IntN(2), g.between(0.55, 0.75)
		for i := range tiers {
			t := float64(tiers-1-i) / float64(tiers)
			low := -0.95 + 1.55*(t+1/float64(tiers))
			high := max(-0.98, low-1.55/float64(tiers)-0.25)
			half := wide * (0.45 + 0.55*(t+1/float64(tiers)))
			g.part(blob(0, high, half*0.45, low-0.18, half, low, 0, low-0.06, -half, low,
				-half*0.45, low-0.18), g.skin)
		}
		return
	}
	wide, cy := g.between(0.45, 0.62), -g.between(0.28, 0.4)
	crown := ellipse(0, cy, wide, 0.4)
	puffs := 6 + g.rng.IntN(4)
	for i := range puffs {
		sin, cos := math.Sincos(2 * math.Pi * (float64(i) + g.between(0, 0.4)) / float64(puffs))
		r := g.between(0.2, 0.3)
		crown = append(crown, ellipse(wide*0.85*cos, cy+0.38*sin, r, r)...)
	}
	g.part(crown, g.skin)
	if g.chance(0.4) {
		for range 5 + g.rng.IntN(5) {
			x, y := g.between(-wide, wide)*0.9, cy+g.between(-0.4, 0.4)
			g.fill(ellipse(x, y, 0.07, 0.07), plain(g.colours.accent))
		}
	}
}

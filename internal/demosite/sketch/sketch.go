// Package sketch draws small pictures of everyday things, each one different:
// in goes the name of a subject, a size and a random generator, out comes an
// image of that subject on some backdrop.
//
//	rng := dataset.Key{Seed: 1, Sample: "fish/7"}.Rand("sketch")
//	img := sketch.Draw("fish", image.Pt(160, 120), rng)
//
// Position, scale, rotation, proportions, colours, patterns, light, backdrop
// and grain are drawn anew for each picture, and colours and backdrops are
// the same for all subjects: only the shape tells what a picture shows. The
// same generator state gives the same pixels.
package sketch

import (
	"fmt"
	"image"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
)

// subjects holds for each subject how it is drawn within the square from
// (-1, -1) to (1, 1), y pointing down.
var subjects = map[string]func(*pen){
	"cup":      drawCup,
	"fish":     drawFish,
	"flower":   drawFlower,
	"house":    drawHouse,
	"sailboat": drawSailboat,
	"tree":     drawTree,
}

// Subjects returns the names that Draw knows, sorted.
func Subjects() []string { return slices.Sorted(maps.Keys(subjects)) }

// Draw returns a picture of the subject of the given size in pixels, made by
// the draws of rng alone. It panics on a subject that Subjects does not list
// and on a size without pixels.
func Draw(subject string, size image.Point, rng *rand.Rand) *image.RGBA {
	draw, ok := subjects[subject]
	if !ok || size.X <= 0 || size.Y <= 0 {
		panic(fmt.Sprintf("sketch: no picture of %q has size %v", subject, size))
	}
	colours := drawPalette(rng)
	picture := drawBackdrop(size, colours, rng)
	g := newPen(size, place(size, rng), colours, rng)
	draw(g)
	g.layer.light(rng)
	picture.put(g.layer, rng)
	picture.finish(rng)
	return picture.image()
}

// place draws where the subject stands: the map from its square to pixels.
// The subject stays within the picture but for a corner at most.
func place(size image.Point, rng *rand.Rand) affine {
	w, h := float64(size.X), float64(size.Y)
	half := min(w, h) / 2 * between(rng, 0.7, 0.96)
	stretch := between(rng, 0.92, 1.08)
	sx, sy := half*stretch, half/stretch
	if rng.IntN(2) == 0 {
		sx = -sx
	}
	sin, cos := math.Sincos(between(rng, -0.24, 0.24))
	roomX, roomY := 0.7*(w/2-0.86*half), 0.7*(h/2-0.86*half)
	return affine{
		xx: sx * cos, xy: -sy * sin, x0: w/2 + roomX*between(rng, -1, 1),
		yx: sx * sin, yy: sy * cos, y0: h/2 + roomY*between(rng, -1, 1),
	}
}

// between returns a draw from [lo, hi).
func between(rng *rand.Rand, lo, hi float64) float64 { return lo + (hi-lo)*rng.Float64() }

// chance tells true with probability p.
func chance(rng *rand.Rand, p float64) bool { return rng.Float64() < p }

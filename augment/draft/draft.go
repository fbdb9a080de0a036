package draft

import (
	"math/rand/v2"
	"strconv"
	"sync"

	"github.com/dsbuild/dsbuild/dataset"
	"github.com/dsbuild/dsbuild/pixel"
)

// A Transform draws what happens to one image. It is a value, which use does
// not change.
type Transform interface {
	// Name is what recipes call the transform, such as "horizontal_flip".
	Name() string
	// Draw adds the transform's steps to a draft. All its randomness comes
	// from the draft's generator.
	Draw(d *Draft)
	// Validate tells what is wrong with the parameters.
	Validate() error
}

// A Draft is a plan in the making, and the generator that the transform whose
// turn it is draws from. It belongs to one goroutine.
type Draft struct {
	*rand.Rand
	// Width and Height are the size that the image has after the steps so far,
	// in pixels.
	Width, Height int

	plan   *pixel.Plan
	levels []*level
	depth  int
}

// A level is what one list of transforms draws with, within those around it.
type level struct {
	stream dataset.Stream
	order  []int
	outer  *rand.Rand // of the transform that has the list
}

// idle are the drafts that nobody has: as many as were ever drawn with at a
// time. A sync.Pool would give them up now and then.
var idle struct {
	sync.Mutex
	drafts []*Draft
}

// New returns a draft that makes the plan, emptied, one for an image of the
// given size. It is given back by Release.
func New(plan *pixel.Plan, width, height int) *Draft {
	plan.Reset()
	d := Bare(width, height)
	d.plan = plan
	return d
}

// Bare returns a draft without a plan: a generator for Turn, and the size of an
// image. It is given back by Release.
func Bare(width, height int) *Draft {
	d := take()
	d.Width, d.Height, d.depth = width, height, 0
	return d
}

// Release ends the draft, whose memory serves others then. The plan stays.
func (d *Draft) Release() {
	d.plan, d.Rand = nil, nil
	idle.Lock()
	defer idle.Unlock()
	idle.drafts = append(idle.drafts, d)
}

// take returns an idle draft, or a new one.
func take() *Draft {
	idle.Lock()
	defer idle.Unlock()
	last := len(idle.drafts) - 1
	if last < 0 {
		return new(Draft)
	}
	d := idle.drafts[last]
	idle.drafts = idle.drafts[:last]
	return d
}

// Add adds a step.
func Add[S any, P interface {
	*S
	pixel.Step
}](d *Draft, step S) {
	pixel.Add[S, P](d.plan, step)
	d.Width, d.Height = d.plan.Steps[len(d.plan.Steps)-1].Size(d.Width, d.Height)
}

// AugMix adds an AugMix of so many chains, which the caller fills in.
func (d *Draft) AugMix(own float64, chains int) *pixel.AugMix {
	return pixel.AddAugMix(d.plan, own, chains)
}

// Onto lets what follows be added to another plan, and returns the one that it
// was before.
func (d *Draft) Onto(plan *pixel.Plan) (before *pixel.Plan) {
	before, d.plan = d.plan, plan
	return before
}

// Normalize lets the plan's image be normalised so.
func (d *Draft) Normalize(n pixel.Normalization) { d.plan.Normalize(n) }

// All draws transforms one after the other, each from a generator of its own:
// that of the key for the transform's name and, from the second of a kind on,
// for which of them it is. So what one draws does not depend on which others
// stand beside it.
func (d *Draft) All(key dataset.Key, transforms []Transform) {
	l := d.enter()
	for i, t := range transforms {
		d.turn(l, key, transforms, i)
		t.Draw(d)
	}
	d.leave(l)
}

// Some draws those transforms that the indices name, in that order, as All
// does.
func (d *Draft) Some(key dataset.Key, transforms []Transform, indices []int) {
	l := d.enter()
	for _, i := range indices {
		d.turn(l, key, transforms, i)
		transforms[i].Draw(d)
	}
	d.leave(l)
}

// enter begins a list of transforms.
func (d *Draft) enter() *level {
	if d.depth == len(d.levels) {
		d.levels = append(d.levels, &level{})
	}
	l := d.levels[d.depth]
	d.depth++
	l.outer = d.Rand
	return l
}

// leave ends a list of transforms.
func (d *Draft) leave(l *level) {
	d.depth--
	d.Rand = l.outer
}

// Turn gives the draft the generator with which transform i of a list draws.
func (d *Draft) Turn(key dataset.Key, transforms []Transform, i int) {
	l := d.enter()
	d.turn(l, key, transforms, i)
	d.depth--
}

// turn is Turn within a level.
func (d *Draft) turn(l *level, key dataset.Key, transforms []Transform, i int) {
	name := transforms[i].Name()
	before := 0
	for _, other := range transforms[:i] {
		if other.Name() == name {
			before++
		}
	}
	if before == 0 {
		d.Rand = l.stream.Of(key, "augment/", name)
	} else {
		d.Rand = l.stream.Of(key, "augment/", name, "/", strconv.Itoa(before))
	}
}

// Perm returns the numbers from 0 to n-1 in random order. They are valid until
// the next call by the same transform.
func (d *Draft) Perm(n int) []int {
	l := d.levels[d.depth-1]
	l.order = l.order[:0]
	for i := range n {
		l.order = append(l.order, i)
	}
	order := l.order
	d.Shuffle(n, func(i, k int) { order[i], order[k] = order[k], order[i] })
	return order
}

// Chance tells, with probability p, that something happens.
func (d *Draft) Chance(p float64) bool { return d.Float64() < p }

// Between draws a number of a range.
func (d *Draft) Between(r [2]float64) float64 { return r[0] + (r[1]-r[0])*d.Float64() }

// Int draws a whole number of a range, both ends included.
func (d *Draft) Int(r [2]int) int { return r[0] + d.IntN(r[1]-r[0]+1) }

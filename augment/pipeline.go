package augment

import (
	"fmt"
	"math/rand/v2"
	"strconv"

	"github.com/dsbuild/dsbuild/dataset"
	"github.com/dsbuild/dsbuild/pixel"
)

// A Transform draws what happens to one image.
type Transform interface {
	// Name is what recipes call the transform, such as "horizontal_flip".
	Name() string
	// Draw returns the steps for an image of the given size, in pixels. All
	// its randomness comes from rng.
	Draw(rng *rand.Rand, width, height int) []pixel.Step
	// Validate tells what is wrong with the parameters.
	Validate() error
}

// A sizer is a transform that decides the size of the image.
type sizer interface {
	// withSize returns the transform with the size of its result set, if it
	// was left open.
	withSize(width, height int) Transform
}

// A Pipeline is a list of transforms, made one after the other. It is not
// changed by use and safe for concurrent use.
type Pipeline []Transform

// Plan returns what Draw draws.
func (p Pipeline) Plan(key dataset.Key, width, height int) pixel.Plan {
	var plan pixel.Plan
	p.Draw(&plan, key, width, height)
	return plan
}

// Draw draws all transforms for an image of the given size, in place of what
// the plan was. Each transform has a generator of its own, named after it:
// adding one of another kind leaves the draws of the others as they were.
func (p Pipeline) Draw(plan *pixel.Plan, key dataset.Key, width, height int) {
	plan.Reset()
	purposes := p.purposes()
	for i, t := range p {
		if n, ok := t.(Normalization); ok {
			plan.Normalization = n.normalization()
			continue
		}
		for _, step := range t.Draw(key.Rand(purposes[i]), width, height) {
			plan.Steps = append(plan.Steps, step)
			width, height = step.Size(width, height)
		}
	}
}

// purposes returns what each transform draws its numbers for: its name, and
// from the second of a kind on which of them it is.
func (p Pipeline) purposes() []string {
	purposes := make([]string, len(p))
	times := map[string]int{}
	for i, t := range p {
		purposes[i] = "augment/" + t.Name()
		if n := times[t.Name()]; n > 0 {
			purposes[i] += "/" + strconv.Itoa(n)
		}
		times[t.Name()]++
	}
	return purposes
}

// Validate tells what is wrong with the pipeline, naming the transform.
func (p Pipeline) Validate() error {
	for i, t := range p {
		if err := t.Validate(); err != nil {
			return fmt.Errorf("augment: transform %d, %s: %w", i+1, t.Name(), err)
		}
	}
	return nil
}

// For returns the pipeline for a network that takes images of the given size:
// transforms whose size was left open get it, those within compositions as
// well, and where none is sure to decide the size, a resize comes first.
func (p Pipeline) For(width, height int) Pipeline {
	sized := p.withSize(width, height)
	if !p.decides() {
		sized = append(Pipeline{Resized{Width: width, Height: height}}, sized...)
	}
	return sized
}

// Normalization returns the normalization that the pipeline asks for, or nil.
func (p Pipeline) Normalization() *pixel.Normalization {
	for _, t := range p {
		if n, ok := t.(Normalization); ok {
			return n.normalization()
		}
	}
	return nil
}

// checkShare tells whether a probability is one.
func checkShare(name string, p float64) error {
	if !(p >= 0 && p <= 1) {
		return fmt.Errorf("%s is %v, and must be from 0 to 1", name, p)
	}
	return nil
}

// checkRange tells whether a range is one within [least, most].
func checkRange(name string, r [2]float64, least, most float64) error {
	if !(r[0] >= least && r[0] <= r[1] && r[1] <= most) {
		return fmt.Errorf("%s is [%v, %v], and must be two numbers from %v to %v, the smaller first",
			name, r[0], r[1], least, most)
	}
	return nil
}

// checkNumber tells whether a number is one within [least, most].
func checkNumber(name string, v, least, most float64) error {
	if !(v >= least && v <= most) {
		return fmt.Errorf("%s is %v, and must be from %v to %v", name, v, least, most)
	}
	return nil
}

// between draws a number of a range.
func between(rng *rand.Rand, r [2]float64) float64 { return r[0] + (r[1]-r[0])*rng.Float64() }

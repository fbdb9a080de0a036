package pixel

import (
	"fmt"
	"strings"
)

// A Step is one change of an image, with all its parameters.
type Step interface {
	// Size returns the size of what the step makes of an image of the given
	// size, in pixels.
	Size(width, height int) (int, int)
	// Apply returns the image after the step. It may change m and return it,
	// or give its memory to s: m must not be used afterwards. What memory it
	// needs comes from s, which may be nil.
	Apply(m *Image, s *Scratch) *Image
	// String names the step and its parameters for people.
	String() string
}

// A Mover is a step that moves pixels, and so boxes and masks.
type Mover interface {
	Step
	// Map returns the map from points of an image of the given size to points
	// of the result. Points are in pixels; (0, 0) is the upper left corner of
	// the upper left pixel.
	Map(width, height int) Map
}

// A Plan is everything that happens to one image on its way into a batch.
// The zero Plan leaves an image as it is.
type Plan struct {
	Steps []Step
	// Normalization takes the place of the loader's own where it is set.
	Normalization *Normalization

	spare []Step // steps of plans before, whose memory Add uses again
	own   Normalization
}

// Reset empties the plan. The memory of its steps serves those that Add adds.
func (p *Plan) Reset() {
	p.spare = append(p.spare, p.Steps...)
	p.Steps, p.Normalization = p.Steps[:0], nil
}

// Normalize sets the plan's Normalization. It takes no memory.
func (p *Plan) Normalize(n Normalization) {
	p.own = n
	p.Normalization = &p.own
}

// Add adds a copy of a step to the plan.
func Add[S any, P interface {
	*S
	Step
}](p *Plan, step S) {
	for i, spare := range p.spare {
		if used, ok := spare.(P); ok {
			*used = step
			last := len(p.spare) - 1
			p.spare[i] = p.spare[last]
			p.spare = p.spare[:last]
			p.Steps = append(p.Steps, used)
			return
		}
	}
	added := P(new(S))
	*added = step
	p.Steps = append(p.Steps, added)
}

// Size returns the size of what the plan makes of an image of the given size.
func (p Plan) Size(width, height int) (int, int) {
	for _, step := range p.Steps {
		width, height = step.Size(width, height)
	}
	return width, height
}

// Apply returns the image after all steps, with memory from s, which may be
// nil. The caller gives m up and owns the result.
func (p Plan) Apply(m *Image, s *Scratch) *Image {
	for steps := p.Steps; len(steps) > 0; {
		n := applyColours(steps, m, s)
		if n == 0 {
			m, n = steps[0].Apply(m, s), 1
		}
		steps = steps[n:]
	}
	return m
}

// Map returns the map of the plan's moving steps, one after the other, for
// an image of the given size.
func (p Plan) Map(width, height int) Map {
	whole := identity
	for _, step := range p.Steps {
		if mover, ok := step.(Mover); ok {
			whole = mover.Map(width, height).after(whole)
		}
		width, height = step.Size(width, height)
	}
	return whole
}

// String lists the steps with their parameters: "crop 10,20 200x180 to 64x64;
// flip; brightness 1.2".
func (p Plan) String() string {
	if len(p.Steps) == 0 {
		return "as it is"
	}
	names := make([]string, len(p.Steps))
	for i, step := range p.Steps {
		names[i] = step.String()
	}
	return strings.Join(names, "; ")
}

// number formats a parameter shortly.
func number(v float64) string { return fmt.Sprintf("%.3g", v) }

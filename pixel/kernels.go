package pixel

import (
	"github.com/dsbuild/dsbuild/internal/kernel/degrade"
	"github.com/dsbuild/dsbuild/internal/kernel/filter"
	"github.com/dsbuild/dsbuild/internal/kernel/warp"
)

// kernels is the memory that steps need besides images.
type kernels struct {
	degrade degrade.Work
	filter  filter.Work
	warp    warp.Work
	ops     []filter.Op
	taps    []filter.Tap
}

// kernels returns the scratch's own, or new ones where there is no scratch.
func (s *Scratch) kernels() *kernels {
	if s == nil {
		return new(kernels)
	}
	return &s.work
}

// A colourer is a step that changes the colours of pixels where they are.
type colourer interface {
	Step
	op() filter.Op
}

// applyColours applies the colour steps that come first, all together, in
// place, and returns how many these are.
func applyColours(steps []Step, m *Image, s *Scratch) int {
	k := s.kernels()
	k.ops = k.ops[:0]
	for _, step := range steps {
		c, ok := step.(colourer)
		if !ok {
			break
		}
		k.ops = append(k.ops, c.op())
	}
	if len(k.ops) > 0 {
		k.filter.Colours(m.Pix, m.Channels, k.ops)
	}
	return len(k.ops)
}

// applyColour applies one colour step.
func applyColour(op filter.Op, m *Image, s *Scratch) *Image {
	k := s.kernels()
	k.ops = append(k.ops[:0], op)
	k.filter.Colours(m.Pix, m.Channels, k.ops)
	return m
}

// replaced gives up an image for another one.
func (s *Scratch) replaced(m, by *Image) *Image {
	s.Free(m)
	return by
}

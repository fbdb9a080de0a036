package layer

import "github.com/dsbuild/dsbuild/internal/kernel/vector"

// A mask is the backward step of what is fused into a layer that has no code of
// its own for it: it takes from the output's gradient what a ReLU did not let
// through, and hands the rest to the residual.
type mask struct {
	*Site
	task func(worker, lo, hi int)
}

func newMask(s *Site) *mask {
	m := &mask{Site: s}
	m.task = m.part
	return m
}

func (m *mask) apply() {
	if m.Fused.ReLU || m.Fused.GradResidual != nil {
		m.Team.For(m.Batch*m.Out.Size, pointGrain, m.task)
	}
}

func (m *mask) part(_, lo, hi int) {
	grad := m.GradOut.Data[lo:hi]
	if m.Fused.ReLU {
		vector.ReLUGradient(grad, grad, m.Out.Data[lo:hi], m.Fused.Ceiling)
	}
	if r := m.Fused.GradResidual; r != nil && &r.Data[0] != &m.GradOut.Data[0] {
		copy(r.Data[lo:hi], grad)
	}
}

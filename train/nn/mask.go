package nn

import "github.com/dsbuild/dsbuild/internal/kernel/vector"

// A mask is the backward step of what is fused into a layer that has no code of
// its own for it: it takes from the output's gradient what a ReLU did not let
// through, and hands the rest to the residual.
type mask struct {
	*site
	task func(worker, lo, hi int)
}

func newMask(s *site) *mask {
	m := &mask{site: s}
	m.task = m.part
	return m
}

func (m *mask) apply() {
	if m.fused.relu || m.fused.gradResidual != nil {
		m.team.For(m.batch*m.out.size, pointGrain, m.task)
	}
}

func (m *mask) part(_, lo, hi int) {
	grad := m.gradOut.data[lo:hi]
	if m.fused.relu {
		vector.ReLUGradient(grad, grad, m.out.data[lo:hi], m.fused.ceiling)
	}
	if r := m.fused.gradResidual; r != nil && &r.data[0] != &m.gradOut.data[0] {
		copy(r.data[lo:hi], grad)
	}
}

//go:build !amd64

package winograd

func (s *basis) transformInput(dst, src view, count int) { sandwich(s.input, dst, src, count) }

func (s *basis) transformKernel(dst, src view, count int) { sandwich(s.kernel, dst, src, count) }

func (s *basis) spreadGradient(dst, src view, count int) { sandwich(s.spread, dst, src, count) }

func (s *basis) makeOutput(dst, src view, count int, e finish) {
	outputGeneric(s.output, dst, src, count, e)
}

func (s *basis) gatherGradient(dst, src view, count int, add bool) {
	gatherGeneric(s.gather, dst, src, count, add)
}

func (p *product) run() { p.generic() }

func (p *outer) run() { p.generic() }

func askRows(data []float32, row, rows, columns int) {}

func hasFew() bool { return false }

func (f *few) run() { f.generic() }

package optim

import (
	"math"

	"github.com/dsbuild/dsbuild/internal/kernel/vector"
	"github.com/dsbuild/dsbuild/train/nn"
)

// chunkSize is how many values a goroutine updates at a time.
const chunkSize = 1 << 14

// A chunk is a piece of a tensor.
type chunk struct{ tensor, lo, hi int }

// chunksOf cuts the tensors into pieces.
func chunksOf(params []nn.Learnable) []chunk {
	var chunks []chunk
	for i, p := range params {
		for lo := 0; lo < len(p.Value); lo += chunkSize {
			chunks = append(chunks, chunk{i, lo, min(lo+chunkSize, len(p.Value))})
		}
	}
	return chunks
}

// moves is what all optimizers have: pieces of work, the gradient's length and
// the weights' average.
type moves struct {
	params   []nn.Learnable
	decays   []bool // by tensor
	chunks   []chunk
	steps    int64
	clip     float64 // 0 for none
	keep     float64 // of the average in a step; 0 for no average
	averages record  // of the weights
	squares  []float64
	measure  func(worker, lo, hi int)
	norm     float64
	scale    float32 // of the gradient in the current step
}

func newMoves(params []nn.Learnable, decays func(nn.Learnable) bool, clip, keep float64) *moves {
	m := &moves{params: params, chunks: chunksOf(params), clip: clip, keep: keep}
	for _, p := range params {
		m.decays = append(m.decays, decays == nil || decays(p))
	}
	if keep > 0 {
		m.averages = newRecord("average", params)
		for i, p := range params {
			copy(m.averages.values[i], p.Value)
		}
	}
	m.squares = make([]float64, len(m.chunks))
	m.measure = m.measurePart
	return m
}

// begin counts a step and finds the gradient's scale.
func (m *moves) begin(t Threads) {
	m.steps++
	m.scale = 1
	if m.clip <= 0 {
		return
	}
	t.For(len(m.chunks), 1, m.measure)
	sum := 0.0
	for _, s := range m.squares {
		sum += s
	}
	m.norm = math.Sqrt(sum)
	if !(m.norm <= m.clip) {
		m.scale = float32(m.clip / m.norm)
	}
}

func (m *moves) measurePart(_, lo, hi int) {
	for i, c := range m.chunks[lo:hi] {
		m.squares[lo+i] = vector.SumSquares(m.params[c.tensor].Grad[c.lo:c.hi])
	}
}

// average returns how a chunk's average moves. In the first steps it forgets
// faster: it has seen no more.
func (m *moves) average(c chunk) vector.Average {
	if m.keep <= 0 {
		return vector.Average{}
	}
	steps := float64(m.steps)
	return vector.Average{
		Mean: m.averages.values[c.tensor][c.lo:c.hi],
		Keep: float32(min(m.keep, (1+steps)/(10+steps))),
	}
}

// GradientNorm implements Optimizer.
func (m *moves) GradientNorm() float64 { return m.norm }

// Swap implements Optimizer.
func (m *moves) Swap() {
	if m.keep <= 0 {
		return
	}
	for i, p := range m.params {
		average := m.averages.values[i]
		for j, v := range p.Value {
			p.Value[j], average[j] = average[j], v
		}
		p.Changed()
	}
}

// records lists what is to be remembered: the given records that are kept, and
// the average.
func (m *moves) records(own ...record) []record {
	var list []record
	for _, r := range append(own, m.averages) {
		if r.values != nil {
			list = append(list, r)
		}
	}
	return list
}

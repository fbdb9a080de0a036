package optim

import (
	"fmt"

	"gorgonia.org/tensor"

	"github.com/dsbuild/dsbuild/internal/kernel/vector"
	"github.com/dsbuild/dsbuild/train/nn"
)

// SumPrefix starts the names of the tensors that a Sum remembers.
const SumPrefix = "gradient_sum."

// A Sum adds up the gradients of several batches for one step, as if they were
// one batch.
type Sum struct {
	params       []nn.Learnable
	sums         [][]float32 // of gradients times samples
	samples      int
	chunks       []chunk
	add, average func(worker, lo, hi int)
	weight       float32 // of the current call
}

// NewSum returns an empty sum for tensors, which it keeps.
func NewSum(params []nn.Learnable) *Sum {
	s := &Sum{params: params, sums: newRecord("", params).values, chunks: chunksOf(params)}
	s.add, s.average = s.addPart, s.averagePart
	return s
}

// Add takes in the gradients, which are of the mean over so many samples.
func (s *Sum) Add(t Threads, samples int) {
	s.samples += samples
	s.weight = float32(samples)
	t.For(len(s.chunks), 1, s.add)
}

func (s *Sum) addPart(_, lo, hi int) {
	for _, c := range s.chunks[lo:hi] {
		sum := s.sums[c.tensor][c.lo:c.hi]
		vector.Blend(sum, sum, s.params[c.tensor].Grad[c.lo:c.hi], 1, s.weight, 0)
	}
}

// Mean replaces the gradients by those of the mean over all samples that were
// taken in, and empties the sum.
func (s *Sum) Mean(t Threads) {
	s.weight = 1 / float32(max(s.samples, 1))
	t.For(len(s.chunks), 1, s.average)
	s.samples = 0
}

func (s *Sum) averagePart(_, lo, hi int) {
	for _, c := range s.chunks[lo:hi] {
		sum := s.sums[c.tensor][c.lo:c.hi]
		vector.Affine(s.params[c.tensor].Grad[c.lo:c.hi], sum, s.weight, 0)
		clear(sum)
	}
}

// Export returns copies of what was taken in since Mean, under names that start
// with SumPrefix: nothing where that is nothing.
func (s *Sum) Export() map[string]*tensor.Dense {
	tensors := map[string]*tensor.Dense{}
	if s.samples == 0 {
		return tensors
	}
	for i, p := range s.params {
		values := append([]float32(nil), s.sums[i]...)
		tensors[SumPrefix+p.Name] = tensor.New(
			tensor.WithShape(len(values)), tensor.WithBacking(values))
	}
	return tensors
}

// Import takes what Export returned, of so many samples, out of tensors. Where
// it returns an error, nothing changed.
func (s *Sum) Import(tensors map[string]*tensor.Dense, samples int) error {
	if samples == 0 {
		return nil
	}
	given := make([][]float32, len(s.params))
	for i, p := range s.params {
		name := SumPrefix + p.Name
		if tensors[name] == nil {
			return fmt.Errorf("tensor %q is missing", name)
		}
		given[i], _ = tensors[name].Data().([]float32)
		if len(given[i]) != len(s.sums[i]) {
			return fmt.Errorf("tensor %q: expects %d float32 values, but got %v of shape %v",
				name, len(s.sums[i]), tensors[name].Dtype(), tensors[name].Shape())
		}
	}
	for i, values := range given {
		copy(s.sums[i], values)
	}
	s.samples = samples
	return nil
}

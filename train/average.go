package train

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"gorgonia.org/tensor"

	"github.com/dsbuild/dsbuild/train/nn"
)

// averagePrefix starts the names of averaged statistics in checkpoints.
const averagePrefix = "average."

// statistics are the means and variances that batch norms keep, with their moving
// averages, which belong to the moving average of the weights.
type statistics struct {
	weights *nn.Weights
	keep    float64
	names   []string
	values  [][]float32 // shared with the weights
	average [][]float32
}

// newStatistics returns those of weights, or nil where keep is 0.
func newStatistics(w *nn.Weights, keep float64) *statistics {
	if keep <= 0 {
		return nil
	}
	s := &statistics{weights: w, keep: keep}
	for _, name := range statisticsOf(w) {
		values := w.Tensor(name).Data().([]float32)
		s.names, s.values = append(s.names, name), append(s.values, values)
		s.average = append(s.average, append([]float32(nil), values...))
	}
	return s
}

// statisticsOf returns the names of the means and variances of batch norms.
func statisticsOf(w *nn.Weights) []string {
	names := slices.Sorted(maps.Keys(w.Export()))
	return slices.DeleteFunc(names, func(name string) bool {
		return !strings.HasSuffix(name, ".running_mean") && !strings.HasSuffix(name, ".running_var")
	})
}

// update moves the averages after so many steps, as optimizers do theirs.
func (s *statistics) update(steps int) {
	keep := float32(min(s.keep, float64(1+steps)/float64(10+steps)))
	for i, values := range s.values {
		average := s.average[i]
		for j, v := range values {
			average[j] = keep*average[j] + (1-keep)*v
		}
	}
}

// swap exchanges the statistics and their averages.
func (s *statistics) swap() {
	for i, values := range s.values {
		average := s.average[i]
		for j, v := range values {
			values[j], average[j] = average[j], v
		}
	}
	s.weights.Changed()
}

// export adds copies of the averages to tensors.
func (s *statistics) export(tensors map[string]*tensor.Dense) {
	for i, name := range s.names {
		values := append([]float32(nil), s.average[i]...)
		tensors[averagePrefix+name] = tensor.New(
			tensor.WithShape(len(values)), tensor.WithBacking(values))
	}
}

// restore takes what export added out of tensors.
func (s *statistics) restore(tensors map[string]*tensor.Dense) error {
	for i, name := range s.names {
		given := tensors[averagePrefix+name]
		if given == nil {
			return fmt.Errorf("tensor %q is missing", averagePrefix+name)
		}
		values, _ := given.Data().([]float32)
		if len(values) != len(s.average[i]) {
			return fmt.Errorf("tensor %q must have %d float32 values, but has %v of shape %v",
				averagePrefix+name, len(s.average[i]), given.Dtype(), given.Shape())
		}
		copy(s.average[i], values)
	}
	return nil
}

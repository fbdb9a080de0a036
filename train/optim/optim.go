// Package optim updates the weights of a network: SGD, Adam and AdamW, with learning
// rate schedules.
//
// The tensors that a session of package engine trains flow in, and every Step
// changes their values according to their gradients. The learning rate comes from a
// Schedule, which is a pure function of the step's number:
//
//	adam := optim.NewAdam(session.Learnables(), optim.AdamOptions{WeightDecay: 0.01})
//	schedule := optim.Warmup{Steps: 100, Then: optim.Cosine{Rate: 1e-3, Total: 4590}}
//	session.Train(images, labels, step)
//	adam.Step(session, schedule.At(step))
//
// A step is a single pass over the weights, which also clips the gradients and
// updates a moving average of the weights, if options ask for that. The state of an
// optimizer can be exported as named tensors, so that a run can be resumed.
package optim

import (
	"fmt"
	"strings"

	"gorgonia.org/tensor"

	"github.com/dsbuild/dsbuild/internal/memory"
	"github.com/dsbuild/dsbuild/train/nn"
)

// Prefix starts the names of all tensors that optimizers remember.
const Prefix = "optimizer."

// Threads runs pieces of work at a time. *engine.Session is one.
type Threads interface {
	// For calls f for the chunks [0,grain), [grain,2*grain) … of [0,n) and
	// returns when all calls have.
	For(n, grain int, f func(worker, lo, hi int))
}

// An Optimizer moves the tensors that it was made for.
type Optimizer interface {
	// Step makes one update with the gradients as they are. It allocates
	// nothing, and its result does not depend on the number of threads.
	Step(t Threads, rate float64)
	// GradientNorm returns the length of the gradient over all tensors that the
	// last step found, before it was clipped; 0 where none is clipped.
	GradientNorm() float64
	// Swap exchanges the weights and their moving average, to evaluate or keep
	// the average; a second call takes it back. No step may be made meanwhile. It
	// does nothing where no average is kept.
	Swap()
	// Export returns copies of what the optimizer remembers, under names that
	// start with Prefix. Tensors lie as in memory.
	Export() map[string]*tensor.Dense
	// Import takes what Export returned out of tensors and ignores names
	// without Prefix. Where it returns an error, nothing changed.
	Import(tensors map[string]*tensor.Dense) error
}

// A record is one kind of value that an optimizer keeps for every weight.
type record struct {
	name   string
	values [][]float32 // by tensor
}

func newRecord(name string, params []nn.Learnable) record {
	r := record{name: name}
	for _, p := range params {
		r.values = append(r.values, memory.Floats(len(p.Value)))
	}
	return r
}

// export returns copies of the records and the number of steps made.
func export(params []nn.Learnable, steps int64, records ...record) map[string]*tensor.Dense {
	tensors := map[string]*tensor.Dense{Prefix + "step": tensor.New(tensor.FromScalar(steps))}
	for _, r := range records {
		for i, p := range params {
			values := append([]float32(nil), r.values[i]...)
			tensors[Prefix+r.name+"."+p.Name] = tensor.New(
				tensor.WithShape(len(values)), tensor.WithBacking(values))
		}
	}
	return tensors
}

// restore copies what export returned into the records.
func restore(tensors map[string]*tensor.Dense, params []nn.Learnable,
	records ...record) (steps int64, err error) {
	known := map[string][]float32{}
	for _, r := range records {
		for i, p := range params {
			known[Prefix+r.name+"."+p.Name] = r.values[i]
		}
	}
	stepName := Prefix + "step"
	for name, t := range tensors {
		if strings.HasPrefix(name, Prefix) && name != stepName && known[name] == nil {
			return 0, fmt.Errorf("tensor %q (shape %v) is not of this optimizer and network",
				name, t.Shape())
		}
	}
	if tensors[stepName] == nil {
		return 0, fmt.Errorf("tensor %q is missing", stepName)
	}
	steps, ok := tensors[stepName].Data().(int64)
	if !ok || steps < 0 {
		return 0, fmt.Errorf("tensor %q is not a number of steps", stepName)
	}
	for name, to := range known {
		if tensors[name] == nil {
			return 0, fmt.Errorf("tensor %q is missing", name)
		}
		if from, ok := tensors[name].Data().([]float32); !ok || len(from) != len(to) {
			return 0, fmt.Errorf("tensor %q: expects %d float32 values, but got %v of shape %v",
				name, len(to), tensors[name].Dtype(), tensors[name].Shape())
		}
	}
	for name, to := range known {
		copy(to, tensors[name].Data().([]float32))
	}
	return steps, nil
}

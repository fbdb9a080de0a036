package train

import (
	"maps"
	"math"
	"slices"

	"gorgonia.org/tensor"

	"github.com/dsbuild/dsbuild/loader"
	"github.com/dsbuild/dsbuild/train/nn"
	"github.com/dsbuild/dsbuild/train/optim"
)

// A stepper moves the weights by batches.
type stepper struct {
	learning   Learning
	session    *nn.Session
	optimizer  optim.Optimizer
	schedule   optim.Schedule
	sum        *optim.Sum // nil where each batch is a step
	batches    int        // of an epoch
	accumulate int
}

// newStepper returns one for a session that trains with so many batches an
// epoch.
func newStepper(s Settings, session *nn.Session, batches int) *stepper {
	p := &stepper{learning: s.Learning, session: session, batches: batches,
		accumulate: min(max(s.Accumulate, 1), batches)}
	learnables := session.Learnables()
	p.optimizer = s.optimizer(learnables)
	p.schedule = s.schedule(s.Epochs, p.steps())
	if p.accumulate > 1 {
		p.sum = optim.NewSum(learnables)
	}
	return p
}

// steps returns how many steps an epoch has.
func (p *stepper) steps() int { return (p.batches + p.accumulate - 1) / p.accumulate }

// step returns the number, from 0, of the step that a batch of an epoch is for.
func (p *stepper) step(epoch, batch int) int { return epoch*p.steps() + batch/p.accumulate }

// train computes the gradients of a batch, and moves the weights where the batch
// is the last of its step. Where the loss is not finite it moves nothing.
func (p *stepper) train(batch *loader.Batch, epoch, index int) nn.Result {
	shares := batch.Targets().Data().([]float32)
	smooth(shares, batch.Size(), p.learning.LabelSmoothing)
	result := p.session.TrainShares(batch.Images().Data().([]float32), shares, epoch*p.batches+index)
	if !isFinite(result.Loss) {
		return result
	}
	if p.sum != nil {
		p.sum.Add(p.session, batch.Size())
		if (index+1)%p.accumulate != 0 && index+1 != p.batches {
			return result
		}
		p.sum.Mean(p.session)
	}
	p.optimizer.Step(p.session, p.schedule.At(p.step(epoch, index)))
	return result
}

// export returns copies of all that is remembered from batch to batch.
func (p *stepper) export() map[string]*tensor.Dense {
	tensors := p.optimizer.Export()
	if p.sum != nil {
		maps.Copy(tensors, p.sum.Export())
	}
	return tensors
}

// restore takes what export returned out of tensors, after so many batches of an
// epoch, which had so many images each.
func (p *stepper) restore(tensors map[string]*tensor.Dense, done, images int) error {
	if err := p.optimizer.Import(tensors); err != nil || p.sum == nil {
		return err
	}
	return p.sum.Import(tensors, p.pending(done)*images)
}

// pending returns how many batches were taken in for a step that is not made
// yet, once so many of an epoch are done.
func (p *stepper) pending(done int) int {
	if done == p.batches {
		return 0
	}
	return done % p.accumulate
}

// smooth spreads a part of all images' shares evenly over the classes.
func smooth(shares []float32, images int, part float64) {
	if part <= 0 {
		return
	}
	keep, add := float32(1-part), float32(part*float64(images)/float64(len(shares)))
	for i, v := range shares {
		shares[i] = keep*v + add
	}
}

func isFinite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

// unsound returns the first tensor, by name, with a value that is not finite, and
// the value; no name where all are sound.
func unsound(tensors map[string]*tensor.Dense) (name string, value float64) {
	for _, name := range slices.Sorted(maps.Keys(tensors)) {
		values, _ := tensors[name].Data().([]float32)
		if i := slices.IndexFunc(values, func(v float32) bool { return v-v != 0 }); i >= 0 {
			return name, float64(values[i])
		}
	}
	return "", 0
}

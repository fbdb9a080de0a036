package train

import (
	"maps"
	"math"
	"slices"

	"gorgonia.org/tensor"

	"github.com/dsbuild/dsbuild/loader"
	"github.com/dsbuild/dsbuild/train/engine"
	"github.com/dsbuild/dsbuild/train/nn"
	"github.com/dsbuild/dsbuild/train/optim"
)

// A stepper moves the weights by batches.
type stepper struct {
	learning   Learning
	session    *engine.Session
	optimizer  optim.Optimizer
	schedule   optim.Schedule
	sum        *optim.Sum  // nil where each batch is a step
	statistics *statistics // nil where no average is kept
	watched    []watched
	batches    int // of an epoch
	accumulate int
}

// newStepper returns one for a session on weights that trains with so many
// batches an epoch.
func newStepper(s Settings, w *nn.Weights, session *engine.Session, batches int) *stepper {
	p := &stepper{learning: s.Learning, session: session, batches: batches,
		accumulate: min(max(s.Accumulate, 1), batches), statistics: newStatistics(w, s.EMA)}
	learnables := session.Learnables()
	p.watch(w)
	p.optimizer = s.optimizer(learnables)
	p.schedule = s.schedule(s.Epochs, p.steps())
	if p.accumulate > 1 {
		p.sum = optim.NewSum(learnables)
	}
	return p
}

// A watched is a small vector to which all that goes wrong in a layer comes.
type watched struct {
	name   string
	values []float32
}

// watch lists the gradients of biases and batch norms, which are sums of all
// gradients that come to their layers, and the statistics of batch norms, which
// are sums of all activations. Kernels such as those of maxima may hide from the
// loss what is not a number.
func (p *stepper) watch(w *nn.Weights) {
	for _, l := range p.session.Learnables() {
		if !l.Decays {
			p.watched = append(p.watched, watched{"the gradient of " + l.Name, l.Grad})
		}
	}
	for _, name := range statisticsOf(w) {
		p.watched = append(p.watched, watched{name, w.Tensor(name).Data().([]float32)})
	}
}

// steps returns how many steps an epoch has.
func (p *stepper) steps() int { return (p.batches + p.accumulate - 1) / p.accumulate }

// step returns the number, from 0, of the step that a batch of an epoch is for.
func (p *stepper) step(epoch, batch int) int { return epoch*p.steps() + batch/p.accumulate }

// train computes the gradients of a batch, and moves the weights where the batch
// is the last of its step. Where something is not finite it says what, and moves
// nothing.
func (p *stepper) train(
	batch *loader.Batch, epoch, index int,
) (result engine.Result, what string, value float64) {
	shares := batch.Targets().Data().([]float32)
	smooth(shares, batch.Size(), p.learning.LabelSmoothing)
	result = p.session.TrainShares(batch.Images().Data().([]float32), shares, epoch*p.batches+index)
	if what, value = p.unsound(result); what != "" {
		return result, what, value
	}
	if p.sum != nil {
		p.sum.Add(p.session, batch.Size())
		if (index+1)%p.accumulate != 0 && index+1 != p.batches {
			return result, "", 0
		}
		p.sum.Mean(p.session)
	}
	step := p.step(epoch, index)
	p.optimizer.Step(p.session, p.schedule.At(step))
	if p.statistics != nil {
		p.statistics.update(step + 1)
	}
	return result, "", 0
}

// unsound returns what of a batch is not finite, and its value; no name where all
// is sound.
func (p *stepper) unsound(result engine.Result) (name string, value float64) {
	if !isFinite(result.Loss) {
		return "the loss", result.Loss
	}
	for _, w := range p.watched {
		if i := unsoundIndex(w.values); i >= 0 {
			return w.name, float64(w.values[i])
		}
	}
	return "", 0
}

func isFinite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

// unsoundIndex returns where the first value lies that is not finite, or -1.
func unsoundIndex(values []float32) int {
	return slices.IndexFunc(values, func(v float32) bool { return v-v != 0 })
}

// swap exchanges the network and its moving average, where one is kept. No batch
// may be trained on until a second call takes it back.
func (p *stepper) swap() {
	if p.statistics != nil {
		p.optimizer.Swap()
		p.statistics.swap()
	}
}

// export returns copies of all that is remembered from batch to batch.
func (p *stepper) export() map[string]*tensor.Dense {
	tensors := p.optimizer.Export()
	if p.sum != nil {
		maps.Copy(tensors, p.sum.Export())
	}
	if p.statistics != nil {
		p.statistics.export(tensors)
	}
	return tensors
}

// restore takes what export returned out of tensors, after so many batches of an
// epoch, which had so many images each.
func (p *stepper) restore(tensors map[string]*tensor.Dense, done, images int) error {
	err := p.optimizer.Import(tensors)
	if err == nil && p.sum != nil {
		err = p.sum.Import(tensors, p.pending(done)*images)
	}
	if err == nil && p.statistics != nil {
		err = p.statistics.restore(tensors)
	}
	return err
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

// unsound returns the first tensor, by name, with a value that is not finite, and
// the value; no name where all are sound.
func unsound(tensors map[string]*tensor.Dense) (name string, value float64) {
	for _, name := range slices.Sorted(maps.Keys(tensors)) {
		values, _ := tensors[name].Data().([]float32)
		if i := unsoundIndex(values); i >= 0 {
			return name, float64(values[i])
		}
	}
	return "", 0
}

package train

import (
	"math"

	"github.com/dsbuild/dsbuild/train/nn"
	"github.com/dsbuild/dsbuild/train/optim"
)

// schedule returns the rates of a run of so many epochs and steps in each.
// Nothing may be left open.
func (l Learning) schedule(epochs, steps int) optim.Schedule {
	total := epochs * steps
	warmup := min(int(math.Round(l.Warmup*float64(steps))), total-1)
	if l.Schedule == "one-cycle" {
		rise := max(float64(warmup+1)/float64(total), 1e-9)
		return optim.OneCycle{Rate: l.LearningRate, Total: total, Rise: rise}
	}
	then := optim.Schedule(optim.Constant{Rate: l.LearningRate})
	switch l.Schedule {
	case "cosine":
		then = optim.Cosine{Rate: l.LearningRate, Total: total - warmup}
	case "step":
		then = optim.Steps{
			Rate: l.LearningRate, Gamma: l.Gamma, Milestones: l.milestones(epochs, steps, warmup),
		}
	}
	return optim.Warmup{Steps: warmup, Then: then}
}

// milestones returns the steps after the warm-up at which the schedule step
// lowers the rate.
func (l Learning) milestones(epochs, steps, warmup int) []int {
	ends := l.Milestones
	for at := l.StepSize; l.StepSize > 0 && at < epochs; at += l.StepSize {
		ends = append(ends, at)
	}
	places := make([]int, len(ends))
	for i, epoch := range ends {
		places[i] = epoch*steps - warmup
	}
	return places
}

// optimizer returns the optimizer of a run for tensors. Nothing may be left
// open.
func (l Learning) optimizer(params []nn.Learnable) optim.Optimizer {
	decays := func(p nn.Learnable) bool { return p.Decays || l.DecayAll }
	if l.Optimizer == "sgd" {
		return optim.NewSGD(params, optim.SGDOptions{
			Momentum: l.Momentum, Nesterov: l.Momentum > 0, WeightDecay: l.WeightDecay, Decays: decays,
			ClipNorm: l.ClipNorm, Average: l.EMA,
		})
	}
	return optim.NewAdam(params, optim.AdamOptions{
		WeightDecay: l.WeightDecay, Decays: decays, ClipNorm: l.ClipNorm, Average: l.EMA,
	})
}

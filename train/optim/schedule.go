package optim

import "math"

// A Schedule gives the learning rate of each step. It depends on nothing but
// the step's number.
type Schedule interface {
	// At returns the rate of a step, counted from 0.
	At(step int) float64
}

// Constant is the same rate for all steps.
type Constant struct{ Rate float64 }

// At implements Schedule.
func (c Constant) At(int) float64 { return c.Rate }

// Cosine falls from Rate along half a cosine to 0 at step Total, and stays there
// (Loshchilov and Hutter, 2017, without restarts):
//
//	rate(t) = Rate (1 + cos(π t/Total)) / 2
type Cosine struct {
	Rate  float64
	Total int // steps
}

// At implements Schedule.
func (c Cosine) At(step int) float64 {
	if step >= c.Total {
		return 0
	}
	return anneal(c.Rate, 0, float64(step)/float64(c.Total))
}

// anneal goes from one value to another along half a cosine, as done goes from
// 0 to 1.
func anneal(from, to, done float64) float64 {
	return to + (from-to)*(1+math.Cos(math.Pi*done))/2
}

// Warmup rises in a line, over so many steps, to where another schedule begins,
// which then follows (Goyal et al., 2017, "Accurate, Large Minibatch SGD"):
//
//	rate(t) = Then(0) (t+1)/Steps   for t < Steps
//	rate(t) = Then(t-Steps)         from there on
type Warmup struct {
	Steps int
	Then  Schedule
}

// At implements Schedule.
func (w Warmup) At(step int) float64 {
	if step < w.Steps {
		return w.Then.At(0) * float64(step+1) / float64(w.Steps)
	}
	return w.Then.At(step - w.Steps)
}

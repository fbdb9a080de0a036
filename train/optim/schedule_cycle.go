package optim

import "cmp"

// OneCycle rises along half a cosine from Rate/Start to Rate and falls along
// another one to Rate/Start/End at the last step, and stays there (Smith and
// Topin, 2018, "Super-Convergence", in the form of PyTorch's OneCycleLR). With
// p = Rise Total - 1 and a(x,y,d) = y + (x-y) (1 + cos(π d)) / 2:
//
//	rate(t) = a(Rate/Start, Rate, t/p)                        for t <= p
//	rate(t) = a(Rate, Rate/Start/End, (t-p) / (Total-1-p))    from there on
type OneCycle struct {
	Rate  float64
	Total int     // steps
	Rise  float64 // share of the steps on which it rises; default 0.3
	Start float64 // default 25
	End   float64 // default 10000
}

// At implements Schedule.
func (c OneCycle) At(step int) float64 {
	first := c.Rate / cmp.Or(c.Start, 25)
	last := first / cmp.Or(c.End, 1e4)
	t, end := float64(step), float64(c.Total-1)
	peak := min(max(cmp.Or(c.Rise, 0.3)*float64(c.Total)-1, 0), end)
	switch {
	case t >= end && end > peak:
		return last
	case t < peak:
		return anneal(first, c.Rate, t/peak)
	case peak == end:
		return c.Rate
	default:
		return anneal(c.Rate, last, (t-peak)/(end-peak))
	}
}

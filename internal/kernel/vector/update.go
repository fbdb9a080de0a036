package vector

import "math"

// An Average moves the mean of weights over the steps (Polyak and Juditsky, 1992):
// mean = Keep*mean + (1-Keep)*value.
type Average struct {
	Mean []float32 // nil for none
	Keep float32
}

// leastNormal is the least number that has all its bits. Steps make moments below it
// zero, and may do so with all that they read and write: such numbers take
// processors up to a hundred times longer, and they would stay, since 0.9 of the
// least of them rounds to itself.
const leastNormal = 0x1p-126

// normal returns x, or 0 where it is not normal.
func normal(x float32) float32 {
	if x > -leastNormal && x < leastNormal {
		return 0
	}
	return x
}

// SGD is a step of gradient descent with momentum (Sutskever et al., 2013):
//
//	g = Scale*gradient + Decay*value
//	momentum = Momentum*momentum + g
//	value -= Rate * momentum, or Rate * (g + Momentum*momentum) for Nesterov
type SGD struct {
	Rate, Momentum, Decay, Scale float32
	Nesterov                     bool
}

// Update makes a step and moves the mean of what comes out. A Momentum of 0 needs
// no memory for it.
func (s SGD) Update(value, gradient, momentum []float32, mean Average) {
	gradient = cut(gradient, len(value))
	if s.Momentum != 0 {
		momentum = cut(momentum, len(value))
	}
	if mean.Mean != nil {
		mean.Mean = cut(mean.Mean, len(value))
	}
	done := s.update(value, gradient, momentum, mean)
	if s.Momentum != 0 {
		momentum = momentum[done:]
	}
	if mean.Mean != nil {
		mean.Mean = mean.Mean[done:]
	}
	s.updateGeneric(value[done:], gradient[done:], momentum, mean)
}

func (s SGD) updateGeneric(value, gradient, momentum []float32, mean Average) {
	for i, v := range value {
		g := s.Scale*gradient[i] + s.Decay*v
		move := g
		if s.Momentum != 0 {
			move = normal(s.Momentum*momentum[i] + g)
			momentum[i] = move
			if s.Nesterov {
				move = s.Momentum*move + g
			}
		}
		value[i] = v - s.Rate*move
	}
	if mean.Mean != nil {
		mean.updateGeneric(value)
	}
}

// updateGeneric moves the mean towards the values.
func (a Average) updateGeneric(value []float32) {
	mean, keep, add := a.Mean[:len(value)], a.Keep, 1-a.Keep
	for i, v := range value {
		mean[i] = keep*mean[i] + add*v
	}
}

// Adam is a step of the method of Kingma and Ba (2015), with the decay of weights
// beside the gradient (Loshchilov and Hutter, 2019) or in it:
//
//	g = Scale*gradient + Penalty*value
//	first = Beta1*first + (1-Beta1)*g
//	second = Beta2*second + (1-Beta2)*g*g
//	value = Keep*value - Size * first / (Correction*sqrt(second) + Epsilon)
//
// Size is the rate over 1-Beta1^step, Correction the inverse of the root of
// 1-Beta2^step, Keep 1 less the rate times the decay.
type Adam struct {
	Scale, Penalty         float32
	Beta1, Add1            float32 // Add1 is 1-Beta1
	Beta2, Add2            float32 // Add2 is 1-Beta2
	Keep, Size, Correction float32
	Epsilon                float32
}

// Update makes a step and moves the mean of what comes out.
func (a Adam) Update(value, gradient, first, second []float32, mean Average) {
	n := len(value)
	gradient, first, second = cut(gradient, n), cut(first, n), cut(second, n)
	if mean.Mean != nil {
		mean.Mean = cut(mean.Mean, n)
	}
	done := a.update(value, gradient, first, second, mean)
	if mean.Mean != nil {
		mean.Mean = mean.Mean[done:]
	}
	a.updateGeneric(value[done:], gradient[done:], first[done:], second[done:], mean)
}

func (a Adam) updateGeneric(value, gradient, first, second []float32, mean Average) {
	gradient = gradient[:len(value)]
	first, second = first[:len(value)], second[:len(value)]
	for i, x := range value {
		g := a.Scale*gradient[i] + a.Penalty*x
		m := normal(a.Beta1*first[i] + a.Add1*g)
		v := normal(a.Beta2*second[i] + a.Add2*g*g)
		first[i], second[i] = m, v
		root := float32(math.Sqrt(float64(v)))
		value[i] = x*a.Keep - a.Size*m/(root*a.Correction+a.Epsilon)
	}
	if mean.Mean != nil {
		mean.updateGeneric(value)
	}
}

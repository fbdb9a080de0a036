package vector

import "github.com/dsbuild/dsbuild/internal/kernel/isa"

func (s SGD) update(value, gradient, momentum []float32, mean Average) (done int) {
	n := whole(len(value))
	factors := [6]float32{s.Rate, s.Momentum, s.Decay, s.Scale, mean.Keep, 1 - mean.Keep}
	for at := 0; at < n; at += most {
		size := min(most, n-at)
		var average, speed *float32
		if mean.Mean != nil {
			average = &mean.Mean[at]
		}
		if s.Momentum != 0 {
			speed = &momentum[at]
		}
		if current == isa.AVX512 {
			s.updateAVX512(&value[at], &gradient[at], speed, average, size, &factors)
		} else {
			s.updateAVX2(&value[at], &gradient[at], speed, average, size, &factors)
		}
	}
	return n
}

func (s SGD) updateAVX512(value, gradient, momentum, mean *float32, n int, factors *[6]float32) {
	switch {
	case momentum == nil && mean == nil:
		descendAVX512(value, gradient, n, factors)
	case momentum == nil:
		descendMeanAVX512(mean, value, gradient, n, factors)
	case s.Nesterov && mean == nil:
		nesterovAVX512(value, gradient, momentum, n, factors)
	case s.Nesterov:
		nesterovMeanAVX512(mean, value, gradient, momentum, n, factors)
	case mean == nil:
		sgdAVX512(value, gradient, momentum, n, factors)
	default:
		sgdMeanAVX512(mean, value, gradient, momentum, n, factors)
	}
}

func (s SGD) updateAVX2(value, gradient, momentum, mean *float32, n int, factors *[6]float32) {
	switch {
	case momentum == nil && mean == nil:
		descendAVX2(value, gradient, n, factors)
	case momentum == nil:
		descendMeanAVX2(mean, value, gradient, n, factors)
	case s.Nesterov && mean == nil:
		nesterovAVX2(value, gradient, momentum, n, factors)
	case s.Nesterov:
		nesterovMeanAVX2(mean, value, gradient, momentum, n, factors)
	case mean == nil:
		sgdAVX2(value, gradient, momentum, n, factors)
	default:
		sgdMeanAVX2(mean, value, gradient, momentum, n, factors)
	}
}

func (a Adam) update(value, gradient, first, second []float32, mean Average) (done int) {
	n := whole(len(value))
	if n == 0 {
		return 0
	}
	var factors [12][lanes]float32
	for i, v := range [12]float32{a.Scale, a.Penalty, a.Beta1, a.Add1, a.Beta2, a.Add2, a.Keep,
		a.Size, a.Correction, a.Epsilon, mean.Keep, 1 - mean.Keep} {
		for lane := range lanes {
			factors[i][lane] = v
		}
	}
	for at := 0; at < n; at += most {
		size := min(most, n-at)
		x, g, m, v := &value[at], &gradient[at], &first[at], &second[at]
		switch {
		case mean.Mean == nil && current == isa.AVX512:
			adamAVX512(x, g, m, v, size, &factors)
		case mean.Mean == nil:
			adamAVX2(x, g, m, v, size, &factors)
		case current == isa.AVX512:
			adamMeanAVX512(&mean.Mean[at], x, g, m, v, size, &factors)
		default:
			adamMeanAVX2(&mean.Mean[at], x, g, m, v, size, &factors)
		}
	}
	return n
}

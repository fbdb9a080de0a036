package draft

import (
	"math"
	"slices"
)

// Beta draws from the beta distribution of the parameters alpha and alpha, both
// positive: evenly from 0 to 1 where alpha is 1, rather near to 0 and 1 below.
func (d *Draft) Beta(alpha float64) float64 {
	x, y := d.logGamma(alpha), d.logGamma(alpha)
	return 1 / (1 + math.Exp(y-x))
}

// Dirichlet fills shares with a draw from the symmetric Dirichlet distribution
// of a positive alpha: shares that sum to 1.
func (d *Draft) Dirichlet(shares []float64, alpha float64) {
	for i := range shares {
		shares[i] = d.logGamma(alpha)
	}
	most, sum := slices.Max(shares), 0.0
	for i, v := range shares {
		shares[i] = math.Exp(v - most)
		sum += shares[i]
	}
	for i := range shares {
		shares[i] /= sum
	}
}

// logGamma draws the logarithm of a number from the gamma distribution of the
// given shape (Marsaglia and Tsang, "A Simple Method for Generating Gamma
// Variables", 2000). Logarithms hold the tiny numbers of small shapes.
func (d *Draft) logGamma(shape float64) float64 {
	if shape < 1 {
		u := 1 - d.Float64()
		return d.logGamma(shape+1) + math.Log(u)/shape
	}
	third := shape - 1./3
	c := 1 / math.Sqrt(9*third)
	for {
		x := d.NormFloat64()
		v := 1 + c*x
		if v <= 0 {
			continue
		}
		v *= v * v
		if math.Log(1-d.Float64()) < x*x/2+third-third*v+third*math.Log(v) {
			return math.Log(third) + math.Log(v)
		}
	}
}

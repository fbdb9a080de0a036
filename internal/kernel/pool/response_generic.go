package pool

import "math"

// productGeneric sets to to a b.
func productGeneric(to, a, b []float32) {
	for c := range to {
		to[c] = a[c] * b[c]
	}
}

// bracketsGeneric sets each element to k + scale times the sum of size neighbours
// from its place on.
func bracketsGeneric(to, neighbours []float32, size int, scale, k float32) {
	for c := range to {
		sum := float32(0)
		for _, v := range neighbours[c:][:size] {
			sum += v
		}
		to[c] = k + scale*sum
	}
}

// powerGeneric sets to to x^-beta.
func powerGeneric(to, x []float32, beta float32) {
	if beta != 0.75 {
		for c, v := range x {
			to[c] = float32(math.Pow(float64(v), -float64(beta)))
		}
		return
	}
	for c, v := range x {
		root := math.Sqrt(float64(v))
		to[c] = float32(1 / (root * math.Sqrt(root)))
	}
}

// ratioGeneric sets to to grad x factors / sums.
func ratioGeneric(to, grad, x, factors, sums []float32) {
	for c := range to {
		to[c] = grad[c] * x[c] * factors[c] / sums[c]
	}
}

// collectGeneric adds grad factors - scale x sums to to.
func collectGeneric(to, grad, factors, x, sums []float32, scale float32) {
	for c := range to {
		to[c] += grad[c]*factors[c] - scale*x[c]*sums[c]
	}
}

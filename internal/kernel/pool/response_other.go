//go:build !amd64

package pool

func product(to, a, b []float32) { productGeneric(to, a, b) }

func brackets(to, neighbours []float32, size int, scale, k float32) {
	bracketsGeneric(to, neighbours, size, scale, k)
}

func power(to, x []float32, beta float32) { powerGeneric(to, x, beta) }

func ratio(to, grad, x, factors, sums []float32) { ratioGeneric(to, grad, x, factors, sums) }

func collect(to, grad, factors, x, sums []float32, scale float32) {
	collectGeneric(to, grad, factors, x, sums, scale)
}

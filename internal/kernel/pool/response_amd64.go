package pool

import "github.com/dsbuild/dsbuild/internal/kernel/isa"

// whole returns how many of n floats the assembly does.
func whole(n int) int {
	switch current {
	case isa.AVX512:
		return n &^ 15
	case isa.AVX2:
		return n &^ 7
	default:
		return 0
	}
}

func product(to, a, b []float32) {
	n := whole(len(to))
	switch {
	case n == 0:
	case current == isa.AVX512:
		productAVX512(&to[0], &a[:n][0], &b[:n][0], n)
	default:
		productAVX2(&to[0], &a[:n][0], &b[:n][0], n)
	}
	productGeneric(to[n:], a[n:], b[n:])
}

func brackets(to, neighbours []float32, size int, scale, k float32) {
	n := whole(len(to))
	switch {
	case n == 0:
	case current == isa.AVX512:
		bracketsAVX512(&to[0], &neighbours[:n+size-1][0], size, scale, k, n)
	default:
		bracketsAVX2(&to[0], &neighbours[:n+size-1][0], size, scale, k, n)
	}
	bracketsGeneric(to[n:], neighbours[n:], size, scale, k)
}

func power(to, x []float32, beta float32) {
	n := whole(len(to))
	switch {
	case n == 0:
	case beta != 0.75:
		n = 0
	case current == isa.AVX512:
		powerAVX512(&to[0], &x[:n][0], 1, n)
	default:
		powerAVX2(&to[0], &x[:n][0], 1, n)
	}
	powerGeneric(to[n:], x[n:], beta)
}

func ratio(to, grad, x, factors, sums []float32) {
	n := whole(len(to))
	switch {
	case n == 0:
	case current == isa.AVX512:
		ratioAVX512(&to[0], &grad[:n][0], &x[:n][0], &factors[:n][0], &sums[:n][0], n)
	default:
		ratioAVX2(&to[0], &grad[:n][0], &x[:n][0], &factors[:n][0], &sums[:n][0], n)
	}
	ratioGeneric(to[n:], grad[n:], x[n:], factors[n:], sums[n:])
}

func collect(to, grad, factors, x, sums []float32, scale float32) {
	n := whole(len(to))
	switch {
	case n == 0:
	case current == isa.AVX512:
		collectAVX512(&to[0], &grad[:n][0], &factors[:n][0], &x[:n][0], &sums[:n][0], scale, n)
	default:
		collectAVX2(&to[0], &grad[:n][0], &factors[:n][0], &x[:n][0], &sums[:n][0], scale, n)
	}
	collectGeneric(to[n:], grad[n:], factors[n:], x[n:], sums[n:], scale)
}

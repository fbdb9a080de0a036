package vector

import "math"

// SumSquares returns the sum of the squares, which is computed in float64.
func SumSquares(x []float32) float64 {
	total := 0.0
	for len(x) > 0 {
		part := x[:min(len(x), most)]
		var sums [lanes]float64
		done := sumSquares(&sums, part)
		for i, v := range part[done:] {
			sums[i%lanes] += float64(v) * float64(v)
		}
		for _, v := range sums {
			total += v
		}
		x = x[len(part):]
	}
	return total
}

// Maximum returns the largest element, or minus infinity where there is none.
// Elements that are not numbers may or may not count.
func Maximum(x []float32) float32 {
	var highest [lanes]float32
	for i := range highest {
		highest[i] = float32(math.Inf(-1))
	}
	done := maximum(&highest, x)
	top := highest[0]
	for _, v := range highest[1:] {
		top = max(top, v)
	}
	for _, v := range x[done:] {
		top = max(top, v)
	}
	return top
}

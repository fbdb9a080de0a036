// Package vector does what goes over memory element by element: batch norms, masks,
// activations, sums, softmax, and the steps of optimizers.
//
// Slices of float32 flow in and out. Such work waits for memory, so each function
// makes one pass and does all it can in it: a batch norm adds the residual and
// holds the result to its range, a step of an optimizer moves weights and keeps
// their average. Functions work on what they are given; the caller cuts arrays
// into pieces for its threads, and sums of pieces are added up by the caller:
//
//	norm := vector.Norm{Scale: scale, Offset: offset, ReLU: true}
//	team.For(len(x), 1<<15, func(_, lo, hi int) {
//		norm.Forward(out[lo:hi], x[lo:hi], nil)
//	})
//
// Unless it is said, slices that are written may be those that are read, but not
// overlap them otherwise. Functions panic where a slice is too short. The generic
// loops are the contract: assembly differs by the rounding of fused
// multiplications and the order of sums alone.
package vector

//go:generate go run -C _asm . -out ../vector_amd64.s -stubs ../vector_amd64.go -pkg vector

const (
	// lanes is how many floats the widest registers hold.
	lanes = 16
	// widePeriod is the length up to which periods are made of whole steps of
	// the loops over them.
	widePeriod = 512
	step       = 4 * lanes
	// most is how many floats one call of the assembly takes, so that it is soon
	// over: the scheduler waits for it.
	most = 1 << 15
)

// Period returns the length that arrays with a number for each channel have
// here: channels repeated until they end together with registers. Its multiples
// are the best lengths of pieces.
func Period(channels int) int {
	period := multiple(channels, lanes)
	if period <= widePeriod {
		period = multiple(period, step)
	}
	return period
}

// cut returns the first n floats of s, and panics where these are fewer, even if
// there is memory behind them.
func cut(s []float32, n int) []float32 { return s[:n:len(s)] }

// multiple returns the least common multiple of n and a power of two.
func multiple(n, power int) int { return n * (power / min(n&-n, power)) }

// Repeat fills dst with src, over and over.
func Repeat(dst, src []float32) {
	for n := copy(dst, src); n < len(dst); {
		n += copy(dst[n:], dst[:n])
	}
}

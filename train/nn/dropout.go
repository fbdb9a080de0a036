package nn

import (
	"fmt"
	"math"
)

// dropoutOp sets values to zero at random.
type dropoutOp struct{ rate float64 }

func (dropoutOp) kind() string             { return "dropout" }
func (dropoutOp) params(*Node) []paramSpec { return nil }
func (dropoutOp) traits() traits           { return traits{inPlace: true, gradInPlace: true} }

func (o dropoutOp) infer(in []Shape) (Shape, error) {
	if !(o.rate >= 0 && o.rate < 1) {
		return nil, fmt.Errorf("rate is %v, and must be from 0 to below 1", o.rate)
	}
	return in[0], nil
}

func (o dropoutOp) bind(s *site) layer {
	l := &dropout{site: s, key: s.dropoutKey(s.node.name), scale: float32(1 / (1 - o.rate)),
		threshold: uint32(min(math.Round(o.rate*(1<<32)), 1<<32-1))}
	l.forwardTask, l.backwardTask = l.forwardPart, l.backwardPart
	return l
}

type dropout struct {
	*site
	key                       uint64
	threshold                 uint32 // draws below it drop their value
	scale                     float32
	forwardTask, backwardTask func(worker, lo, hi int)
}

func (l *dropout) forward() {
	if !l.training || l.threshold == 0 {
		if n := l.batch * l.out.size; &l.in[0].data[0] != &l.out.data[0] {
			copy(l.out.data[:n], l.in[0].data[:n])
		}
		return
	}
	l.team.For(l.batch*l.out.size, pointGrain, l.forwardTask)
}

func (l *dropout) forwardPart(_, lo, hi int) {
	l.apply(l.out.data[lo:hi], l.in[0].data[lo:hi], lo)
}

func (l *dropout) backward() { l.team.For(l.batch*l.out.size, pointGrain, l.backwardTask) }

func (l *dropout) backwardPart(_, lo, hi int) {
	l.apply(l.gradIn[0].data[lo:hi], l.gradOut.data[lo:hi], lo)
}

// apply writes src times the mask, whose element i depends on seed, name,
// step and start+i alone. One 64-bit draw serves two elements; start is even.
func (l *dropout) apply(dst, src []float32, start int) {
	key := mix(l.key + l.step*0x9e3779b97f4a7c15)
	pair := uint64(start / 2)
	dst = dst[:len(src)]
	for len(src) >= 2 && len(dst) >= 2 {
		draw := mix(key ^ pair)
		dst[0], dst[1] = src[0]*l.factor(uint32(draw)), src[1]*l.factor(uint32(draw>>32))
		dst, src = dst[2:], src[2:]
		pair++
	}
	if len(src) == 1 && len(dst) == 1 {
		dst[0] = src[0] * l.factor(uint32(mix(key^pair)))
	}
}

// factor returns 0 or the scale for a draw, by its bits: a branch would be
// mispredicted.
func (l *dropout) factor(draw uint32) float32 {
	keep := ^uint32((int64(draw) - int64(l.threshold)) >> 63)
	return math.Float32frombits(math.Float32bits(l.scale) & keep)
}

// mix is the finaliser of SplitMix64 (Steele, Lea and Flood, 2014, "Fast
// Splittable Pseudorandom Number Generators"), which makes a counter random.
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

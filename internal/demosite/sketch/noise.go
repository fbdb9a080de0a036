package sketch

import (
	"math"
	"math/rand/v2"
)

// A noise is a smooth random function of the plane: values of a hash at the
// whole numbers, and cubic steps between them.
type noise struct{ seed uint32 }

func newNoise(rng *rand.Rand) noise { return noise{rng.Uint32()} }

// at returns a value in [0, 1).
func (n noise) at(x, y float64) float64 {
	fx, fy := math.Floor(x), math.Floor(y)
	ix, iy := int32(fx), int32(fy)
	u, v := x-fx, y-fy
	u, v = u*u*(3-2*u), v*v*(3-2*v)
	top := n.lattice(ix, iy)*(1-u) + n.lattice(ix+1, iy)*u
	bottom := n.lattice(ix, iy+1)*(1-u) + n.lattice(ix+1, iy+1)*u
	return top*(1-v) + bottom*v
}

// cloud sums three octaves, each twice as fine and half as strong.
func (n noise) cloud(x, y float64) float64 {
	return (4*n.at(x, y) + 2*n.at(2*x+17, 2*y+5) + n.at(4*x+3, 4*y+29)) / 7
}

// lattice hashes a place to [0, 1) with the mixer of MurmurHash3.
func (n noise) lattice(x, y int32) float64 {
	h := n.seed ^ uint32(x)*0x9e3779b1 ^ uint32(y)*0x85ebca77
	h ^= h >> 16
	h *= 0x85ebca6b
	h ^= h >> 13
	h *= 0xc2b2ae35
	h ^= h >> 16
	return float64(h) / (1 << 32)
}

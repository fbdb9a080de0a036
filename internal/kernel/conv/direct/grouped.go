package direct

import (
	"github.com/dsbuild/dsbuild/internal/kernel/conv"
	"github.com/dsbuild/dsbuild/internal/parallel"
)

// jointChannels is how many channels groups are joined to: the narrowest tile
// takes as long for less.
const jointChannels = 16

// A grouped pass is one of many groups of few channels, which the inner one takes
// several at a time.
type grouped struct {
	conv.Pass
	g, joint conv.Geometry
}

// join returns the pass that makes returns for g with small groups joined.
func join(g conv.Geometry, make func(conv.Geometry) conv.Pass) conv.Pass {
	joint, times := g.Join(jointChannels)
	if times == 1 {
		return make(g)
	}
	return &grouped{make(joint), g, joint}
}

// PackedSize returns the floats that Pack writes: behind those of the inner pass
// lie the joint weights.
func (p *grouped) PackedSize() int { return p.Pass.PackedSize() + p.joint.WeightSize() }

// Pack writes the weights with zeros where a group does not see another.
func (p *grouped) Pack(team *parallel.Team, packed, weights []float32) {
	size := p.Pass.PackedSize()
	p.joint.Spread(p.g, packed[size:], weights)
	p.Pass.Pack(team, packed[:size], packed[size:])
}

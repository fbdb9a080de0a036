package nn

import (
	"fmt"
	"slices"
)

// Add is the sum of two values of one shape.
type Add struct{ leaf }

// Add adds the sum of two values of one shape: a residual connection.
func (b *Builder) Add(name string, x, y *Node) *Node { return b.add(name, Add{}, x, y) }

// Kind returns "add".
func (Add) Kind() string { return "add" }

// Infer returns the shape of either value.
func (Add) Infer(in []Shape) (Shape, error) {
	if !slices.Equal(in[0], in[1]) {
		return nil, fmt.Errorf("expects two values of one shape, but got %v and %v", in[0], in[1])
	}
	return in[0], nil
}

// Concat puts values one behind the other along the channels.
type Concat struct{ leaf }

// Concat concatenates values along the channels.
func (b *Builder) Concat(name string, xs ...*Node) *Node { return b.add(name, Concat{}, xs...) }

// Kind returns "concat".
func (Concat) Kind() string { return "concat" }

// Infer returns the shape with the channels of all.
func (Concat) Infer(in []Shape) (Shape, error) {
	if len(in) == 0 {
		return nil, fmt.Errorf("has no inputs")
	}
	out := slices.Clone(in[0])
	for _, s := range in[1:] {
		if len(s) != len(out) || !slices.Equal(s[:len(s)-1], out[:len(out)-1]) {
			return nil, fmt.Errorf("expects values that differ in channels only, "+
				"but got %v and %v", in[0], s)
		}
		out[len(out)-1] += s.Channels()
	}
	return out, nil
}

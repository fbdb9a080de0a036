package nn

import (
	"fmt"
	"slices"
)

// A Graph is a network without weights: nodes in the order of computation.
// It does not change and may be used by several goroutines.
type Graph struct {
	nodes   []*Node // the first one is the input
	outputs []*Node // the first one is the main output
	uses    []int   // by node: how many inputs of others it is
}

// newGraph checks that nodes form a network which ends in the outputs.
func newGraph(nodes, outputs []*Node) (*Graph, error) {
	g := &Graph{nodes: slices.Clone(nodes), outputs: slices.Clone(outputs)}
	g.uses = make([]int, len(nodes))
	for i, n := range nodes {
		if _, ok := n.op.(Input); ok != (i == 0) {
			return nil, fmt.Errorf("node %q: a network has one input, which comes first", n.name)
		}
		for _, in := range n.inputs {
			g.uses[in.id]++
		}
	}
	if len(outputs) == 0 {
		return nil, fmt.Errorf("a network needs at least one output, but got none")
	}
	for i, output := range outputs {
		if err := g.checkOutput(output, outputs[:i]); err != nil {
			return nil, err
		}
	}
	for _, n := range nodes {
		if g.uses[n.id] == 0 && !slices.Contains(outputs, n) {
			return nil, fmt.Errorf("node %q leads to no output: nothing reads it", n.name)
		}
	}
	return g, nil
}

// checkOutput returns what is wrong with an output that comes after others.
func (g *Graph) checkOutput(n *Node, before []*Node) error {
	switch {
	case n == nil || n.id >= len(g.nodes) || g.nodes[n.id] != n:
		return fmt.Errorf("the output is not a node of this builder")
	case slices.ContainsFunc(before, func(b *Node) bool { return b.shown() == n.shown() }):
		return fmt.Errorf("node %q is an output twice", n.name)
	}
	return nil
}

// Nodes lists the nodes in the order of computation; the first one is the input.
// The list must not be changed.
func (g *Graph) Nodes() []*Node { return g.nodes }

// Outputs lists the nodes in which the network ends; the first one is the main
// output. The list must not be changed.
func (g *Graph) Outputs() []*Node { return g.outputs }

// Input returns the shape of one sample.
func (g *Graph) Input() Shape { return g.nodes[0].shape }

// Output returns the shape of one sample's main output: {classes}, or {height,
// width, classes} where each pixel has logits of its own.
func (g *Graph) Output() Shape { return g.outputs[0].shape }

package nn

import "fmt"

// A Graph is a network without weights: nodes in the order of computation.
// It does not change and may be used by several goroutines.
type Graph struct {
	nodes  []*Node // the first one is the input
	output *Node
	uses   []int // by node: how many inputs of others it is
}

// newGraph checks that nodes form a network which ends in output.
func newGraph(nodes []*Node, output *Node) (*Graph, error) {
	if output == nil || output.id >= len(nodes) || nodes[output.id] != output {
		return nil, fmt.Errorf("the output is not a node of this builder")
	}
	g := &Graph{nodes: append([]*Node(nil), nodes...), output: output}
	g.uses = make([]int, len(nodes))
	for i, n := range nodes {
		if _, ok := n.op.(inputOp); ok != (i == 0) {
			return nil, fmt.Errorf("node %q: a network has one input, which comes first", n.name)
		}
		for _, in := range n.inputs {
			g.uses[in.id]++
		}
	}
	for _, n := range nodes {
		if g.uses[n.id] == 0 && n != output {
			return nil, fmt.Errorf("node %q leads to no output: nothing reads it", n.name)
		}
	}
	if g.uses[output.id] > 0 {
		return nil, fmt.Errorf("node %q is the output, and other nodes read it", output.name)
	}
	if output.shape.isImage() {
		return nil, fmt.Errorf("node %q is the output: expects a vector, and is given %v (use Flatten)",
			output.name, output.shape)
	}
	return g, nil
}

// Input returns the shape of one sample.
func (g *Graph) Input() Shape { return g.nodes[0].shape }

// Output returns the shape of one sample's result: {classes}.
func (g *Graph) Output() Shape { return g.output.shape }

// A Layer describes one layer of a network.
type Layer struct {
	Name       string `json:"name"`
	Kind       string `json:"kind"`
	Output     Shape  `json:"output"`     // of one sample
	Parameters int    `json:"parameters"` // that are learned
}

// A Summary is a network as a table.
type Summary struct {
	Parameters int     `json:"parameters"`
	Layers     []Layer `json:"layers"`
}

// Summary lists the layers in the order of computation, without the input.
func (g *Graph) Summary() Summary {
	var s Summary
	for _, n := range g.nodes[1:] {
		layer := Layer{Name: n.name, Kind: n.op.kind(), Output: n.shape}
		for _, p := range n.op.params(n) {
			if p.learns() {
				layer.Parameters += p.shape.Size()
			}
		}
		s.Parameters += layer.Parameters
		s.Layers = append(s.Layers, layer)
	}
	return s
}

// learns tells for each node whether a gradient must come to it: whether it
// or a node before it has parameters.
func (g *Graph) learns() []bool {
	learns := make([]bool, len(g.nodes))
	for _, n := range g.nodes {
		learns[n.id] = len(n.op.params(n)) > 0
		for _, in := range n.inputs {
			learns[n.id] = learns[n.id] || learns[in.id]
		}
	}
	return learns
}

package recipe

import "go.yaml.in/yaml/v3"

const (
	maxValues = 100_000 // with all aliases written out
	maxDepth  = 100
)

// A measure knows how many values each node stands for. A few lines of aliases
// to lists of aliases can stand for billions.
type measure struct {
	values map[*yaml.Node]int
	path   map[*yaml.Node]bool // the nodes around the one being measured
}

// checkSize refuses recipes that stand for more values, or deeper ones, than
// anybody writes. What passes can be read by plain recursion.
func checkSize(root *yaml.Node) error {
	m := &measure{values: map[*yaml.Node]int{}, path: map[*yaml.Node]bool{}}
	n, err := m.of(root, 0)
	if err == nil && n > maxValues {
		err = Errorf(root, "the aliases stand for more than %d values", maxValues)
	}
	return err
}

// of returns the values of a node, no more than maxValues+1.
func (m *measure) of(n *yaml.Node, depth int) (int, error) {
	if m.path[n] {
		return 0, Errorf(n, "anchor %q contains itself", n.Anchor)
	}
	if depth > maxDepth {
		return 0, Errorf(n, "values are nested more than %d deep", maxDepth)
	}
	if known, ok := m.values[n]; ok {
		return known, nil
	}
	m.path[n] = true
	defer delete(m.path, n)
	total := 1
	inner := n.Content
	if n.Kind == yaml.AliasNode {
		inner = []*yaml.Node{n.Alias}
	}
	for _, child := range inner {
		values, err := m.of(child, depth+1)
		if err != nil {
			return 0, err
		}
		total = min(total+values, maxValues+1)
	}
	m.values[n] = total
	return total, nil
}

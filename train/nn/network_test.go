package nn

import "testing"

// networks have every operation.
var networks = map[string]func(b *Builder) *Node{
	"batch norm": func(b *Builder) *Node {
		x := b.Conv("conv1", b.Input(Shape{5, 5, 2}), 4, Kernel(3), Pad(1))
		x = b.ReLU("relu1", b.BatchNorm("bn1", x))
		x = b.Linear("fc1", b.Flatten("flatten", x), 6)
		return b.Linear("fc2", b.BatchNorm("bn2", x), 3)
	},
	"branches": func(b *Builder) *Node {
		in := b.Input(Shape{6, 6, 2})
		x := b.Conv("conv1", in, 4, Kernel(3), Pad(1), Groups(2))
		x = b.LocalResponseNorm("norm1", b.ReLU6("relu1", x), 3, 1, 0.75, 1)
		sum := b.Add("add", b.Conv("conv2", x, 4, NoBias()), x)
		pool := b.MaxPool("pool1", sum, 3, Stride(1), Pad(1))
		both := b.Concat("concat", sum, b.AvgPool("pool2", pool, 3, Stride(1), Pad(1)), pool)
		up := b.ConvTranspose("up", b.AdaptiveMaxPool("pool3", x, 3, 2), 6, Kernel(2), Groups(2))
		a, c := b.Flatten("flatten1", both), b.Flatten("flatten2", b.AdaptiveAvgPool("pool4", up, 2, 3))
		x = b.Concat("features", a, c, b.Linear("fc0", c, 2))
		return b.Linear("fc", b.Dropout("drop", b.BatchNorm("bn", x), 0.5), 3)
	},
}

// mustGraph returns the graph of a network that must be right.
func mustGraph(t testing.TB, network func(b *Builder) *Node) *Graph {
	t.Helper()
	b := NewBuilder()
	g, err := b.Graph(network(b))
	if err != nil {
		t.Fatal(err)
	}
	return g
}

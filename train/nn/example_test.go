package nn_test

import (
	"fmt"

	"github.com/dsbuild/dsbuild/train/nn"
)

// A pass over a graph: the windows that slide over its images.
func ExampleGraph_Nodes() {
	b := nn.NewBuilder()
	x := b.Input(nn.Shape{28, 28, 1})
	x = b.ReLU("relu1", b.Conv("conv1", x, 32, nn.Kernel(3), nn.Pad(1)))
	x = b.MaxPool("pool1", x, 2)
	graph, err := b.Graph(b.Linear("fc", b.Flatten("flatten", x), 10))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, node := range graph.Nodes() {
		switch op := node.Op().(type) {
		case nn.Conv:
			fmt.Println(node.Name(), "to", op.Channels, "channels: kernel", op.Kernel, "pad", op.Pad)
		case nn.MaxPool:
			fmt.Println(node.Name(), "from", node.Inputs()[0].Shape(), "to", node.Shape())
		}
	}
	// Output:
	// conv1 to 32 channels: kernel [3 3] pad [1 1]
	// pool1 from 28x28x32 to 14x14x32
}

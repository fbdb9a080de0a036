package nn_test

import (
	"fmt"

	"github.com/dsbuild/dsbuild/train/nn"
)

// A residual network is built in ordinary Go code. The graph knows all sizes before
// any weights exist, and reports a layer that does not fit by its name.
func Example() {
	b := nn.NewBuilder()
	x := b.Input(nn.Shape{32, 32, 3}) // height, width, channels
	x = b.ReLU("relu1", b.BatchNorm("bn1", b.Conv("conv1", x, 16, nn.Kernel(3), nn.Pad(1))))
	for i := range 2 {
		name := fmt.Sprintf("block%d.", i+1)
		y := b.Conv(name+"conv1", x, 16, nn.Kernel(3), nn.Pad(1), nn.NoBias())
		y = b.BatchNorm(name+"bn1", y)
		x = b.ReLU(name+"relu", b.Add(name+"add", y, x))
	}
	x = b.Flatten("flatten", b.GlobalAvgPool("pool", x))
	graph, err := b.Graph(b.Linear("fc", x, 10))
	if err != nil {
		fmt.Println(err)
		return
	}
	summary := graph.Summary()
	for _, layer := range summary.Layers {
		if layer.Parameters > 0 {
			fmt.Println(layer.Name, layer.Kind, layer.Output, layer.Parameters)
		}
	}
	fmt.Println(summary.Parameters, "parameters,", summary.MultiplyAdds, "multiply-adds")

	b = nn.NewBuilder()
	x = b.Input(nn.Shape{4, 4, 3})
	_, err = b.Graph(b.Conv("conv1", x, 8, nn.Kernel(7)))
	fmt.Println(err)
	// Output:
	// conv1 conv 32x32x16 448
	// bn1 batch_norm 32x32x16 32
	// block1.conv1 conv 32x32x16 2304
	// block1.bn1 batch_norm 32x32x16 32
	// block2.conv1 conv 32x32x16 2304
	// block2.bn1 batch_norm 32x32x16 32
	// fc linear 10 170
	// 5322 parameters, 5161120 multiply-adds
	// node "conv1" (conv): kernel of height 7 does not fit the input 4x4x3 with pad 0
}

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

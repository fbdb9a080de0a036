// Package nn is the network as data.
//
// Ordinary Go code builds a graph of named nodes once. No weights exist yet:
//
//	b := nn.NewBuilder()
//	x := b.Input(nn.Shape{28, 28, 1})
//	x = b.Conv("conv1", x, 32, nn.Kernel(3), nn.Pad(1))
//	x = b.BatchNorm("bn1", x)
//	x = b.ReLU("relu1", x)
//	x = b.MaxPool("pool1", x, 2)
//	x = b.Flatten("flatten", x)
//	x = b.Linear("fc", x, 10)
//	graph, err := b.Graph(x)
//
// Everything else reads that graph. Graph.Summary lists layers, parameters,
// multiplications and receptive fields; NewWeights draws the weights; package
// engine plans memory, trains and predicts. A new use of networks is a pass over
// the nodes, which tells operations apart by their types:
//
//	for _, node := range graph.Nodes() {
//		switch op := node.Op().(type) {
//		case nn.Conv:
//			fmt.Println(node.Name(), op.Kernel, op.Stride, node.Shape())
//		}
//	}
//
// What flows in are calls of a Builder and tensors under PyTorch's names; what
// flows out are a Graph and its Weights. Nothing here computes values. To add an
// operation is to write its type, which says what it makes of shapes and which
// tensors it has, and the layer in package engine/layer that computes it.
//
// # Layouts
//
// Activations lie as (N, H, W, C) and weights with the output channel last, as
// the kernels read them. Weights.Export and Weights.Import convert them to and
// from PyTorch's names and layouts.
package nn

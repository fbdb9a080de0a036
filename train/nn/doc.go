// Package nn describes neural networks as data.
//
// Ordinary Go code builds a graph of named nodes. It has no weights yet:
//
//	b := nn.NewBuilder()
//	x := b.Input(nn.Shape{28, 28, 1}) // height, width, channels
//	x = b.Conv("conv1", x, 32, nn.Kernel(3), nn.Pad(1))
//	x = b.BatchNorm("bn1", x)
//	x = b.ReLU("relu1", x)
//	x = b.MaxPool("pool1", x, 2)
//	x = b.Flatten("flatten", x)
//	x = b.Linear("fc", x, 10)
//	graph, err := b.Graph(x)
//
// Branches and residual connections are Go variables: pass a node to several
// layers, and join nodes with Builder.Add and Builder.Concat. A layer that does
// not fit its input is reported by Builder.Graph with the layer's name.
//
// NewWeights draws the initial weights. Package engine then trains the network and
// predicts with it, and its package example shows the whole way from a data set to
// a trained network. Graph.Summary lists layers, parameters, multiplications and
// receptive fields.
//
// # New uses and new operations
//
// To do something else with networks, range over the nodes and tell the operations
// apart by their types:
//
//	for _, node := range graph.Nodes() {
//		switch op := node.Op().(type) {
//		case nn.Conv:
//			fmt.Println(node.Name(), op.Kernel, op.Stride, node.Shape())
//		}
//	}
//
// This package computes no values. To add an operation, write its type here, which
// states its output shape and its tensors, and the layer that computes it in
// package engine/layer.
//
// # Layouts
//
// Activations have the layout (N, H, W, C), and weights have the output channels
// last, as the kernels read them. Weights.Export and Weights.Import convert from
// and to PyTorch's names and layouts.
package nn

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
// Everything else reads that graph: Graph.Summary lists layers, parameters,
// multiplications and receptive fields, NewWeights draws the weights, NewSession
// plans the memory and trains or predicts. Images and labels flow into a
// session; losses, gradients and logits flow out:
//
//	weights := nn.NewWeights(graph, seed)
//	s, err := nn.NewSession(weights, nn.SessionOptions{MaxBatch: 128})
//	defer s.Close()
//	result := s.Train(images, labels, step)
//
// # Passes
//
// A session turns the graph into the steps of a pass (see Graph.Steps). One step
// is the work of one layer and of those behind it that can be done before a value
// goes to memory. In training a batch norm takes in the sum and the ReLU behind
// it; to predict, a convolution takes in all three, and its weights are packed
// once for as long as they do not change. Auxiliary outputs, which Graph is given
// behind the main one, and dropout are left out then.
//
// All values and gradients of a pass lie in one arena, where those that are not
// needed at the same time share memory. SessionOptions.Watch names nodes whose
// values and gradients stay to be read.
//
// A layer chooses its kernels once, by its sizes, from the rooms below
// internal/kernel; it does nothing else with numbers. To add a layer is to write
// an op, which says what it makes of shapes and what it needs to be kept, and
// the layer that it binds to memory.
//
// # Layouts and bits
//
// Activations lie as (N, H, W, C) and weights with the output channel last, as
// the kernels read them. Weights.Export and Weights.Import convert them to and
// from PyTorch's names and layouts.
//
// All results are the same, bit for bit, for any number of threads and from run
// to run. Processors with other vector instructions round in other places, as do
// sessions for batches of other sizes, since other kernels may suit them.
package nn

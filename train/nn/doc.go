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
// Everything else reads that graph: Graph.Summary lists layers and parameters,
// NewWeights draws the weights, NewSession plans the memory and trains or
// predicts. Images and labels flow into a session; losses, gradients and
// logits flow out:
//
//	weights := nn.NewWeights(graph, seed)
//	s, err := nn.NewSession(weights, nn.SessionOptions{MaxBatch: 128})
//	defer s.Close()
//	result := s.Train(images, labels, step)
//
// Activations lie as (N, H, W, C) and weights with the output channel last, as
// the kernels read them. Weights.Export and Weights.Import convert them to and
// from PyTorch's names and layouts.
//
// All results are the same, bit for bit, for any number of threads. Processors
// with other vector instructions round in other places.
package nn

// Package engine runs networks: it plans the memory of a graph, trains it and
// predicts with it. Images and labels flow into a session; losses, gradients and
// logits flow out:
//
//	weights := nn.NewWeights(graph, seed)
//	s, err := engine.New(weights, engine.Options{MaxBatch: 128})
//	defer s.Close()
//	result := s.Train(images, labels, step)
//	logits := s.Predict(images, n)
//
// # Passes
//
// A session turns the graph into the steps of a pass (see Steps). One step
// is the work of one layer and of those behind it that can be done before a value
// goes to memory. In training a batch norm takes in the sum and the ReLU behind
// it; to predict, a convolution takes in all three, and its weights are packed
// once for as long as they do not change. Auxiliary outputs, which Builder.Graph
// is given behind the main one, and dropout are left out then.
//
// The loss is softmax cross-entropy: of samples or, where outputs are images, of
// pixels. Session.TrainWith takes any other, of outputs of any shapes.
//
// All values and gradients of a pass lie in one arena, where those that are not
// needed at the same time share memory. Options.Watch names nodes whose values
// and gradients stay to be read.
//
// What computes the operations is package layer below, by a table of what each
// type of operation needs. The engine itself knows by name only what it fuses
// and leaves out: batch norms, sums, ReLUs and dropout.
//
// # Bits
//
// All results are the same, bit for bit, for any number of threads and from run
// to run. Processors with other vector instructions round in other places, as do
// sessions for batches of other sizes, since other kernels may suit them.
package engine

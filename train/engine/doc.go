// Package engine trains networks and predicts with them.
//
// Images and labels flow into a Session; losses, gradients and logits flow out.
// One step of training computes the gradients of a batch with Session.Train and
// changes the weights with an optimizer of package optim:
//
//	session, err := engine.New(nn.NewWeights(graph, seed), engine.Options{MaxBatch: 128})
//	if err != nil {
//		return err
//	}
//	defer session.Close()
//	adam := optim.NewAdam(session.Learnables(), optim.AdamOptions{})
//	for step := range steps {
//		images, labels := next() // []float32 in (N, H, W, C), []int32
//		session.Train(images, labels, step)
//		adam.Step(session, 1e-3)
//	}
//	logits := session.Predict(others, n)
//
// The package example trains a network on the batches of package loader.
//
// The loss is softmax cross-entropy over samples or, where outputs are images, over
// pixels. Session.TrainWith takes any other loss, of outputs of any shapes.
//
// # How a network is computed
//
// A session turns the graph into a list of steps (see Steps). One step computes a
// layer and those layers after it that can be applied before its values are written
// to memory. In training, a batch norm includes the addition and the ReLU after it;
// in prediction, a convolution includes all three, and its weights are packed once
// until they change. Prediction leaves out dropout and, without Options.AllOutputs,
// auxiliary outputs, which are those after the first one given to Builder.Graph.
//
// All values and gradients are in one arena, where those that are not needed at the
// same time share memory. Options.Watch names nodes whose values and gradients
// remain readable.
//
// The operations are computed by package engine/layer, which has a table of what
// each type of operation needs. The engine itself only knows the operations that it
// fuses or leaves out: batch norm, addition, ReLU and dropout.
//
// # Reproducibility
//
// All results are the same, bit for bit, for any number of threads and from run to
// run. They differ in rounding between processors with different vector
// instructions, and between batches or sessions of different sizes, for which other
// kernels may be faster.
package engine

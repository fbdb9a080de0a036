package engine

import (
	"fmt"
	"slices"

	"github.com/dsbuild/dsbuild/train/engine/layer"
	"github.com/dsbuild/dsbuild/train/nn"
)

// A Result is what a batch came to.
type Result = layer.Result

// Unlabelled stands for the label of a sample or pixel that does not count.
const Unlabelled = layer.Unlabelled

// Train computes the loss of a batch and the gradients of its mean over what has
// a label, which then lie in Learnables. images holds samples of the graph's input
// shape one behind the other, and labels one for each of them or, where outputs
// are images, for each of their pixels. The step's number keys the dropout masks.
// It panics where the lengths do not fit, outputs differ in shape, a label is not
// below the number of classes, or the session is for inference.
func (s *Session) Train(images []float32, labels []int32, step int) Result {
	return s.train(images, nil, labels, s.samples(labels), step)
}

// samples returns how many samples labels are for.
func (s *Session) samples(labels []int32) int {
	shape := s.state.Weights.Graph().Output()
	n := len(labels) / shape.Pixels()
	if len(labels) != n*shape.Pixels() {
		panic(fmt.Sprintf("engine: %d labels for samples of %d pixels", len(labels), shape.Pixels()))
	}
	return n
}

// TrainShares is Train on samples that show several classes, as mixed images
// do. shares holds, sample by sample, each class's share of it; they add up to
// 1. Result.Correct counts the samples whose largest logit is that of a class
// with the largest share. It panics where the numbers of shares and of images do
// not agree, and on sessions for inference.
func (s *Session) TrainShares(images, shares []float32, step int) Result {
	size := s.state.Weights.Graph().Output().Size()
	n := len(shares) / size
	if len(shares) != n*size {
		panic(fmt.Sprintf("engine: %d shares of %d classes", len(shares), size))
	}
	return s.train(images, shares, nil, n, step)
}

// train trains on n samples with shares or, where these are nil, labels.
func (s *Session) train(images, shares []float32, labels []int32, n, step int) Result {
	for _, output := range s.state.Weights.Graph().Outputs() {
		if main := s.state.Weights.Graph().Output(); !slices.Equal(output.Shape(), main) {
			panic(fmt.Sprintf("engine: outputs are %v and %v, and take a loss of their own",
				main, output.Shape()))
		}
	}
	s.forwardTraining(images, n, step)
	var result Result
	for i, loss := range s.trainer.losses {
		r := loss.Gradient(labels, shares)
		if i > 0 {
			result.Loss += loss.Weight * r.Loss
			continue
		}
		result = r
		result.Loss *= loss.Weight
	}
	s.finish(result)
	return result
}

// forwardTraining computes the values of n samples to train on.
func (s *Session) forwardTraining(images []float32, n, step int) {
	if s.trainer == nil {
		panic("engine: Train on a session for inference")
	}
	s.state.Step = uint64(step)
	s.forward(s.trainer, images, n)
	s.state.Weights.Changed() // running statistics by now, the rest by the optimizer
}

// finish computes the gradients behind a loss, whose own lie in the outputs'.
func (s *Session) finish(r Result) {
	if s.options.OnLoss != nil {
		s.options.OnLoss(r)
	}
	if s.current != s.trainer {
		panic("engine: a session predicts before the gradients of its loss are computed")
	}
	s.trainer.backward(s)
}

// An Output is an output of a network while it is trained: the values of a batch
// and the gradient of the loss with respect to them, sample by sample. Both share
// memory with the session.
type Output struct {
	Node             *nn.Node
	Values, Gradient []float32
}

// TrainWith is Train with a loss of the caller's, for outputs of any shapes. loss
// is given all outputs, in the order of the graph's, whose gradients are zero. It
// adds its own and returns what Result.Loss is to be; Options.LossWeights are left
// to it. The slice is valid during the call alone, which must not use the session.
func (s *Session) TrainWith(
	images []float32, n, step int, loss func(outputs []Output) float64,
) Result {
	s.forwardTraining(images, n, step)
	s.outputs = s.outputs[:0]
	for _, node := range s.state.Weights.Graph().Outputs() {
		o := Output{Node: node, Values: s.trainer.values[node.Index()].Batch(n),
			Gradient: s.trainer.totals[node.Index()].Batch(n)}
		clear(o.Gradient)
		s.outputs = append(s.outputs, o)
	}
	result := Result{Loss: loss(s.outputs)}
	s.finish(result)
	return result
}

// Evaluate computes the loss of a batch as Predict sees it: with running
// statistics and without dropout.
func (s *Session) Evaluate(images []float32, labels []int32) Result {
	n := s.samples(labels)
	logits := s.Predict(images, n)
	return layer.Evaluate(logits, labels).Of(n)
}

package nn

import (
	"fmt"
	"math"
	"slices"

	"github.com/dsbuild/dsbuild/internal/kernel/vector"
)

// Softmax writes the probabilities that belong to one row of logits into dst,
// which has the same length and may be the same slice.
func Softmax(dst, logits []float32) {
	sum := vector.Exponentials(dst, logits, vector.Maximum(logits))
	vector.Affine(dst, dst, float32(1/sum), 0)
}

// exponentials returns the largest value of a row, and the sum of exp(v - it).
func exponentials(row []float32) (highest float32, sum float64) {
	highest = vector.Maximum(row)
	var piece [256]float32
	for len(row) > 0 {
		n := min(len(row), len(piece))
		sum += vector.Exponentials(piece[:n], row[:n], highest)
		row = row[n:]
	}
	return highest, sum
}

// A rowScore is what a row of logits came to: its cross-entropy, and whether no
// logit is larger than that of the class which the sample shows.
type rowScore struct {
	loss    float64
	correct bool
}

// labelScore scores a row for a label. highest is the row's largest value, and
// whole the logarithm of the summed exponentials of what differs from it. An
// earlier logit that is as large as the label's is the larger one.
func labelScore(row []float32, label int32, highest float32, whole float64) rowScore {
	own := row[label]
	return rowScore{
		loss:    whole - float64(own-highest),
		correct: own == highest && !slices.Contains(row[:label], highest),
	}
}

// sharesScore is labelScore for samples that show several classes. The loss is
// the mean of the cross-entropies with all of them, by their shares, and the
// label any class with the largest share.
func sharesScore(row, shares []float32, highest float32, whole float64) rowScore {
	var s rowScore
	for i, share := range shares[:len(row)] {
		if share != 0 {
			s.loss += float64(share) * (whole - float64(row[i]-highest))
		}
	}
	first := slices.Index(row, highest) // -1 for what is not a number
	s.correct = first >= 0 && shares[first] == vector.Maximum(shares)
	return s
}

func checkLabel(label int32, classes int) {
	if label < 0 || int(label) >= classes {
		panic(fmt.Sprintf("nn: label %d, the network has %d classes", label, classes))
	}
}

// add adds the score of a sample.
func (r *Result) add(s rowScore) {
	r.Loss += s.loss
	if s.correct {
		r.Correct++
	}
}

// evaluate sums the loss over rows of logits.
func evaluate(logits []float32, labels []int32) Result {
	var r Result
	classes := len(logits) / len(labels)
	for i, label := range labels {
		checkLabel(label, classes)
		row := logits[i*classes:][:classes]
		highest, sum := exponentials(row)
		r.add(labelScore(row, label, highest, math.Log(sum)))
	}
	return r
}

// crossEntropyGrain is how many logits a goroutine takes at a time, at least.
const crossEntropyGrain = 1 << 12

// crossEntropy is the mean softmax cross-entropy of a batch.
type crossEntropy struct {
	*state
	logits, grad *buffer
	weight       float64 // of the loss among others
	labels       []int32
	shares       []float32  // of the classes in the samples; nil where each has one
	scores       []rowScore // by sample
	task         func(worker, lo, hi int)
}

func newCrossEntropy(s *state, logits, grad *buffer) *crossEntropy {
	c := &crossEntropy{state: s, logits: logits, grad: grad, weight: 1,
		scores: make([]rowScore, s.maxBatch)}
	c.task = c.rows
	return c
}

// gradient returns the summed loss and writes the gradient of its mean, by its
// weight, with respect to the logits: weight * (softmax - shares) / batch, where
// the label has the whole share if shares is nil.
func (c *crossEntropy) gradient(labels []int32, shares []float32) Result {
	for _, label := range labels {
		checkLabel(label, c.logits.size)
	}
	c.labels, c.shares = labels, shares
	c.team.For(c.batch, max(crossEntropyGrain/c.logits.size, 1), c.task)
	c.labels, c.shares = nil, nil
	var result Result
	for _, s := range c.scores[:c.batch] {
		result.add(s)
	}
	return result
}

// rows scores rows and writes their gradients, which hold the exponentials
// meanwhile.
func (c *crossEntropy) rows(_, lo, hi int) {
	scale := c.weight / float64(c.batch)
	for i := lo; i < hi; i++ {
		row, grad := c.logits.sample(i), c.grad.sample(i)
		highest := vector.Maximum(row)
		sum := vector.Exponentials(grad, row, highest)
		vector.Affine(grad, grad, float32(scale/sum), 0)
		if c.shares == nil {
			c.scores[i] = labelScore(row, c.labels[i], highest, math.Log(sum))
			grad[c.labels[i]] -= float32(scale)
		} else {
			shares := c.shares[i*len(row):][:len(row)]
			c.scores[i] = sharesScore(row, shares, highest, math.Log(sum))
			vector.Blend(grad, grad, shares, 1, -float32(scale), 0)
		}
	}
}

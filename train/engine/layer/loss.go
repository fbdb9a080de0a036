package layer

import (
	"fmt"
	"math"
	"slices"

	"github.com/dsbuild/dsbuild/internal/kernel/vector"
)

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
		panic(fmt.Sprintf("engine: label %d, the network has %d classes", label, classes))
	}
}

// A Result is what a batch came to.
type Result struct {
	// Loss is the cross-entropy, summed over the samples: in training over all
	// outputs by their weights, else that of the main output.
	Loss float64
	// Correct counts the samples whose largest logit of the main output is that
	// of their label.
	Correct int
}

// add adds the score of a sample.
func (r *Result) add(s rowScore) {
	r.Loss += s.loss
	if s.correct {
		r.Correct++
	}
}

// Evaluate sums the loss over rows of logits, one for each label. It panics where
// a label is no class, as Gradient does.
func Evaluate(logits []float32, labels []int32) Result {
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

// A CrossEntropy is the mean softmax cross-entropy of a batch.
type CrossEntropy struct {
	*State
	logits, grad *Buffer
	Weight       float64 // of the loss among others; 1 at first
	labels       []int32
	shares       []float32  // of the classes in the samples; nil where each has one
	scores       []rowScore // by sample
	task         func(worker, lo, hi int)
}

// NewCrossEntropy returns the loss of logits, whose gradient comes to lie in grad.
func NewCrossEntropy(s *State, logits, grad *Buffer) *CrossEntropy {
	c := &CrossEntropy{State: s, logits: logits, grad: grad, Weight: 1,
		scores: make([]rowScore, s.MaxBatch)}
	c.task = c.rows
	return c
}

// Gradient returns the summed loss and writes the gradient of its mean, by its
// weight, with respect to the logits: weight * (softmax - shares) / batch, where
// the label has the whole share if shares is nil.
func (c *CrossEntropy) Gradient(labels []int32, shares []float32) Result {
	for _, label := range labels {
		checkLabel(label, c.logits.Size)
	}
	c.labels, c.shares = labels, shares
	c.Team.For(c.Batch, max(crossEntropyGrain/c.logits.Size, 1), c.task)
	c.labels, c.shares = nil, nil
	var result Result
	for _, s := range c.scores[:c.Batch] {
		result.add(s)
	}
	return result
}

// rows scores rows and writes their gradients, which hold the exponentials
// meanwhile.
func (c *CrossEntropy) rows(_, lo, hi int) {
	scale := c.Weight / float64(c.Batch)
	for i := lo; i < hi; i++ {
		row, grad := c.logits.Sample(i), c.grad.Sample(i)
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

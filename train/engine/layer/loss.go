package layer

import (
	"fmt"
	"math"
	"slices"

	"github.com/dsbuild/dsbuild/internal/kernel/vector"
	"github.com/dsbuild/dsbuild/train/nn"
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

// Unlabelled stands for the label of a row that does not count. It is PyTorch's.
const Unlabelled = -100

func checkLabel(label int32, classes int) {
	if label != Unlabelled && (label < 0 || int(label) >= classes) {
		panic(fmt.Sprintf("engine: label %d, the network has %d classes", label, classes))
	}
}

// A Result is what a batch came to.
type Result struct {
	// Loss is the mean cross-entropy over what has a label, times the samples: in
	// training over all outputs by their weights, else that of the main output.
	Loss float64
	// Correct counts the samples, or pixels, whose largest logit of the main output
	// is that of their label; Counted those that have one.
	Correct, Counted int
}

// add adds the score of a row.
func (r *Result) add(s rowScore) {
	r.Loss += s.loss
	r.Counted++
	if s.correct {
		r.Correct++
	}
}

// Of returns the result of so many samples, of a loss that is summed over rows.
func (r Result) Of(samples int) Result {
	if r.Counted != samples && r.Counted > 0 {
		r.Loss *= float64(samples) / float64(r.Counted)
	}
	return r
}

// Evaluate sums the loss over rows of logits, one for each label. It panics where
// a label is no class, as Gradient does.
func Evaluate(logits []float32, labels []int32) Result {
	var r Result
	classes := len(logits) / len(labels)
	for i, label := range labels {
		checkLabel(label, classes)
		if label == Unlabelled {
			continue
		}
		row := logits[i*classes:][:classes]
		highest, sum := exponentials(row)
		r.add(labelScore(row, label, highest, math.Log(sum)))
	}
	return r
}

// crossEntropyGrain is how many logits a goroutine takes at a time, at least.
const crossEntropyGrain = 1 << 12

// A CrossEntropy is the mean softmax cross-entropy of a batch: over the samples
// or, where logits are an image, over its pixels.
type CrossEntropy struct {
	*State
	logits, grad   *Buffer
	classes, grain int     // grain in rows
	Weight         float64 // of the loss among others; 1 at first
	labels         []int32
	shares         []float32 // of the classes in the rows; nil where each has one
	scale          float64   // of the gradient of a row
	sums           []Result  // by chunk
	task           func(worker, lo, hi int)
}

// NewCrossEntropy returns the loss of a node's logits, whose gradient comes to lie
// in grad.
func NewCrossEntropy(s *State, n *nn.Node, logits, grad *Buffer) *CrossEntropy {
	c := &CrossEntropy{State: s, logits: logits, grad: grad, Weight: 1,
		classes: n.Shape().Channels()}
	c.grain = max(crossEntropyGrain/c.classes, 1)
	c.sums = make([]Result, (s.MaxBatch*n.Shape().Pixels()+c.grain-1)/c.grain)
	c.task = c.rows
	return c
}

// Gradient returns the loss and writes the gradient of its mean, by its weight,
// with respect to the logits: weight * (softmax - shares) / rows that count, where
// the label has the whole share if shares is nil.
func (c *CrossEntropy) Gradient(labels []int32, shares []float32) Result {
	rows := c.Batch * c.logits.Size / c.classes
	counted := rows
	for _, label := range labels {
		checkLabel(label, c.classes)
		if label == Unlabelled {
			counted--
		}
	}
	c.labels, c.shares, c.scale = labels, shares, c.Weight/float64(max(counted, 1))
	c.Team.For(rows, c.grain, c.task)
	c.labels, c.shares = nil, nil
	var result Result
	for _, r := range c.sums[:(rows+c.grain-1)/c.grain] {
		result.Loss += r.Loss
		result.Correct += r.Correct
		result.Counted += r.Counted
	}
	return result.Of(c.Batch)
}

// rows scores rows and writes their gradients, which hold the exponentials
// meanwhile.
func (c *CrossEntropy) rows(_, lo, hi int) {
	var sum Result
	for i := lo; i < hi; i++ {
		row, grad := c.logits.Data[i*c.classes:][:c.classes], c.grad.Data[i*c.classes:][:c.classes]
		if c.shares == nil && c.labels[i] == Unlabelled {
			clear(grad)
			continue
		}
		highest := vector.Maximum(row)
		whole := vector.Exponentials(grad, row, highest)
		vector.Affine(grad, grad, float32(c.scale/whole), 0)
		if c.shares == nil {
			sum.add(labelScore(row, c.labels[i], highest, math.Log(whole)))
			grad[c.labels[i]] -= float32(c.scale)
		} else {
			shares := c.shares[i*len(row):][:len(row)]
			sum.add(sharesScore(row, shares, highest, math.Log(whole)))
			vector.Blend(grad, grad, shares, 1, -float32(c.scale), 0)
		}
	}
	c.sums[lo/c.grain] = sum
}

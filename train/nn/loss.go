package nn

import (
	"fmt"
	"math"
	"slices"
)

// Softmax writes the probabilities that belong to one row of logits into dst,
// which has the same length and may be the same slice.
func Softmax(dst, logits []float32) {
	highest, sum := maximum(logits), exponentials(logits)
	for i, v := range logits {
		dst[i] = float32(math.Exp(float64(v-highest)) / sum)
	}
}

// maximum returns the largest value of a row.
func maximum(row []float32) float32 {
	highest := row[0]
	for _, v := range row[1:] {
		highest = max(highest, v)
	}
	return highest
}

// exponentials returns the sum of exp(v - maximum) over a row.
func exponentials(row []float32) float64 {
	highest, sum := maximum(row), 0.0
	for _, v := range row {
		sum += math.Exp(float64(v - highest))
	}
	return sum
}

// rowLoss returns the cross-entropy of a row's softmax with a label, and
// whether no logit is larger than the label's and no earlier one as large.
func rowLoss(row []float32, label int32) (loss float64, correct bool) {
	highest := maximum(row)
	loss = math.Log(exponentials(row)) - float64(row[label]-highest)
	for i, v := range row {
		if v == highest {
			return loss, i == int(label)
		}
	}
	return loss, false // not a number
}

func checkLabel(label int32, classes int) {
	if label < 0 || int(label) >= classes {
		panic(fmt.Sprintf("nn: label %d, the network has %d classes", label, classes))
	}
}

// evaluate sums the loss over rows of logits.
func evaluate(logits []float32, labels []int32) Result {
	var r Result
	classes := len(logits) / len(labels)
	for i, label := range labels {
		checkLabel(label, classes)
		loss, correct := rowLoss(logits[i*classes:][:classes], label)
		r.Loss += loss
		if correct {
			r.Correct++
		}
	}
	return r
}

// evaluateShares is evaluate for samples that show several classes. The loss is
// the mean of the cross-entropies with all of them, by their shares.
func evaluateShares(logits, shares []float32, classes int) Result {
	var r Result
	for at := 0; at < len(logits); at += classes {
		loss, correct := sharedLoss(logits[at:][:classes], shares[at:][:classes])
		r.Loss += loss
		if correct {
			r.Correct++
		}
	}
	return r
}

// sharedLoss returns what rowLoss does, where the label is any class with the
// largest share.
func sharedLoss(row, shares []float32) (loss float64, correct bool) {
	highest, whole := maximum(row), math.Log(exponentials(row))
	for i, share := range shares {
		if share != 0 {
			loss += float64(share) * (whole - float64(row[i]-highest))
		}
	}
	first := slices.Index(row, highest) // -1 for what is not a number
	return loss, first >= 0 && shares[first] == maximum(shares)
}

// crossEntropy is the mean softmax cross-entropy of a batch.
type crossEntropy struct {
	*state
	logits, grad *buffer
	weight       float64 // of the loss among others
	labels       []int32
	shares       []float32 // of the classes in the samples; nil where each has one
	task         func(worker, lo, hi int)
}

func newCrossEntropy(s *state, logits, grad *buffer) *crossEntropy {
	c := &crossEntropy{state: s, logits: logits, grad: grad, weight: 1}
	c.task = c.rows
	return c
}

// gradient returns the summed loss and writes the gradient of its mean, by its
// weight, with respect to the logits: weight * (softmax - shares) / batch, where the label has the
// whole share if shares is nil.
func (c *crossEntropy) gradient(labels []int32, shares []float32) Result {
	var result Result
	if logits := c.logits.batch(c.batch); shares == nil {
		result = evaluate(logits, labels)
	} else {
		result = evaluateShares(logits, shares, c.logits.size)
	}
	c.labels, c.shares = labels, shares
	c.team.For(c.batch, 8, c.task)
	c.labels, c.shares = nil, nil
	return result
}

func (c *crossEntropy) rows(_, lo, hi int) {
	scale := float32(c.weight / float64(c.batch))
	for i := lo; i < hi; i++ {
		grad := c.grad.sample(i)
		Softmax(grad, c.logits.sample(i))
		if c.shares == nil {
			grad[c.labels[i]]--
		} else {
			for j, share := range c.shares[i*len(grad):][:len(grad)] {
				grad[j] -= share
			}
		}
		for j := range grad {
			grad[j] *= scale
		}
	}
}

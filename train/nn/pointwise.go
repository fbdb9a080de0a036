package nn

import "fmt"

// ReLU is max(x, 0), held to a ceiling if it has one.
type ReLU struct {
	leaf
	Ceiling float32 // 0 stands for none
}

// ReLU adds max(x, 0).
func (b *Builder) ReLU(name string, x *Node) *Node { return b.add(name, ReLU{}, x) }

// ReLU6 adds max(x, 0), held to 6 (Krizhevsky, 2010).
func (b *Builder) ReLU6(name string, x *Node) *Node { return b.add(name, ReLU{Ceiling: 6}, x) }

// Kind returns "relu", or "relu6" where there is a ceiling.
func (o ReLU) Kind() string {
	if o.Ceiling != 0 {
		return "relu6"
	}
	return "relu"
}

// Infer returns the input's shape.
func (ReLU) Infer(in []Shape) (Shape, error) { return in[0], nil }

// Dropout sets each value to zero with probability Rate while training, and
// scales the others by 1/(1-Rate).
type Dropout struct {
	leaf
	Rate float64
}

// Dropout adds a layer that sets each value to zero with probability rate
// while training, and scales the others by 1/(1-rate) (Srivastava et al.,
// 2014).
func (b *Builder) Dropout(name string, x *Node, rate float64) *Node {
	return b.add(name, Dropout{Rate: rate}, x)
}

// Kind returns "dropout".
func (Dropout) Kind() string { return "dropout" }

// Infer returns the input's shape.
func (o Dropout) Infer(in []Shape) (Shape, error) {
	if !(o.Rate >= 0 && o.Rate < 1) {
		return nil, fmt.Errorf("rate is %v, but must be from 0 to below 1", o.Rate)
	}
	return in[0], nil
}

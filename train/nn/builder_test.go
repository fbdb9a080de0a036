package nn

import (
	"strings"
	"testing"
)

func TestBuilderNamesTheMistake(t *testing.T) {
	in := func(b *Builder) *Node { return b.Input(Shape{8, 6, 3}) }
	for want, network := range map[string]func(b *Builder) *Node{
		`node "fc" (linear): expects a vector, and is given 8x6x3`: func(b *Builder) *Node {
			return b.Linear("fc", in(b), 2)
		},
		`node "conv" (conv): kernel of width 7 does not fit the input 8x6x3 with pad 0`: func(b *Builder) *Node {
			x := b.Conv("conv", in(b), 2, Kernel(7))
			return b.Flatten("flatten", b.ReLU("relu", x)) // what follows a mistake says nothing
		},
		`node "conv" (conv): expects at least 1 channel, and is given 0`: func(b *Builder) *Node {
			return b.Conv("conv", in(b), 0)
		},
		`node "add" (add): expects two values of one shape, and is given 8x6x3 and 8x6x2`: func(b *Builder) *Node {
			x := in(b)
			return b.Add("add", x, b.Conv("conv", x, 2))
		},
		`node "cat" (concat): expects values that differ in channels only, and is given 8x6x3 and 4x3x3`: func(b *Builder) *Node {
			x := in(b)
			return b.Concat("cat", x, b.MaxPool("pool", x, 2))
		},
		`node "drop" (dropout): rate is 1`: func(b *Builder) *Node {
			return b.Dropout("drop", in(b), 1)
		},
		`node "pool" (max_pool): expects a pad of at most half the window`: func(b *Builder) *Node {
			return b.MaxPool("pool", in(b), 2, Pad(2))
		},
		`two nodes are called "relu"`: func(b *Builder) *Node {
			return b.ReLU("relu", b.ReLU("relu", in(b)))
		},
		`node name "a b" is empty or has a space`: func(b *Builder) *Node { return b.ReLU("a b", in(b)) },
		`node "flatten": input 0 is not a node of this builder`: func(b *Builder) *Node {
			return b.Flatten("flatten", in(NewBuilder()))
		},
		`node "loose" leads to no output`: func(b *Builder) *Node {
			x := in(b)
			b.ReLU("loose", x)
			return b.Flatten("flatten", x)
		},
		`node "relu" is the output: expects a vector, and is given 8x6x3`: func(b *Builder) *Node {
			return b.ReLU("relu", in(b))
		},
		`node "input" (input): expects {height, width, channels} or {features}, and is given 8x6`: func(b *Builder) *Node {
			return b.Input(Shape{8, 6})
		},
	} {
		b := NewBuilder()
		_, err := b.Graph(network(b))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %s", err, want)
		}
	}
}

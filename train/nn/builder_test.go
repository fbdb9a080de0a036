package nn

import (
	"fmt"
	"strings"
	"testing"
)

func TestBuilderNamesTheMistake(t *testing.T) {
	in := func(b *Builder) *Node { return b.Input(Shape{8, 6, 3}) }
	for want, network := range map[string]func(b *Builder) *Node{
		`node "fc" (linear): expects a vector, but got 8x6x3`: func(b *Builder) *Node {
			return b.Linear("fc", in(b), 2)
		},
		`node "conv" (conv): kernel of width 7 does not fit the input 8x6x3 with pad 0`: func(b *Builder) *Node {
			x := b.Conv("conv", in(b), 2, Kernel(7))
			return b.Flatten("flatten", b.ReLU("relu", x)) // what follows a mistake says nothing
		},
		`node "conv" (conv): expects at least 1 channel, but got 0`: func(b *Builder) *Node {
			return b.Conv("conv", in(b), 0)
		},
		`node "add" (add): expects two values of one shape, but got 8x6x3 and 8x6x2`: func(b *Builder) *Node {
			x := in(b)
			return b.Add("add", x, b.Conv("conv", x, 2))
		},
		`node "cat" (concat): expects values that differ in channels only, but got 8x6x3 and 4x3x3`: func(b *Builder) *Node {
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
		`node "input" (input): expects {height, width, channels} or {features}, but got 8x6`: func(b *Builder) *Node {
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

func TestOutputsThatAreWrong(t *testing.T) {
	for want, outputs := range map[string]func(b *Builder) []*Node{
		"at least one output": func(b *Builder) []*Node { b.Input(Shape{3}); return nil },
		`node "fc" is an output twice`: func(b *Builder) []*Node {
			fc := b.Linear("fc", b.Input(Shape{3}), 2)
			return []*Node{fc, fc}
		},
		`node "flatten" is an output twice`: func(b *Builder) []*Node {
			in := b.Input(Shape{3, 2, 1})
			return []*Node{in, b.Flatten("flatten", in)}
		},
	} {
		b := NewBuilder()
		if _, err := b.Graph(outputs(b)...); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %s", err, want)
		}
	}
}

func TestWindowsThatDoNotFit(t *testing.T) {
	image, vector := Shape{7, 8, 6}, Shape{9}
	for want, add := range map[string]func(b *Builder) *Node{
		"expects a pad of at most half the window's width 3, but got 2": func(b *Builder) *Node {
			return b.MaxPool("x", b.Input(image), 3, Pad(1, 2))
		},
		"expects no dilation, but got [1 2]": func(b *Builder) *Node {
			return b.AvgPool("x", b.Input(image), 3, Dilation(1, 2))
		},
		"expects an image {height, width, channels}, but got 9": func(b *Builder) *Node {
			return b.AdaptiveAvgPool("x", b.Input(vector), 1, 1)
		},
		"expects a height and width of at least 1, but got 2x0": func(b *Builder) *Node {
			return b.AdaptiveMaxPool("x", b.Input(image), 2, 0)
		},
		"expects a window of at most 65536 pixels, but got 300x301": func(b *Builder) *Node {
			x := b.Input(Shape{300, 301, 1})
			b.GlobalAvgPool("mean", x) // is as large as it likes
			return b.AdaptiveMaxPool("x", x, 1, 1)
		},
		"expects an output pad below the stride's or the dilation's width, 2 and 3, but got 3": func(b *Builder) *Node {
			return b.ConvTranspose("x", b.Input(image), 4, Kernel(3), Stride(2), Dilation(3), OutputPad(1, 3))
		},
		"4 groups do not divide 4 channels in and 6 out": func(b *Builder) *Node {
			return b.ConvTranspose("x", b.Input(image), 4, Groups(4))
		},
		"the output of 7x8x6 would be -1x0 with kernel [1 1] and pad [4 4]": func(b *Builder) *Node {
			return b.ConvTranspose("x", b.Input(image), 4, Pad(4))
		},
		"expects a size of at least 1, but got 0": func(b *Builder) *Node {
			return b.LocalResponseNorm("x", b.Input(image), 0, 1, 1, 1)
		},
	} {
		b := NewBuilder()
		if _, err := b.Graph(add(b)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
}

// PyTorch's numbers of windows, 0 where it returns an error: with CeilMode one may
// be larger than the image.
func TestWindowsOfCeilMode(t *testing.T) {
	for _, c := range []struct{ side, kernel, stride, want int }{
		{1, 2, 1, 0}, {1, 2, 2, 1}, {1, 3, 2, 0}, {1, 3, 3, 1}, {2, 3, 2, 1}, {2, 4, 2, 0}, {2, 4, 3, 1},
		{3, 2, 2, 2}, {3, 2, 3, 1}, {3, 4, 2, 1},
	} {
		b := NewBuilder()
		x := b.Input(Shape{c.side, 9, 3})
		g, err := b.Graph(b.MaxPool("x", x, c.kernel, Kernel(c.kernel, 1), Stride(c.stride, 1), CeilMode()))
		if got := err == nil; got != (c.want > 0) || got && g.Output()[0] != c.want {
			t.Errorf("%+v: %v, error %v", c, g, err)
		}
	}
}

func TestMomentumBeyondOne(t *testing.T) {
	b := NewBuilder()
	b.BatchNorm("bn", b.Input(Shape{3}), Momentum(2))
	if _, err := b.Graph(nil); err == nil || !strings.Contains(err.Error(), "momentum 2") {
		t.Errorf("error %v", err)
	}
}

func TestOptionsPanicOnMisuse(t *testing.T) {
	defer func() {
		if got := fmt.Sprint(recover()); !strings.Contains(got, "kernel takes one or two numbers") {
			t.Errorf("panic %q", got)
		}
	}()
	Kernel(1, 2, 3)(new(settings))
}

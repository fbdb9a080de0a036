package nn

import (
	"strings"
	"testing"
)

// otherPools has poolings with settings that are rarely used.
func otherPools(b *Builder) *Node {
	x := b.Conv("conv1", b.Input(Shape{13, 14, 2}), 5, Kernel(3), Pad(1))
	x = b.MaxPool("pool1", x, 3, Stride(2), CeilMode())
	y := b.MaxPool("pool2", x, 2, Stride(1), Dilation(2), Pad(1, 0))
	x = b.Conv("conv2", x, 5)
	z := b.AvgPool("pool3", x, 3, Stride(2), Pad(1), CeilMode(), ExcludePad())
	z = b.AdaptiveMaxPool("pool4", b.Conv("conv3", z, 3), 3, 5)
	u := b.AdaptiveAvgPool("pool5", x, 4, 3)
	u = b.AvgPool("pool6", b.Conv("conv4", u, 4), 2, Stride(3), CeilMode())
	return b.Linear("fc", b.Concat("features", b.Flatten("flatten2", y), b.Flatten("flatten4", z),
		b.Flatten("flatten6", u)), 3)
}

// transposedConvs has all that transposed convolutions can be told. Pixels that
// see nothing but the bias are all alike and at first zero, so no layer with a
// bend follows those.
func transposedConvs(b *Builder) *Node {
	x := b.ConvTranspose("up1", b.Input(Shape{4, 5, 3}), 6, Kernel(3), Stride(2), Pad(1), OutputPad(1))
	y := b.ReLU("relu2", b.ConvTranspose("up2", x, 4, Kernel(3), Dilation(2), Groups(2), NoBias()))
	z := b.ConvTranspose("up3", x, 6, Kernel(2), Stride(2), Groups(6))
	z = b.MaxPool("pool3", b.BatchNorm("bn3", z), 3)
	z = b.ConvTranspose("up4", z, 20, Kernel(3, 2), Stride(2, 3), Pad(1, 0), OutputPad(1, 2))
	return b.Linear("fc", b.Concat("features", b.Flatten("flatten1", y), b.Flatten("flatten2", z)), 3)
}

func responseNorms(b *Builder) *Node {
	x := b.Conv("conv1", b.Input(Shape{4, 3, 2}), 7)
	x = b.LocalResponseNorm("norm1", x, 5, 0.5, 0.75, 2)
	x = b.Add("add", x, b.LocalResponseNorm("norm2", x, 4, 1, 0.6, 1))
	return b.Linear("fc", b.Flatten("flatten", x), 3)
}

func TestWindowsThatDoNotFit(t *testing.T) {
	image, vector := Shape{7, 8, 6}, Shape{9}
	for want, add := range map[string]func(b *Builder) *Node{
		"expects a pad of at most half the window's width 3, and is given 2": func(b *Builder) *Node {
			return b.MaxPool("x", b.Input(image), 3, Pad(1, 2))
		},
		"expects no dilation, and is given [1 2]": func(b *Builder) *Node {
			return b.AvgPool("x", b.Input(image), 3, Dilation(1, 2))
		},
		"expects an image {height, width, channels}, and is given 9": func(b *Builder) *Node {
			return b.AdaptiveAvgPool("x", b.Input(vector), 1, 1)
		},
		"expects a height and width of at least 1, and is given 2x0": func(b *Builder) *Node {
			return b.AdaptiveMaxPool("x", b.Input(image), 2, 0)
		},
		"expects an output pad below the stride's width 2, and is given 2": func(b *Builder) *Node {
			return b.ConvTranspose("x", b.Input(image), 4, Kernel(3), Stride(2), OutputPad(1, 2))
		},
		"4 groups do not divide 4 channels in and 6 out": func(b *Builder) *Node {
			return b.ConvTranspose("x", b.Input(image), 4, Groups(4))
		},
		"the output of 7x8x6 would be -1x0 with kernel [1 1] and pad [4 4]": func(b *Builder) *Node {
			return b.ConvTranspose("x", b.Input(image), 4, Pad(4))
		},
		"expects a size of at least 1, and is given 0": func(b *Builder) *Node {
			return b.LocalResponseNorm("x", b.Input(image), 0, 1, 1, 1)
		},
	} {
		b := NewBuilder()
		if _, err := b.Graph(add(b)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
}

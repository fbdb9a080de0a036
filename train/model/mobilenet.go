package model

import (
	"fmt"

	"github.com/dsbuild/dsbuild/train/nn"
)

// An invertedStage is a row of table 2 of the paper: blocks that widen their
// input by the expansion and end in these many channels. The first of them has
// the stride.
type invertedStage struct{ expansion, channels, blocks, stride int }

// mobileNetV2 is the network of Sandler et al. (2018, "MobileNetV2: Inverted
// Residuals and Linear Bottlenecks", table 2).
func mobileNetV2(b *nn.Builder, x *nn.Node, o Options) *nn.Node {
	x = convBNReLU6(b, "features.0.", x, 32, nn.Kernel(3), nn.Stride(2), nn.Pad(1))
	block := 1
	for _, stage := range []invertedStage{
		{expansion: 1, channels: 16, blocks: 1, stride: 1},
		{expansion: 6, channels: 24, blocks: 2, stride: 2},
		{expansion: 6, channels: 32, blocks: 3, stride: 2},
		{expansion: 6, channels: 64, blocks: 4, stride: 2},
		{expansion: 6, channels: 96, blocks: 3, stride: 1},
		{expansion: 6, channels: 160, blocks: 3, stride: 2},
		{expansion: 6, channels: 320, blocks: 1, stride: 1},
	} {
		for i := range stage.blocks {
			stride := 1
			if i == 0 {
				stride = stage.stride
			}
			x = invertedResidual(b, fmt.Sprintf("features.%d.", block), x, stage, stride)
			block++
		}
	}
	x = convBNReLU6(b, fmt.Sprintf("features.%d.", block), x, 1280)
	x = b.Flatten("flatten", b.GlobalAvgPool("avgpool", x))
	x = dropout(b, "classifier.0", x, o.Dropout)
	return b.Linear("classifier.1", x, o.Classes, nn.Deviation(0.01))
}

// invertedResidual widens, convolves each channel by itself, and narrows
// without a ReLU. Where the shape stays, the input is added.
func invertedResidual(b *nn.Builder, name string, x *nn.Node, s invertedStage, stride int) *nn.Node {
	shortcut, wide, at := x, channelsOf(x)*s.expansion, 0
	next := func() string {
		at++
		return fmt.Sprint(name, "conv.", at-1)
	}
	if s.expansion != 1 {
		x = convBNReLU6(b, next()+".", x, wide)
	}
	x = convBNReLU6(b, next()+".", x, wide,
		nn.Kernel(3), nn.Stride(stride), nn.Pad(1), nn.Groups(wide))
	x = conv(b, next(), x, s.channels)
	x = b.BatchNorm(next(), x)
	if stride == 1 && channelsOf(shortcut) == s.channels {
		x = b.Add(name+"add", x, shortcut)
	}
	return x
}

// convBNReLU6 adds a convolution, batch norm and ReLU6.
func convBNReLU6(b *nn.Builder, name string, x *nn.Node, channels int, o ...nn.Option) *nn.Node {
	x = conv(b, name+"0", x, channels, o...)
	return b.ReLU6(name+"2", b.BatchNorm(name+"1", x))
}

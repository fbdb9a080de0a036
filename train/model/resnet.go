package model

import (
	"fmt"

	"github.com/dsbuild/dsbuild/train/nn"
)

// A residualStage is a row of table 1 of the paper: blocks of these many
// channels, the first of which has the stride.
type residualStage struct{ channels, blocks, stride int }

// resNet18 is the network of 18 layers of He et al. (2015, "Deep Residual
// Learning for Image Recognition", table 1).
func resNet18(b *nn.Builder, x *nn.Node, o Options) *nn.Node {
	return resNet(b, x, o, []residualStage{
		{channels: 64, blocks: 2, stride: 1},
		{channels: 128, blocks: 2, stride: 2},
		{channels: 256, blocks: 2, stride: 2},
		{channels: 512, blocks: 2, stride: 2},
	})
}

// resNet is a residual network of basic blocks.
func resNet(b *nn.Builder, x *nn.Node, o Options, stages []residualStage) *nn.Node {
	x = conv(b, "conv1", x, 64, nn.Kernel(7), nn.Stride(2), nn.Pad(3))
	x = b.ReLU("relu", b.BatchNorm("bn1", x))
	x = b.MaxPool("maxpool", x, 3, nn.Stride(2), nn.Pad(1))
	for i, stage := range stages {
		for j := range stage.blocks {
			stride := 1
			if j == 0 {
				stride = stage.stride
			}
			x = basicBlock(b, fmt.Sprintf("layer%d.%d.", i+1, j), x, stage.channels, stride)
		}
	}
	x = b.Flatten("flatten", b.GlobalAvgPool("avgpool", x))
	return b.Linear("fc", x, o.Classes, nn.FanInEven())
}

// basicBlock adds two convolutions of 3x3 to a shortcut, which is a convolution
// of 1x1 where the shape changes (option B of the paper).
func basicBlock(b *nn.Builder, name string, x *nn.Node, channels, stride int) *nn.Node {
	shortcut := x
	x = conv(b, name+"conv1", x, channels, nn.Kernel(3), nn.Stride(stride), nn.Pad(1))
	x = b.ReLU(name+"relu", b.BatchNorm(name+"bn1", x))
	x = conv(b, name+"conv2", x, channels, nn.Kernel(3), nn.Pad(1))
	x = b.BatchNorm(name+"bn2", x)
	if stride != 1 || channelsOf(shortcut) != channels {
		shortcut = conv(b, name+"downsample.0", shortcut, channels, nn.Stride(stride))
		shortcut = b.BatchNorm(name+"downsample.1", shortcut)
	}
	return b.ReLU(name+"relu_1", b.Add(name+"add", x, shortcut))
}

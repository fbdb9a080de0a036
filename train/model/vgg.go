package model

import (
	"fmt"

	"github.com/dsbuild/dsbuild/train/nn"
)

// pooled stands between the channels of VGG's convolutions for max-pooling.
const pooled = 0

// vgg16 is configuration D of Simonyan and Zisserman (2014, "Very Deep
// Convolutional Networks for Large-Scale Image Recognition", table 1).
func vgg16(b *nn.Builder, x *nn.Node, o Options) *nn.Node {
	return vgg(b, x, o, []int{
		64, 64, pooled,
		128, 128, pooled,
		256, 256, 256, pooled,
		512, 512, 512, pooled,
		512, 512, 512, pooled,
	})
}

// vgg is a network of convolutions of 3x3, max-pooling that halves the sides,
// and three linear layers behind images that are brought to 7x7.
func vgg(b *nn.Builder, x *nn.Node, o Options, layers []int) *nn.Node {
	at := 0 // of the module in the sequence
	next := func(sequence string) string {
		at++
		return fmt.Sprint(sequence, ".", at-1)
	}
	for _, channels := range layers {
		if channels == pooled {
			x = b.MaxPool(next("features"), x, 2)
			continue
		}
		x = b.Conv(next("features"), x, channels, nn.Kernel(3), nn.Pad(1), nn.FanOut())
		x = b.ReLU(next("features"), x)
	}
	x = b.Flatten("flatten", b.AdaptiveAvgPool("avgpool", x, 7, 7))
	at = 0
	for range 2 {
		x = b.Linear(next("classifier"), x, 4096, nn.Deviation(0.01))
		x = b.ReLU(next("classifier"), x)
		x = dropout(b, next("classifier"), x, o.Dropout)
	}
	return b.Linear(next("classifier"), x, o.Classes, nn.Deviation(0.01))
}

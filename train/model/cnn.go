package model

import (
	"strconv"

	"github.com/dsbuild/dsbuild/train/nn"
)

// cnn is the plain convolutional network: stages of convolution, batch norm,
// ReLU, max-pooling that halves the sides, and dropout; then linear layers, with
// batch norms where the options say so.
func cnn(b *nn.Builder, x *nn.Node, o Options) *nn.Node {
	for i, channels := range o.CDims {
		n := strconv.Itoa(i + 1)
		x = b.Conv("conv"+n, x, channels, nn.Kernel(o.KSize), nn.Pad(o.KSize/2))
		x = b.BatchNorm("bn"+n, x)
		x = b.ReLU("relu"+n, x)
		x = b.MaxPool("pool"+n, x, 2)
		x = dropout(b, "drop"+n, x, o.Dropout)
	}
	x = b.Flatten("flatten", x)
	for i, features := range o.HDims {
		n := strconv.Itoa(i + 1)
		x = b.Linear("fc"+n, x, features)
		if o.HNorm != nil && *o.HNorm {
			x = b.BatchNorm("fc"+n+"_bn", x)
		}
		x = b.ReLU("fc"+n+"_relu", x)
		x = dropout(b, "fc"+n+"_drop", x, o.Dropout)
	}
	return b.Linear("fc"+strconv.Itoa(len(o.HDims)+1), x, o.Classes)
}

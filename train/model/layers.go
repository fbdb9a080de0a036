package model

import "github.com/dsbuild/dsbuild/train/nn"

// conv adds a convolution that a batch norm follows: without a bias, and with
// first weights by the fan-out.
func conv(b *nn.Builder, name string, x *nn.Node, channels int, o ...nn.Option) *nn.Node {
	return b.Conv(name, x, channels, append(o, nn.NoBias(), nn.FanOut())...)
}

// dropout adds a dropout layer where there is a rate.
func dropout(b *nn.Builder, name string, x *nn.Node, rate float64) *nn.Node {
	if rate <= 0 {
		return x
	}
	return b.Dropout(name, x, rate)
}

// channelsOf returns the channels of a node, or 0 after a mistake.
func channelsOf(x *nn.Node) int {
	shape := x.Shape()
	if len(shape) == 0 {
		return 0
	}
	return shape[len(shape)-1]
}

// Package model contains the networks that dsbuild knows by name.
//
// Sizes flow in; a graph of package nn without weights flows out:
//
//	graph, err := model.Build(model.Options{XDim: 28, YDim: 28, Channels: 1, Classes: 10})
//
// To add a network, write one file with one function, and add a line to the table:
//
//	func perceptron(b *nn.Builder, x *nn.Node, o Options) *nn.Node {
//		x = b.Flatten("flatten", x)
//		x = b.ReLU("relu1", b.Linear("fc1", x, 128))
//		return b.Linear("fc2", x, o.Classes)
//	}
//
// Networks that torchvision also has use its names for themselves and their nodes,
// so their weights can be exchanged by name.
package model

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/dsbuild/dsbuild/internal/suggest"
	"github.com/dsbuild/dsbuild/train/nn"
)

// A network is a line of the table.
type network struct {
	// build adds the layers behind the image x and returns the logits.
	build   func(b *nn.Builder, x *nn.Node, o Options) *nn.Node
	dropout float64 // the default rate
	sized   bool    // takes CDims, HDims, HNorm and KSize
}

// networks are all the networks, by name.
var networks = map[string]network{
	"cnn":          {build: cnn, dropout: 0.1, sized: true},
	"mobilenet_v2": {build: mobileNetV2, dropout: 0.2},
	"resnet18":     {build: resNet18},
	"vgg16":        {build: vgg16, dropout: 0.5},
}

// Options size a network. Zero values stand for the defaults named.
type Options struct {
	Name string `yaml:"name"` // of the network; default cnn

	XDim     int `yaml:"xdim"`     // width of the image in pixels
	YDim     int `yaml:"ydim"`     // height; default XDim
	Channels int `yaml:"channels"` // 1 gray, 3 colour; default 3
	Classes  int `yaml:"classes"`

	// CDims are the channels of cnn's convolutions, one a stage. The default
	// starts with 32 and doubles, up to 256, and has as many stages as leave
	// at least 3 pixels of the shorter side.
	CDims []int `yaml:"cdims"`
	// HDims are the features of cnn's hidden linear layers; default 128.
	HDims []int `yaml:"hdims"`
	// HNorm puts batch norms behind cnn's hidden linear layers; nil is false.
	// Without them large steps of Adam, which add up over the many inputs of such
	// a layer, may leave its ReLUs at 0 for good.
	HNorm *bool `yaml:"hnorm"`
	// KSize is the side of the kernels of cnn's convolutions, an odd number;
	// default 3.
	KSize int `yaml:"ksize"`
	// Dropout is the rate where the network has such layers; default 0.1 for
	// cnn, and the papers' for others. Below zero there is none.
	Dropout float64 `yaml:"dropout"`
}

// WithDefaults returns the options with the defaults in place of zero values.
func (o Options) WithDefaults() Options {
	o.Name = cmp.Or(o.Name, "cnn")
	o.YDim = cmp.Or(o.YDim, o.XDim)
	o.Channels = cmp.Or(o.Channels, 3)
	n := networks[o.Name]
	o.Dropout = cmp.Or(o.Dropout, n.dropout)
	if !n.sized {
		return o
	}
	o.KSize = cmp.Or(o.KSize, 3)
	if len(o.CDims) == 0 {
		o.CDims = []int{32}
		for side := min(o.XDim, o.YDim) / 2; side >= 6; side /= 2 {
			o.CDims = append(o.CDims, min(2*o.CDims[len(o.CDims)-1], 256))
		}
	}
	if len(o.HDims) == 0 {
		o.HDims = []int{128}
	}
	return o
}

// Validate tells what is wrong with the options.
func (o Options) Validate() error {
	o = o.WithDefaults()
	n, known := networks[o.Name]
	if !known {
		names := Names()
		return fmt.Errorf("unknown network %q: use one of %s%s",
			o.Name, strings.Join(names, ", "), suggest.Hint(o.Name, names))
	}
	for _, v := range []struct {
		name        string
		value       int
		least, most int
	}{
		{"xdim", o.XDim, 1, 1 << 14}, {"ydim", o.YDim, 1, 1 << 14},
		{"channels", o.Channels, 1, 1 << 10}, {"classes", o.Classes, 1, 1 << 20},
		{"ksize", cmp.Or(o.KSize, 3), 1, 63},
	} {
		if v.value < v.least || v.value > v.most {
			return fmt.Errorf("%s is %d, but must be from %d to %d", v.name, v.value, v.least, v.most)
		}
	}
	if !n.sized && (o.KSize != 0 || len(o.CDims) > 0 || len(o.HDims) > 0 || o.HNorm != nil) {
		return fmt.Errorf("cdims, hdims, hnorm and ksize are only for cnn, not for %s", o.Name)
	}
	if n.sized && o.KSize%2 == 0 {
		return fmt.Errorf("ksize is %d, but must be odd", o.KSize)
	}
	if !(o.Dropout < 1) {
		return fmt.Errorf("dropout is %v, but must be below 1 (below 0 for none)", o.Dropout)
	}
	for name, sizes := range map[string][]int{"cdims": o.CDims, "hdims": o.HDims} {
		if slices.ContainsFunc(sizes, func(n int) bool { return n < 1 || n > 1<<16 }) {
			return fmt.Errorf("%s is %v, but each must be from 1 to 65536", name, sizes)
		}
	}
	return nil
}

// maxParameters is how many a network has at most: 4 GiB of them.
const maxParameters = 1 << 30

// Names returns the names of all networks, in order.
func Names() []string { return slices.Sorted(maps.Keys(networks)) }

// Build returns the graph of a network for images of (YDim, XDim, Channels).
func Build(o Options) (*nn.Graph, error) {
	if err := o.Validate(); err != nil {
		return nil, err
	}
	o = o.WithDefaults()
	b := nn.NewBuilder()
	x := b.Input(nn.Shape{o.YDim, o.XDim, o.Channels})
	n := networks[o.Name]
	graph, err := b.Graph(n.build(b, x, o))
	if err != nil {
		advice := "choose a larger xdim and ydim"
		if n.sized {
			advice = "choose fewer cdims, or a larger xdim and ydim"
		}
		return nil, fmt.Errorf("network %s: %w (%s)", o.Name, err, advice)
	}
	if count := graph.Summary().Parameters; count > maxParameters {
		return nil, fmt.Errorf("network %s has %d parameters, but at most %d are possible (make it or "+
			"its images smaller)", o.Name, count, maxParameters)
	}
	return graph, nil
}

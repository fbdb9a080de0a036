package engine

import (
	"maps"
	"slices"
	"testing"

	"gorgonia.org/tensor"

	"github.com/dsbuild/dsbuild/train/nn"
)

// What is told of a node, when it is computed, still lies there when the call is
// over: of outputs and of what only shows another node's values as well.
func TestWatchedValuesStay(t *testing.T) {
	for name, network := range networks {
		t.Run(name, func(t *testing.T) {
			g := mustGraph(t, network)
			const n = 3
			o := Options{MaxBatch: n, Threads: 2, Seed: 5}
			for _, node := range g.Nodes() {
				o.Watch = append(o.Watch, node.Name())
			}
			told := map[string]map[string][]float32{"values": {}, "gradients": {}}
			note := func(what string) func(string, *tensor.Dense) {
				return func(node string, v *tensor.Dense) {
					told[what][node] = slices.Clone(v.Data().([]float32))
				}
			}
			o.OnActivation, o.OnGradient = note("values"), note("gradients")
			s := mustSession(t, nn.NewWeights(g, 3), o)
			images, labels := randomBatch(g, n, 7)
			s.Train(images, labels, 4)
			read := map[string]func(string) *tensor.Dense{
				"values": s.Activation, "gradients": s.Gradient,
			}
			for what, of := range read {
				if got := slices.Sorted(maps.Keys(told[what])); len(got) != len(o.Watch) {
					t.Errorf("told of the %s of %v, want all of %v", what, got, o.Watch)
				}
				for node, want := range told[what] {
					if !slices.Equal(floats(of(node)), want) {
						t.Errorf("the %s of %s changed afterwards", what, node)
					}
				}
			}
		})
	}
}

// A watched node has a gradient where nothing before it learns.
func TestWatchedBehindTheInput(t *testing.T) {
	layers := map[string]func(b *nn.Builder, x *nn.Node) *nn.Node{
		"relu":     func(b *nn.Builder, x *nn.Node) *nn.Node { return b.ReLU("x", x) },
		"dropout":  func(b *nn.Builder, x *nn.Node) *nn.Node { return b.Dropout("x", x, 0.5) },
		"max pool": func(b *nn.Builder, x *nn.Node) *nn.Node { return b.MaxPool("x", x, 2) },
		"avg pool": func(b *nn.Builder, x *nn.Node) *nn.Node { return b.AvgPool("x", x, 2) },
		"add":      func(b *nn.Builder, x *nn.Node) *nn.Node { return b.Add("x", x, x) },
		"concat":   func(b *nn.Builder, x *nn.Node) *nn.Node { return b.Concat("x", x, x) },
		"norm": func(b *nn.Builder, x *nn.Node) *nn.Node {
			return b.LocalResponseNorm("x", x, 3, 1, 1, 1)
		},
	}
	for name, layer := range layers {
		g := mustGraph(t, func(b *nn.Builder) *nn.Node {
			x := layer(b, b.Input(nn.Shape{5, 6, 3}))
			return b.Linear("fc", b.Flatten("flatten", x), 3)
		})
		images, labels := randomBatch(g, 2, 7)
		s := mustSession(t, nn.NewWeights(g, 3), Options{MaxBatch: 2, Watch: []string{"x"}})
		s.Train(images, labels, 4)
		if got := s.Gradient("x"); got == nil || slices.Max(floats(got)) <= 0 {
			t.Errorf("%s: the gradient is %v", name, got)
		}
	}
}

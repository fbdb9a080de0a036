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

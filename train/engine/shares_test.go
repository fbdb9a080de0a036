package engine

import (
	"math"
	"slices"
	"testing"

	"github.com/dsbuild/dsbuild/train/nn"
)

// gradientsOf returns a copy of all gradients, one behind the other.
func gradientsOf(s *Session) []float32 {
	var all []float32
	for _, p := range s.Learnables() {
		all = append(all, p.Grad...)
	}
	return all
}

func TestSharesOfOneClassAreItsLabel(t *testing.T) {
	for name, network := range networks {
		g := mustGraph(t, network)
		const n = 5
		s := mustSession(t, nn.NewWeights(g, 3), Options{MaxBatch: n, Threads: 2, Seed: 5})
		images, labels := randomBatch(g, n, 7)
		shares := make([]float32, n*g.Output().Size())
		for i, label := range labels {
			shares[i*g.Output().Size()+int(label)] = 1
		}
		want := s.Train(images, labels, 4)
		gradients := gradientsOf(s)
		if got := s.TrainShares(images, shares, 4); got != want {
			t.Errorf("%s: shares give %+v, labels %+v", name, got, want)
		}
		if !slices.Equal(gradientsOf(s), gradients) {
			t.Errorf("%s: the gradients of shares and of labels differ", name)
		}
	}
}

// Loss and gradients are linear in the shares: those of a mixture are the
// mixture of those of its classes.
func TestSharesMixLossesAndGradients(t *testing.T) {
	for name, network := range networks {
		g := mustGraph(t, network)
		const n, own = 4, 0.7
		classes := g.Output().Size()
		s := mustSession(t, nn.NewWeights(g, 3), Options{MaxBatch: n, Threads: 2, Seed: 5})
		images, labels := randomBatch(g, n, 7)
		others, shares := make([]int32, n), make([]float32, n*classes)
		for i, label := range labels {
			others[i] = (label + 1) % int32(classes)
			shares[i*classes+int(label)] += own
			shares[i*classes+int(others[i])] += 1 - own
		}
		first := s.Train(images, labels, 4)
		gradients := gradientsOf(s)
		second := s.Train(images, others, 4)
		for i, v := range gradientsOf(s) {
			gradients[i] = own*gradients[i] + (1-own)*v
		}
		got := s.TrainShares(images, shares, 4)
		if want := own*first.Loss + (1-own)*second.Loss; math.Abs(got.Loss-want) > 1e-5*want {
			t.Errorf("%s: the loss is %v, want %v", name, got.Loss, want)
		}
		if got.Correct != first.Correct {
			t.Errorf("%s: %d are correct by the shares, %d by the labels of the larger ones", name,
				got.Correct, first.Correct)
		}
		for i, v := range gradientsOf(s) {
			if math.Abs(float64(v-gradients[i])) > 1e-4*(1+math.Abs(float64(v))) {
				t.Fatalf("%s: gradient %d is %v, want %v", name, i, v, gradients[i])
			}
		}
	}
}

package engine

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/dsbuild/dsbuild/train/nn"
)

// trace trains for some steps of several sizes and returns all that came out.
func trace(t *testing.T, network func(b *nn.Builder) *nn.Node, o Options) []float32 {
	t.Helper()
	g := mustGraph(t, network)
	w := nn.NewWeights(g, 3)
	s := mustSession(t, w, o)
	var out []float32
	for step, n := range []int{9, 4, 9, 1} {
		images, labels := randomBatch(g, n, uint64(step))
		if n == 1 {
			out = append(out, s.Predict(images, n)...)
			r := s.Evaluate(images, labels)
			out = append(out, float32(r.Loss), float32(r.Correct))
			continue
		}
		r := s.Train(images, labels, step)
		out = append(out, float32(r.Loss), float32(r.Correct))
		for _, p := range s.Learnables() {
			out = append(out, p.Grad...)
			for i, g := range p.Grad {
				p.Value[i] -= 0.1 * g
			}
		}
	}
	for _, n := range g.Nodes() {
		for _, p := range w.Parameters(n) {
			out = append(out, p.Value()...)
		}
	}
	return out
}

func sameBits(a, b []float32) bool {
	return slices.EqualFunc(a, b, func(x, y float32) bool {
		return math.Float32bits(x) == math.Float32bits(y)
	})
}

func TestSameBitsForAnyThreadsAndMaxBatch(t *testing.T) {
	for name, network := range networks {
		t.Run(name, func(t *testing.T) {
			want := trace(t, network, Options{MaxBatch: 9, Threads: 1, Seed: 5})
			for _, o := range []Options{
				{MaxBatch: 9, Threads: 2, Seed: 5}, {MaxBatch: 9, Threads: 7, Seed: 5},
				{MaxBatch: 40, Threads: 2, Seed: 5},
			} {
				if !sameBits(trace(t, network, o), want) {
					t.Errorf("%d threads and batches up to %d give other bits", o.Threads, o.MaxBatch)
				}
			}
		})
	}
}

func TestStepsAllocateNothing(t *testing.T) {
	for name, network := range networks {
		t.Run(name, func(t *testing.T) {
			g := mustGraph(t, network)
			s := mustSession(t, nn.NewWeights(g, 3), Options{MaxBatch: 8, Threads: 2})
			images, labels := randomBatch(g, 8, 1)
			for what, f := range map[string]func(){
				"Train":    func() { s.Train(images, labels, 1) },
				"Evaluate": func() { s.Evaluate(images, labels) },
				"Predict":  func() { s.Predict(images, 8) },
			} {
				if n := testing.AllocsPerRun(20, f); n != 0 {
					t.Errorf("%s allocates %v times", what, n)
				}
			}
		})
	}
}

// A session for inference lays values over each other more tightly, and
// must see the same.
func TestInferenceSessionsAgree(t *testing.T) {
	for name, network := range networks {
		t.Run(name, func(t *testing.T) {
			g := mustGraph(t, network)
			w := nn.NewWeights(g, 3)
			images, labels := randomBatch(g, 5, 1)
			training := mustSession(t, w, Options{MaxBatch: 5})
			training.Train(images, labels, 0)
			want := slices.Clone(training.Predict(images, 5))
			inference := mustSession(t, w, Options{MaxBatch: 6, Inference: true})
			if !sameBits(inference.Predict(images, 5), want) {
				t.Error("the logits differ")
			}
			alone := inference.Predict(images[4*g.Input().Size():], 1)
			if !sameBits(alone, want[4*g.Output().Size():]) {
				t.Errorf("a sample alone has logits %v, in a batch %v", alone, want[4*g.Output().Size():])
			}
		})
	}
}

// Values and gradients that are needed at one time must not overlap.
func TestPlanKeepsSpansApart(t *testing.T) {
	for name, network := range networks {
		for _, training := range []bool{false, true} {
			p := planOf(mustGraph(t, network), training)
			size, sum := p.place(3), 0
			for i, a := range p.spans {
				sum += a.floats(3)
				if a.offset < 0 || a.offset+a.floats(3) > size {
					t.Errorf("%s: span %d leaves the arena", name, i)
				}
				for j, b := range p.spans[:i] {
					if a.first <= b.last && b.first <= a.last &&
						a.offset < b.offset+b.floats(3) && b.offset < a.offset+a.floats(3) {
						t.Errorf("%s: spans %d and %d overlap", name, i, j)
					}
				}
			}
			if len(p.spans) > 3 && size >= sum {
				t.Errorf("%s: nothing is reused: %d floats of %d", name, size, sum)
			}
		}
	}
}

func TestDropoutRateAndScale(t *testing.T) {
	b := nn.NewBuilder()
	g, err := b.Graph(b.Dropout("drop", b.Input(nn.Shape{1000}), 0.3))
	if err != nil {
		t.Fatal(err)
	}
	const n = 50
	s := mustSession(t, nn.NewWeights(g, 1), Options{MaxBatch: n, Seed: 9})
	ones, labels := make([]float32, n*1000), make([]int32, n)
	for i := range ones {
		ones[i] = 1
	}
	masks := map[string]bool{}
	for step := range 3 {
		s.Train(ones, labels, step)
		dropped := 0
		logits := s.trainer.values[g.Outputs()[0].Index()].Batch(n)
		for _, v := range logits {
			if v == 0 {
				dropped++
			} else if math.Abs(float64(v)-1/0.7) > 1e-6 {
				t.Fatalf("a kept value is %v, want 1/0.7", v)
			}
		}
		if share := float64(dropped) / (n * 1000); math.Abs(share-0.3) > 0.01 {
			t.Errorf("step %d drops %.3f, want 0.3", step, share)
		}
		masks[fmt.Sprint(logits[:1000])] = true
	}
	if len(masks) != 3 {
		t.Error("steps share a mask")
	}
	if got := s.Predict(ones, n); slices.ContainsFunc(got, func(v float32) bool { return v != 1 }) {
		t.Error("dropout is at work outside training")
	}
}

// A small network learns which of two bars, upright or level, an image has.
func TestLearnsBars(t *testing.T) {
	b := nn.NewBuilder()
	x := b.Conv("conv1", b.Input(nn.Shape{8, 8, 1}), 4, nn.Kernel(3), nn.Pad(1))
	x = b.MaxPool("pool1", b.ReLU("relu1", b.BatchNorm("bn1", x)), 2)
	g, err := b.Graph(b.Linear("fc", b.Flatten("flatten", x), 2))
	if err != nil {
		t.Fatal(err)
	}
	s := mustSession(t, nn.NewWeights(g, 1), Options{MaxBatch: 32})
	r := rand.New(rand.NewPCG(1, 1))
	batch := func() ([]float32, []int32) {
		images, labels := make([]float32, 32*64), make([]int32, 32)
		for i := range images {
			images[i] = float32(r.NormFloat64() * 0.3)
		}
		for i := range labels {
			labels[i] = int32(r.IntN(2))
			at, step := r.IntN(8), 8
			if labels[i] == 1 {
				at, step = at*8, 1
			}
			for k := range 8 {
				images[i*64+at+k*step]++
			}
		}
		return images, labels
	}
	for step := range 150 {
		images, labels := batch()
		s.Train(images, labels, step)
		for _, p := range s.Learnables() {
			for i, g := range p.Grad {
				p.Value[i] -= 0.1 * g
			}
		}
	}
	images, labels := batch()
	if got := s.Evaluate(images, labels); got.Correct < 31 {
		t.Errorf("%d of 32 are right after training, loss %v", got.Correct, got.Loss/32)
	}
}

func TestSessionPanicsOnMisuse(t *testing.T) {
	g := mustGraph(t, networks["linear"])
	w := nn.NewWeights(g, 1)
	s := mustSession(t, w, Options{MaxBatch: 2})
	inference := mustSession(t, w, Options{MaxBatch: 2, Inference: true})
	for want, f := range map[string]func(){
		"batch of 3 samples":    func() { s.Predict(make([]float32, 21), 3) },
		"14 values, and 13":     func() { s.Train(make([]float32, 13), make([]int32, 2), 0) },
		"label 3, the network":  func() { s.Train(make([]float32, 7), []int32{3}, 0) },
		"session for inference": func() { inference.Train(make([]float32, 7), []int32{0}, 0) },
		"batch of 0 samples":    func() { s.Evaluate(nil, nil) },
		"label -1, the network": func() { s.Evaluate(make([]float32, 7), []int32{-1}) },
		"before the gradients": func() {
			images := make([]float32, 7)
			s.TrainWith(images, 1, 0, func([]Output) float64 { return float64(s.Predict(images, 1)[0]) })
		},
	} {
		func() {
			defer func() {
				if got := fmt.Sprint(recover()); !strings.Contains(got, want) {
					t.Errorf("panic %q, want one with %q", got, want)
				}
			}()
			f()
		}()
	}
}

// Constants that are not the default serve training, prediction and folding.
func TestBatchNormConstants(t *testing.T) {
	g := mustGraph(t, func(b *nn.Builder) *nn.Node {
		x := b.Conv("conv", b.Input(nn.Shape{5, 4, 2}), 3, nn.Kernel(3), nn.NoBias())
		x = b.BatchNorm("bn", x, nn.Epsilon(0.5), nn.Momentum(1))
		return b.Flatten("flatten", b.GlobalAvgPool("pool", b.ReLU("relu", x)))
	})
	const n = 4
	images, labels := randomBatch(g, n, 7)
	var logits [][]float32
	for _, apart := range []bool{true, false} {
		s := mustSession(t, nn.NewWeights(g, 3), Options{MaxBatch: n, apart: apart})
		s.Train(images, labels, 0)
		logits = append(logits, slices.Clone(s.Predict(images, n)))
	}
	near(t, logits[1], logits[0], 1e-5)
}

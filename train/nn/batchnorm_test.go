package nn

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/dsbuild/dsbuild/internal/parallel"
)

// A normCase is a batch norm with what is fused into it.
type normCase struct {
	channels, side, batch int
	residual, relu        bool
	ceiling               float32
	apart                 bool // the residual's gradient does not share memory
	epsilon, momentum     float64
}

func (c normCase) String() string {
	return fmt.Sprint(c.channels, "x", c.side*c.side*c.batch, c.residual, c.relu, c.ceiling, c.apart)
}

// normCases have all channel counts that are cut in their own way, and images of
// few and of many pixels.
func normCases() []normCase {
	var list []normCase
	for _, channels := range []int{1, 3, 10, 16, 17, 24, 64, 96, 130, 512} {
		for _, size := range [][2]int{{1, 5}, {3, 5}, {16, 2}, {33, 9}} {
			if channels > 100 && size[0] > 20 {
				continue
			}
			c := normCase{channels: channels, side: size[0], batch: size[1]}
			list = append(list, c)
			c.relu = true
			list = append(list, c)
			c.ceiling, c.residual = 0.75, true
			list = append(list, c)
			c.apart = true
			list = append(list, c)
			c.relu, c.ceiling = false, 0
			c.epsilon, c.momentum = 0.1, 0.3
			list = append(list, c)
		}
	}
	return list
}

// newNorm returns a layer with memory of its own, and what ends its goroutines.
func newNorm(c normCase, threads int) (*batchNorm, func()) {
	r := rand.New(rand.NewPCG(uint64(c.channels), uint64(c.side)))
	n := c.channels * c.side * c.side * c.batch
	random := func(n int, mean, spread float64) []float32 {
		list := make([]float32, n)
		for i := range list {
			list[i] = float32(mean + spread*r.NormFloat64())
		}
		return list
	}
	of := func(data []float32) *buffer { return &buffer{size: n / c.batch, data: data} }
	team := parallel.NewTeam(threads)
	st := &state{team: team, maxBatch: c.batch, batch: c.batch, training: true}
	s := &site{state: st, node: &Node{shape: Shape{c.side, c.side, c.channels}},
		in: []*buffer{of(random(n, 3, 2))}, out: of(make([]float32, n)),
		gradOut: of(random(n, 0.1, 1)), gradIn: []*buffer{nil},
		fused: fusion{relu: c.relu, ceiling: c.ceiling}}
	for _, mean := range []float64{1, 0.5, 0, 1} {
		s.params = append(s.params, &param{value: random(c.channels, mean, 0.3),
			grad: make([]float32, c.channels)})
	}
	s.params = append(s.params, &param{count: new(int64)})
	s.gradIn[0] = s.gradOut
	if c.residual {
		s.fused.residual = of(random(n, 0, 1))
		s.fused.gradResidual = s.gradOut
		s.gradIn[0] = of(make([]float32, n))
		if c.apart {
			s.fused.gradResidual = of(make([]float32, n))
			s.gradIn[0] = s.gradOut
		}
	}
	l := batchNormOp{epsilon: c.epsilon, momentum: c.momentum}.bind(s).(*batchNorm)
	st.own = make([][]float32, threads)
	st.provide()
	return l, team.Close
}

// plainNorm computes in float64 what a batch norm gives.
type plainNorm struct{ out, gradIn, gradResidual, gradScale, gradOffset, mean, variance []float64 }

func newPlainNorm(c normCase, l *batchNorm) plainNorm {
	n, channels := len(l.in[0].data), c.channels
	of := func(n int) []float64 { return make([]float64, n) }
	p := plainNorm{of(n), of(n), of(n), of(channels), of(channels), of(channels), of(channels)}
	pixels := float64(n / channels)
	for i, v := range l.in[0].data {
		p.mean[i%channels] += float64(v) / pixels
	}
	for i, v := range l.in[0].data {
		d := float64(v) - p.mean[i%channels]
		p.variance[i%channels] += d * d / pixels
	}
	top := math.Inf(1)
	if c.ceiling != 0 {
		top = float64(c.ceiling)
	}
	for i, v := range l.in[0].data {
		k := i % channels
		hat := (float64(v) - p.mean[k]) / math.Sqrt(p.variance[k]+l.epsilon)
		y := hat*float64(l.scale.value[k]) + float64(l.offset.value[k])
		if c.residual {
			y += float64(l.fused.residual.data[i])
		}
		g := float64(l.gradOut.data[i])
		if c.relu {
			if y <= 0 || y >= top {
				g = 0
			}
			y = min(max(y, 0), top)
		}
		p.out[i], p.gradResidual[i] = y, g
		p.gradScale[k] += g * hat
		p.gradOffset[k] += g
	}
	for i, v := range l.in[0].data {
		k := i % channels
		inverse := 1 / math.Sqrt(p.variance[k]+l.epsilon)
		hat := (float64(v) - p.mean[k]) * inverse
		p.gradIn[i] = float64(l.scale.value[k]) * inverse *
			(p.gradResidual[i] - p.gradOffset[k]/pixels - hat*p.gradScale[k]/pixels)
	}
	return p
}

// Layers compute what plain loops do in float64, with the same bits for any
// number of threads.
func TestBatchNormAgainstPlainLoops(t *testing.T) {
	for _, c := range normCases() {
		t.Run(c.String(), func(t *testing.T) {
			var first [][]float32
			for _, threads := range []int{1, 3} {
				l, end := newNorm(c, threads)
				want := newPlainNorm(c, l)
				before := slices.Clone(l.variance.value)
				l.forward()
				l.backward()
				end()
				limit := 2e-5 * math.Sqrt(float64(c.side*c.side*c.batch))
				close32(t, "out", l.out.data, want.out, 1e-5)
				close32(t, "gradient", l.gradIn[0].data, want.gradIn, 1e-4)
				close32(t, "scale", l.scale.grad, want.gradScale, limit)
				close32(t, "offset", l.offset.grad, want.gradOffset, limit)
				if c.residual {
					close32(t, "residual", l.fused.gradResidual.data, want.gradResidual, 0)
				}
				pixels := float64(c.side * c.side * c.batch)
				for k, v := range want.variance {
					v *= pixels / max(pixels-1, 1)
					want.variance[k] = (1-l.momentum)*float64(before[k]) + l.momentum*v
				}
				close32(t, "running variance", l.variance.value, want.variance, 1e-6)
				results := [][]float32{l.out.data, l.gradIn[0].data, l.scale.grad, l.mean.value}
				if first == nil {
					first = results
				}
				for i := range results {
					if !slices.Equal(results[i], first[i]) {
						t.Errorf("result %d depends on the threads", i)
					}
				}
			}
		})
	}
}

// close32 fails where an element is further from want than tolerance, relative to
// the larger of it and 1.
func close32(t *testing.T, what string, got []float32, want []float64, tolerance float64) {
	t.Helper()
	for i, w := range want {
		if d := math.Abs(float64(got[i]) - w); !(d <= tolerance*max(1, math.Abs(w))) {
			t.Fatalf("%s: element %d is %v, and should be %v", what, i, got[i], w)
		}
	}
}

// A mean far larger than the deviation costs the variance no digits beyond those
// that the values themselves lack.
func TestVarianceBesideLargeMean(t *testing.T) {
	for _, side := range []int{40, 8} {
		c := normCase{channels: 64, side: side, batch: 4}
		l, end := newNorm(c, 2)
		for i, v := range l.in[0].data {
			l.in[0].data[i] = 4096 + v
		}
		want := newPlainNorm(c, l)
		l.forward()
		end()
		for k := range c.channels {
			got := 1/(l.inverse[k]*l.inverse[k]) - batchNormEpsilon
			if math.Abs(got-want.variance[k]) > 1e-5*want.variance[k] {
				t.Errorf("variance %d is %v, want %v", k, got, want.variance[k])
			}
		}
	}
}

// Constants that are not the default serve training, prediction and folding.
func TestBatchNormConstants(t *testing.T) {
	g := mustGraph(t, func(b *Builder) *Node {
		x := b.Conv("conv", b.Input(Shape{5, 4, 2}), 3, Kernel(3), NoBias())
		x = b.BatchNorm("bn", x, Epsilon(0.5), Momentum(1))
		return b.Flatten("flatten", b.GlobalAvgPool("pool", b.ReLU("relu", x)))
	})
	const n = 4
	images, labels := randomBatch(g, n, 7)
	var logits [][]float32
	for _, apart := range []bool{true, false} {
		s := mustSession(t, NewWeights(g, 3), SessionOptions{MaxBatch: n, apart: apart})
		s.Train(images, labels, 0)
		logits = append(logits, slices.Clone(s.Predict(images, n)))
	}
	near(t, logits[1], logits[0], 1e-5)
	b := NewBuilder()
	b.BatchNorm("bn", b.Input(Shape{3}), Momentum(2))
	if _, err := b.Graph(nil); err == nil || !strings.Contains(err.Error(), "momentum 2") {
		t.Errorf("error %v", err)
	}
}

// A batch of one pixel is its own mean: offsets are what comes out, but for
// rounding that the inverse of a variance of 0 makes larger, and nothing is
// learned of the variance.
func TestBatchNormOfOnePixel(t *testing.T) {
	l, end := newNorm(normCase{channels: 5, side: 1, batch: 1}, 1)
	defer end()
	mean, variance := slices.Clone(l.mean.value), slices.Clone(l.variance.value)
	l.forward()
	l.backward()
	for k := range l.channels {
		if got, want := l.out.data[k], l.offset.value[k]; math.Abs(float64(got-want)) > 1e-3 {
			t.Errorf("channel %d is %v, want %v", k, got, want)
		}
		if math.Abs(float64(l.gradIn[0].data[k])) > 1e-3 || l.scale.grad[k] != 0 {
			t.Errorf("channel %d has gradients of %v and %v", k, l.gradIn[0].data[k], l.scale.grad[k])
		}
		if l.mean.value[k] == mean[k] || l.variance.value[k] != variance[k] {
			t.Errorf("channel %d: mean %v, variance %v", k, l.mean.value[k], l.variance.value[k])
		}
	}
}

// What is not a number, wherever it stands, comes to all of its channel, and to
// no other.
func TestBatchNormShowsWhatIsNoNumber(t *testing.T) {
	c := normCase{channels: 3, side: 9, batch: 2, relu: true, ceiling: 6}
	for at := 0; at < c.channels*c.side*c.side*c.batch; at += 5 {
		l, end := newNorm(c, 1)
		l.in[0].data[at] = float32(math.NaN())
		l.forward()
		l.backward()
		end()
		for i, v := range l.out.data {
			if isBad := v != v; isBad != (i%c.channels == at%c.channels) {
				t.Fatalf("bad element %d: output %d is %v", at, i, v)
			}
		}
		if v := l.scale.grad[at%c.channels]; v == v {
			t.Fatalf("bad element %d: the scale's gradient is %v", at, v)
		}
		if v := l.mean.value[at%c.channels]; v == v {
			t.Fatalf("bad element %d: the running mean is %v", at, v)
		}
	}
}

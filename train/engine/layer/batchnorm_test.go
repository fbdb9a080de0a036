package layer

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/dsbuild/dsbuild/internal/parallel"
	"github.com/dsbuild/dsbuild/train/nn"
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
	of := func(data []float32) *Buffer { return &Buffer{Size: n / c.batch, Data: data} }
	team := parallel.NewTeam(threads)
	st := &State{Team: team, MaxBatch: c.batch, Batch: c.batch, Training: true}
	node := nn.NewBuilder().Input(nn.Shape{c.side, c.side, c.channels})
	s := &Site{State: st, Node: node,
		In: []*Buffer{of(random(n, 3, 2))}, Out: of(make([]float32, n)),
		GradOut: of(random(n, 0.1, 1)), GradIn: []*Buffer{nil},
		Fused: Fusion{ReLU: c.relu, Ceiling: c.ceiling}}
	for _, mean := range []float64{1, 0.5, 0, 1} {
		s.Params = append(s.Params, &Param{Value: random(c.channels, mean, 0.3),
			Grad: make([]float32, c.channels)})
	}
	s.Params = append(s.Params, &Param{Count: new(int64)})
	s.GradIn[0] = s.GradOut
	if c.residual {
		s.Fused.Residual = of(random(n, 0, 1))
		s.Fused.GradResidual = s.GradOut
		s.GradIn[0] = of(make([]float32, n))
		if c.apart {
			s.Fused.GradResidual = of(make([]float32, n))
			s.GradIn[0] = s.GradOut
		}
	}
	o := nn.BatchNorm{Epsilon: cmp.Or(c.epsilon, 1e-5), Momentum: cmp.Or(c.momentum, 0.1)}
	l := newBatchNorm(o, s).(*batchNorm)
	st.Provide()
	return l, team.Close
}

// plainNorm computes in float64 what a batch norm gives.
type plainNorm struct{ out, gradIn, gradResidual, gradScale, gradOffset, mean, variance []float64 }

func newPlainNorm(c normCase, l *batchNorm) plainNorm {
	n, channels := len(l.In[0].Data), c.channels
	of := func(n int) []float64 { return make([]float64, n) }
	p := plainNorm{of(n), of(n), of(n), of(channels), of(channels), of(channels), of(channels)}
	pixels := float64(n / channels)
	for i, v := range l.In[0].Data {
		p.mean[i%channels] += float64(v) / pixels
	}
	for i, v := range l.In[0].Data {
		d := float64(v) - p.mean[i%channels]
		p.variance[i%channels] += d * d / pixels
	}
	top := math.Inf(1)
	if c.ceiling != 0 {
		top = float64(c.ceiling)
	}
	for i, v := range l.In[0].Data {
		k := i % channels
		hat := (float64(v) - p.mean[k]) / math.Sqrt(p.variance[k]+l.epsilon)
		y := hat*float64(l.scale.Value[k]) + float64(l.offset.Value[k])
		if c.residual {
			y += float64(l.Fused.Residual.Data[i])
		}
		g := float64(l.GradOut.Data[i])
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
	for i, v := range l.In[0].Data {
		k := i % channels
		inverse := 1 / math.Sqrt(p.variance[k]+l.epsilon)
		hat := (float64(v) - p.mean[k]) * inverse
		p.gradIn[i] = float64(l.scale.Value[k]) * inverse *
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
				before := slices.Clone(l.variance.Value)
				l.Forward()
				l.Backward()
				end()
				limit := 2e-5 * math.Sqrt(float64(c.side*c.side*c.batch))
				close32(t, "out", l.Out.Data, want.out, 1e-5)
				close32(t, "gradient", l.GradIn[0].Data, want.gradIn, 1e-4)
				close32(t, "scale", l.scale.Grad, want.gradScale, limit)
				close32(t, "offset", l.offset.Grad, want.gradOffset, limit)
				if c.residual {
					close32(t, "residual", l.Fused.GradResidual.Data, want.gradResidual, 0)
				}
				pixels := float64(c.side * c.side * c.batch)
				for k, v := range want.variance {
					v *= pixels / max(pixels-1, 1)
					want.variance[k] = (1-l.momentum)*float64(before[k]) + l.momentum*v
				}
				close32(t, "running variance", l.variance.Value, want.variance, 1e-6)
				results := [][]float32{l.Out.Data, l.GradIn[0].Data, l.scale.Grad, l.mean.Value}
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
		for i, v := range l.In[0].Data {
			l.In[0].Data[i] = 4096 + v
		}
		want := newPlainNorm(c, l)
		l.Forward()
		end()
		for k := range c.channels {
			got := 1/(l.inverse[k]*l.inverse[k]) - l.epsilon
			if math.Abs(got-want.variance[k]) > 1e-5*want.variance[k] {
				t.Errorf("variance %d is %v, want %v", k, got, want.variance[k])
			}
		}
	}
}

// A batch of one pixel is its own mean: offsets are what comes out, but for
// rounding that the inverse of a variance of 0 makes larger, and nothing is
// learned of the variance.
func TestBatchNormOfOnePixel(t *testing.T) {
	l, end := newNorm(normCase{channels: 5, side: 1, batch: 1}, 1)
	defer end()
	mean, variance := slices.Clone(l.mean.Value), slices.Clone(l.variance.Value)
	l.Forward()
	l.Backward()
	for k := range l.channels {
		if got, want := l.Out.Data[k], l.offset.Value[k]; math.Abs(float64(got-want)) > 1e-3 {
			t.Errorf("channel %d is %v, want %v", k, got, want)
		}
		if math.Abs(float64(l.GradIn[0].Data[k])) > 1e-3 || l.scale.Grad[k] != 0 {
			t.Errorf("channel %d has gradients of %v and %v", k, l.GradIn[0].Data[k], l.scale.Grad[k])
		}
		if l.mean.Value[k] == mean[k] || l.variance.Value[k] != variance[k] {
			t.Errorf("channel %d: mean %v, variance %v", k, l.mean.Value[k], l.variance.Value[k])
		}
	}
}

// What is not a number, wherever it stands, comes to all of its channel, and to
// no other.
func TestBatchNormShowsWhatIsNoNumber(t *testing.T) {
	c := normCase{channels: 3, side: 9, batch: 2, relu: true, ceiling: 6}
	for at := 0; at < c.channels*c.side*c.side*c.batch; at += 5 {
		l, end := newNorm(c, 1)
		l.In[0].Data[at] = float32(math.NaN())
		l.Forward()
		l.Backward()
		end()
		for i, v := range l.Out.Data {
			if isBad := v != v; isBad != (i%c.channels == at%c.channels) {
				t.Fatalf("bad element %d: output %d is %v", at, i, v)
			}
		}
		if v := l.scale.Grad[at%c.channels]; v == v {
			t.Fatalf("bad element %d: the scale's gradient is %v", at, v)
		}
		if v := l.mean.Value[at%c.channels]; v == v {
			t.Fatalf("bad element %d: the running mean is %v", at, v)
		}
	}
}

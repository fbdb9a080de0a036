package optim

import (
	"fmt"
	"maps"
	"math"
	"strings"
	"testing"

	"gorgonia.org/tensor"

	"github.com/dsbuild/dsbuild/internal/parallel"
	"github.com/dsbuild/dsbuild/train/engine"
	"github.com/dsbuild/dsbuild/train/nn"
)

// both returns an optimizer of each kind for some tensors.
func both(p []nn.Learnable) map[string]Optimizer {
	return map[string]Optimizer{
		"adam": NewAdam(p, AdamOptions{WeightDecay: 0.01, ClipNorm: 1e3, Average: 0.99}),
		"sgd":  NewSGD(p, SGDOptions{Momentum: 0.9, Nesterov: true}),
	}
}

// tensors returns two tensors, one larger than a chunk, with gradients that
// pull every value to 1.
func tensors() []nn.Learnable {
	var params []nn.Learnable
	for i, n := range []int{3, chunkSize + 5} {
		p := nn.Learnable{Name: fmt.Sprint("t", i), Value: make([]float32, n), Grad: make([]float32, n)}
		params = append(params, p)
	}
	pull(params)
	return params
}

func pull(params []nn.Learnable) {
	for _, p := range params {
		for i := range p.Grad {
			p.Grad[i] = p.Value[i] - 1 - float32(i%7)/100
		}
	}
}

func team(t testing.TB, threads int) *parallel.Team {
	team := parallel.NewTeam(threads)
	t.Cleanup(team.Close)
	return team
}

// The formula of the paper, in float64, for one value, and for so many steps that
// nothing is left to correct.
func TestAdamAgainstItsFormula(t *testing.T) {
	p := []nn.Learnable{{Name: "x", Value: []float32{0.5}, Grad: []float32{0}}}
	o := NewAdam(p, AdamOptions{})
	one := team(t, 1)
	x, m, v := 0.5, 0.0, 0.0
	for step := 1; step <= 20_000; step++ {
		g := math.Cos(float64(step)) + x
		p[0].Grad[0] = float32(g)
		o.Step(one, 0.02)
		m, v = 0.9*m+0.1*g, 0.999*v+0.001*g*g
		x -= 0.02 * (m / (1 - math.Pow(0.9, float64(step)))) /
			(math.Sqrt(v/(1-math.Pow(0.999, float64(step)))) + 1e-8)
		if math.Abs(float64(p[0].Value[0])-x) > 1e-5 {
			t.Fatalf("after %d steps x is %v, want %v", step, p[0].Value[0], x)
		}
	}
}

func TestOnlySomeTensorsDecay(t *testing.T) {
	p := []nn.Learnable{
		{Name: "weight", Value: []float32{2}, Grad: []float32{0}},
		{Name: "bias", Value: []float32{2}, Grad: []float32{0}},
	}
	o := NewAdam(p, AdamOptions{WeightDecay: 0.5, Decays: func(p nn.Learnable) bool {
		return p.Name == "weight"
	}})
	o.Step(team(t, 1), 0.5)
	if p[0].Value[0] != 1.5 || p[1].Value[0] != 2 {
		t.Errorf("2 decays to %v, and without decay to %v", p[0].Value[0], p[1].Value[0])
	}
	sgd := NewSGD(p, SGDOptions{WeightDecay: 0.5, Decays: func(p nn.Learnable) bool {
		return p.Name == "weight"
	}})
	sgd.Step(team(t, 1), 0.5)
	if p[0].Value[0] != 1.125 || p[1].Value[0] != 2 {
		t.Errorf("SGD: 1.5 decays to %v, and 2 without decay to %v", p[0].Value[0], p[1].Value[0])
	}
}

func TestStepsConvergeWithoutAllocating(t *testing.T) {
	for name := range both(nil) {
		params := tensors()
		o := both(params)[name]
		threads := team(t, 2)
		for range 800 {
			pull(params)
			o.Step(threads, 0.01)
		}
		if got := params[1].Value[chunkSize+4]; math.Abs(float64(got)-1) > 0.1 {
			t.Errorf("%s ends at %v, want about 1", name, got)
		}
		if n := testing.AllocsPerRun(10, func() { o.Step(threads, 0.01) }); n != 0 {
			t.Errorf("a step of %s allocates %v times", name, n)
		}
	}
}

// A run that is stopped and continued ends with the same bits, for any
// number of threads.
func TestResumeGivesTheSameBits(t *testing.T) {
	for name := range both(nil) {
		whole := tensors()
		first := both(whole)[name]
		for range 5 {
			pull(whole)
			first.Step(team(t, 1), 0.01)
		}
		part := tensors()
		o := both(part)[name]
		for i := range 5 {
			if i == 3 {
				state := o.Export()
				state["fc.weight"] = tensor.New(tensor.FromScalar(float32(1))) // a weight beside it
				o = both(part)[name]
				if err := o.Import(state); err != nil {
					t.Fatal(err)
				}
			}
			pull(part)
			o.Step(team(t, 3), 0.01)
		}
		for i := range whole {
			for j, v := range whole[i].Value {
				if math.Float32bits(part[i].Value[j]) != math.Float32bits(v) {
					t.Fatalf("%s: %s[%d] is %v, want %v", name, whole[i].Name, j, part[i].Value[j], v)
				}
			}
		}
	}
}

func TestImportRefusesWhatDoesNotFit(t *testing.T) {
	params := tensors()
	o := NewAdam(params, AdamOptions{})
	good := o.Export()
	for want, spoil := range map[string]func(m map[string]*tensor.Dense){
		`"optimizer.step" is missing`: func(m map[string]*tensor.Dense) { delete(m, "optimizer.step") },
		`"optimizer.exp_avg.t1" is missing`: func(m map[string]*tensor.Dense) {
			delete(m, "optimizer.exp_avg.t1")
		},
		"is not a number of steps": func(m map[string]*tensor.Dense) {
			m["optimizer.step"] = m["optimizer.exp_avg.t0"]
		},
		`"optimizer.exp_avg.t0": expects 3 float32`: func(m map[string]*tensor.Dense) {
			m["optimizer.exp_avg.t0"] = m["optimizer.exp_avg.t1"]
		},
		`"optimizer.momentum_buffer.t0" (shape (3)) is not of this optimizer`: func(m map[string]*tensor.Dense) {
			maps.Copy(m, NewSGD(params[:1], SGDOptions{Momentum: 0.9}).Export())
		},
	} {
		spoiled := maps.Clone(good)
		spoil(spoiled)
		if err := o.Import(spoiled); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one with %s", err, want)
		}
	}
}

func ExampleAdam() {
	b := nn.NewBuilder()
	graph, err := b.Graph(b.Linear("fc", b.Input(nn.Shape{2}), 2))
	if err != nil {
		fmt.Println(err)
		return
	}
	s, err := engine.New(nn.NewWeights(graph, 1), engine.Options{MaxBatch: 2})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer s.Close()
	adam := NewAdam(s.Learnables(), AdamOptions{})
	rate := Warmup{5, Cosine{Rate: 0.1, Total: 95}}
	images, labels := []float32{0, 1, 1, 0}, []int32{0, 1}
	for step := range 100 {
		s.Train(images, labels, step)
		adam.Step(s, rate.At(step))
	}
	fmt.Println(s.Evaluate(images, labels).Correct)
	// Output: 2
}

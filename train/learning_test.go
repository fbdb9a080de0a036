package train

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/dsbuild/dsbuild/dataset"
	"github.com/dsbuild/dsbuild/loader"
	"github.com/dsbuild/dsbuild/pixel"
	"github.com/dsbuild/dsbuild/split"
	"github.com/dsbuild/dsbuild/train/optim"
)

func TestLearningThatIsWrong(t *testing.T) {
	for want, l := range map[string]Learning{
		`did you mean "one-cycle"`:      {Schedule: "onecycle"},
		`unknown optimizer "adan"`:      {Optimizer: "adan"},
		`unknown precision "f16"`:       {Precision: "f16"},
		"learning_rate is -1":           {LearningRate: -1},
		"learning_rate is NaN":          {LearningRate: math.NaN()},
		"weight_decay is 2":             {WeightDecay: 2},
		"label_smoothing is 1":          {LabelSmoothing: 1},
		"ema is 1, but must be at most": {EMA: 1},
		"momentum is 1":                 {Momentum: 1},
		"gamma is 2":                    {Gamma: 2},
		"milestones has 0, but":         {Milestones: []int{3, 0}},
		"accumulate is -1, but":         {Accumulate: -1},
		"step_size is -2, but":          {StepSize: -2},
	} {
		if err := l.Validate(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one with %q", err, want)
		}
	}
	if err := (Learning{WeightDecay: -1, EMA: -1, Warmup: -1}).Validate(); err != nil {
		t.Errorf("none of all: error %v", err)
	}
}

// TestLearningThatNeverComes has rates that would change behind the last epoch.
func TestLearningThatNeverComes(t *testing.T) {
	for want, l := range map[string]Learning{
		"":                          {Schedule: "step", Milestones: []int{1, 2}},
		"milestones has 3, but":     {Schedule: "step", Milestones: []int{1, 3}},
		"step_size is 3, but":       {Schedule: "step", StepSize: 3},
		"warmup is 3.5 epochs, but": {Warmup: 3.5},
	} {
		err := Options{Epochs: 3, Learning: l}.Validate()
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one with %q", err, want)
		}
	}
	// The epochs of a small set are known only when it has been looked at.
	o := Options{Learning: Learning{Schedule: "step", Milestones: []int{60}}}
	if _, err := o.settle(survey{images: 100, side: 16, channels: 3},
		dataset.Info{Classes: dataset.Classes{"a", "b"}}); err == nil {
		t.Error("a milestone behind the last epoch: no error")
	}
	o.Milestones, o.Epochs = nil, 1
	if err := o.Validate(); err != nil {
		t.Errorf("a run of one epoch: %v", err)
	}
}

func TestSchedulesByName(t *testing.T) {
	const epochs, steps = 9, 10
	for name, c := range map[string]struct {
		learning Learning
		want     map[int]float64
	}{
		"cosine": {Learning{Schedule: "cosine", Warmup: 0.5},
			map[int]float64{0: 0.2, 4: 1, 5: 1, 89: 0.0003415}},
		"step": {Learning{Schedule: "step", Warmup: 1},
			map[int]float64{0: 0.1, 9: 1, 29: 1, 30: 0.1, 60: 0.01, 89: 0.01}},
		"milestones": {Learning{Schedule: "step", Milestones: []int{8, 1}, Gamma: 0.5, Warmup: -1},
			map[int]float64{0: 1, 9: 1, 10: 0.5, 79: 0.5, 80: 0.25}},
		"one-cycle": {Learning{Schedule: "one-cycle", Warmup: 1},
			map[int]float64{0: 0.04, 10: 1, 89: 0.000004}},
		"constant": {Learning{Schedule: "constant"}, map[int]float64{0: 1, 89: 1}},
	} {
		c.learning.LearningRate = 1
		schedule := c.learning.withDefaults("cnn", epochs).schedule(epochs, steps)
		for step, want := range c.want {
			if got := schedule.At(step); math.Abs(got-want) > 1e-3*want+1e-5 {
				t.Errorf("%s: step %d has the rate %v, want %v", name, step, got, want)
			}
		}
	}
}

func TestSmooth(t *testing.T) {
	shares := []float32{1, 0, 0, 0, 0, 0.5, 0.5, 0}
	smooth(shares, 2, 0.2)
	for i, want := range []float32{0.85, 0.05, 0.05, 0.05, 0.05, 0.45, 0.45, 0.05} {
		if math.Abs(float64(shares[i]-want)) > 1e-6 {
			t.Fatalf("shares %v", shares)
		}
	}
}

// TestEachWayOfLearning trains with all that is optional: runs learn, and runs
// that were stopped in the middle of a step end with the same bytes.
func TestEachWayOfLearning(t *testing.T) {
	dir := makeSet(t, 60, split.DefaultShares)
	for name, l := range map[string]Learning{
		"sgd":        {Optimizer: "sgd", Schedule: "step", ClipNorm: 1},
		"one-cycle":  {Schedule: "one-cycle", DecayAll: true, LabelSmoothing: -1},
		"accumulate": {Accumulate: 4, LearningRate: 0.01, EMA: 0.9, ClipNorm: 0.5},
	} {
		t.Run(name, func(t *testing.T) {
			o := usual()
			o.Epochs, o.BatchSize, o.Learning, o.Run = 6, 8, l, name
			var first, last float64
			o.OnEpoch = func(m Metrics) {
				if last = m.TrainLoss; m.Epoch == 1 {
					first = last
				}
			}
			run(t, dir, o)
			if !(last < first) {
				t.Errorf("the loss goes from %v to %v", first, last)
			}
			best, end := checkpoints(t, dir, name)
			o.Run, o.OnEpoch = name+"-stopped", nil
			stopEvery(t, dir, o, 5)
			if b, e := checkpoints(t, dir, o.Run); !bytes.Equal(b, best) || !bytes.Equal(e, end) {
				t.Error("a run that was stopped ends with other bytes")
			}
		})
	}
}

// The moving average is what is measured and kept; training goes on with the
// weights themselves.
func TestAverageIsKeptInPlaceOfTheWeights(t *testing.T) {
	dir := makeSet(t, 40, split.DefaultShares)
	o := usual()
	o.EMA = 0.95
	report := run(t, dir, o)
	best, _, err := open(bestPath(dir, DefaultRun))
	if err != nil {
		t.Fatal(err)
	}
	last, _, err := open(lastPath(dir, DefaultRun))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"conv1.weight", "bn1.weight", "bn1.running_mean"} {
		kept := best.Tensors[name].Data().([]float32)
		weights := last.Tensors[name].Data().([]float32)
		average, ok := last.Tensors[averagePrefix+name]
		if !ok {
			average, ok = last.Tensors[optim.Prefix+"average."+name]
		}
		switch {
		case !ok:
			t.Fatalf("there is no average of %s", name)
		case slices.Equal(kept, weights):
			t.Errorf("%s is not the average", name)
		case report.BestEpoch == 3 && len(kept) < 10 &&
			!slices.Equal(kept, average.Data().([]float32)):
			t.Errorf("%s is %v, and its average %v", name, kept, average.Data())
		}
	}
	e, err := Evaluate(ctx, dir, EvaluateOptions{Split: dataset.Val})
	if err != nil || e.Accuracy != *report.BestValAccuracy {
		t.Errorf("accuracy %v, the run said %v, error %v", e.Accuracy, *report.BestValAccuracy, err)
	}
}

// Batches that are put together make the step of one batch of all of them.
func TestAccumulatedBatchesAreOne(t *testing.T) {
	dir := makeSet(t, 40, split.Shares{Train: 1})
	losses := map[int]float64{}
	for _, parts := range []int{1, 4} {
		o := usual()
		o.Augment, o.AugmentText, o.Model.Dropout = nil, "", -1
		o.BatchSize, o.Accumulate, o.Epochs = 40/parts, parts, 2
		o.Optimizer, o.Run = "sgd", fmt.Sprint("parts", parts)
		o.OnEpoch = func(m Metrics) { losses[parts] = m.TrainLoss }
		run(t, dir, o)
	}
	// Batch norms see smaller batches, so that the runs are only alike.
	if math.Abs(losses[1]-losses[4]) > 0.1 {
		t.Errorf("losses %v", losses)
	}
}

// A poison makes the pixels of one image too large for float32, from an epoch
// on.
type poison struct {
	epoch int
	name  string
}

func (p poison) Draw(plan *pixel.Plan, key dataset.Key, width, height int) {
	plan.Reset()
	pixel.Add(plan, pixel.Resize(width, height, 16, 16))
	if key.Epoch >= p.epoch && key.Sample == p.name {
		plan.Normalize(pixel.Normalization{Mean: []float32{0.5}, Std: []float32{1e-38}})
	}
}

func (p poison) String() string { return "poison" }

func TestDivergedRunsKeepWhatTheyHad(t *testing.T) {
	dir := makeSet(t, 40, split.DefaultShares)
	o := usual()
	o.Epochs, o.Model.CDims = 4, []int{8}
	var bad string
	for s, err := range dataset.ReadManifest(dir.Split(dataset.Train)) {
		if err != nil {
			t.Fatal(err)
		}
		bad = s.FileName
	}
	o.Augment = func(loader.Input) (loader.Transform, error) { return poison{2, bad}, nil }
	var before []byte
	o.OnEpoch = func(m Metrics) { before, _ = os.ReadFile(bestPath(dir, DefaultRun)) }
	_, err := Run(ctx, dir, o)
	fault, ok := errors.AsType[*DivergedError](err)
	if !ok {
		t.Fatalf("error %v", err)
	}
	if fault.Epoch != 3 || fault.Step != 2*4+fault.Batch || len(fault.Files) != 16 ||
		len(fault.Kept) != 2 {
		t.Errorf("error %+v", fault)
	}
	if text := err.Error(); !slices.Contains(fault.Files, bad) ||
		!strings.Contains(text, fault.Files[0]) ||
		!strings.Contains(text, "and 8 more") || !strings.Contains(text, "in epoch 3, step ") ||
		!strings.Contains(text, "--clip-norm") || !strings.Contains(text, "best.safetensors") {
		t.Errorf("%s was bad, error %v", bad, err)
	}
	best, _ := checkpoints(t, dir, DefaultRun)
	if !bytes.Equal(best, before) {
		t.Error("the best network is not what it was")
	}
	file, _, err := open(lastPath(dir, DefaultRun))
	if err != nil {
		t.Fatal(err)
	}
	if name, _ := unsound(file.Tensors); name != "" {
		t.Errorf("%s of the last checkpoint is not finite", name)
	}
}

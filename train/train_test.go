package train

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/dsbuild/dsbuild/augment"
	"github.com/dsbuild/dsbuild/dataset"
	"github.com/dsbuild/dsbuild/loader"
	"github.com/dsbuild/dsbuild/pixel"
	"github.com/dsbuild/dsbuild/split"
)

func TestRunLearns(t *testing.T) {
	dir := makeSet(t, 120, split.DefaultShares)
	o := usual()
	o.Epochs, o.LearningRate = 12, 0.01
	var metrics []Metrics
	o.OnEpoch = func(m Metrics) { metrics = append(metrics, m) }
	report := run(t, dir, o)
	if len(metrics) != report.Epochs || metrics[0].TrainLoss <= metrics[len(metrics)-1].TrainLoss {
		t.Errorf("the loss does not fall: %+v", metrics)
	}
	for _, m := range metrics {
		if !(m.WaitSeconds > 0 && m.WaitSeconds <= m.Seconds) {
			t.Errorf("training waited for %v of %v seconds", m.WaitSeconds, m.Seconds)
		}
	}
	result, err := Evaluate(ctx, dir, EvaluateOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if result.Samples != 24 || result.Accuracy < 0.9 || *report.BestValAccuracy < 0.9 {
		t.Errorf("accuracy %v of %d test images, %v in validation", result.Accuracy, result.Samples,
			*report.BestValAccuracy)
	}
	val, err := Evaluate(ctx, dir, EvaluateOptions{Split: dataset.Val, BatchSize: 5})
	if err != nil {
		t.Fatal(err)
	}
	if val.Accuracy != *report.BestValAccuracy {
		t.Errorf("the best network has accuracy %v in validation, its run said %v",
			val.Accuracy, *report.BestValAccuracy)
	}
}

func TestChooseGoesByTheDataWhereOptionsAreOpen(t *testing.T) {
	dir := makeSet(t, 10, split.Shares{Train: 1})
	s, err := Choose(dir, Options{Epochs: 3})
	if err != nil {
		t.Fatal(err)
	}
	if m := s.Model; m.XDim != 16 || m.YDim != 16 || m.Channels != 1 || m.Classes != 2 {
		t.Errorf("a network for %dx%dx%d and %d classes, want 16x16x1 and 2",
			m.XDim, m.YDim, m.Channels, m.Classes)
	}
	if s.Epochs != 3 {
		t.Errorf("%d epochs, want the 3 of the options", s.Epochs)
	}
}

func TestChooseRefusesTheNormalizationOfOtherChannels(t *testing.T) {
	dir := makeSet(t, 10, split.Shares{Train: 1})
	three := pixel.DefaultNormalization(3)
	_, err := Choose(dir, Options{Normalization: &three})
	if err == nil || !strings.Contains(err.Error(), "takes 1 channels: normalization has 3 means") {
		t.Errorf("error %v", err)
	}
}

func TestSameBytesForAnyNumberOfThreads(t *testing.T) {
	dir := makeSet(t, 40, split.DefaultShares)
	var best, last []byte
	for _, threads := range []int{1, 2, 5} {
		o := usual()
		o.Threads, o.Run = threads, fmt.Sprint("threads", threads)
		run(t, dir, o)
		b, l := checkpoints(t, dir, o.Run)
		if best != nil && (!bytes.Equal(b, best) || !bytes.Equal(l, last)) {
			t.Errorf("%d threads give other bytes than one", threads)
		}
		best, last = b, l
	}
	o := usual()
	o.Seed, o.Run = 4, "seed"
	run(t, dir, o)
	if b, _ := checkpoints(t, dir, "seed"); bytes.Equal(b, best) {
		t.Error("two seeds give the same network")
	}
}

// TestStoppedRunsGoOnBitForBit stops runs after every number of images and
// lets them go on, several times.
func TestStoppedRunsGoOnBitForBit(t *testing.T) {
	dir := makeSet(t, 40, split.DefaultShares)
	o := usual()
	o.Run = "whole"
	want := run(t, dir, o)
	best, last := checkpoints(t, dir, "whole")
	for stride := 1; stride <= 13; stride += 3 {
		o.Run = fmt.Sprint("stride", stride)
		report, stops := stopEvery(t, dir, o, stride)
		if report.BestEpoch != want.BestEpoch || *report.BestValAccuracy != *want.BestValAccuracy {
			t.Errorf("stride %d: report %+v, want %+v", stride, report, want)
		}
		if b, l := checkpoints(t, dir, o.Run); !bytes.Equal(b, best) || !bytes.Equal(l, last) {
			t.Errorf("a run stopped every %d steps, %d times, ends with other bytes", stride, stops)
		}
		lines := 0
		for m, err := range dataset.ReadLedger[Metrics](metricsPath(dir, o.Run)) {
			if lines++; err != nil || m.Epoch != lines {
				t.Errorf("line %d of the metrics is of epoch %d, error %v", lines, m.Epoch, err)
			}
		}
		if lines != 3 {
			t.Errorf("stride %d: %d lines of metrics", stride, lines)
		}
	}
}

// A run does not go on with images that are not made as they were, even where
// its settings do not show it.
func TestRunGoesOnWithItsOwnPipelineAlone(t *testing.T) {
	dir := makeSet(t, 20, split.DefaultShares)
	o := usual()
	interrupted, cancel := context.WithCancel(ctx)
	o.Progress = func(int, int, int) { cancel() }
	if _, err := Run(interrupted, dir, o); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	o.Augment = func(in loader.Input) (loader.Transform, error) {
		return augment.Pipeline{augment.HorizontalFlip(0.25)}.For(in.Width, in.Height), nil
	}
	o.Progress = nil
	_, err := Run(ctx, dir, o)
	if !errors.Is(err, loader.ErrState) || !strings.Contains(err.Error(), "pipeline") {
		t.Errorf("another pipeline: error %v", err)
	}
}

func TestFinishedRunIsNotTrainedAgain(t *testing.T) {
	dir := makeSet(t, 20, split.DefaultShares)
	o := usual()
	first := run(t, dir, o)
	o.OnEpoch = func(Metrics) { t.Error("an epoch was trained again") }
	again := run(t, dir, o)
	if !again.AlreadyDone || again.BestEpoch != first.BestEpoch || again.Epochs != 3 {
		t.Errorf("report %+v after %+v", again, first)
	}
}

func TestOtherSettingsMoveTheRunAside(t *testing.T) {
	dir := makeSet(t, 20, split.DefaultShares)
	o := usual()
	run(t, dir, o)
	old, _ := checkpoints(t, dir, DefaultRun)
	o.Epochs = 2
	o.Resume = true
	if _, err := Run(ctx, dir, o); err == nil || !strings.Contains(err.Error(), "epochs (3, now 2)") {
		t.Errorf("other settings were resumed: error %v", err)
	}
	o.Resume = false
	var moved string
	o.OnStart = func(s Start) { moved = s.Moved }
	run(t, dir, o)
	if moved != dir.Run(DefaultRun)+"-1" {
		t.Errorf("the earlier run was moved to %q", moved)
	}
	kept, err := os.ReadFile(filepath.Join(moved, "best.safetensors"))
	if err != nil || !bytes.Equal(kept, old) {
		t.Errorf("the earlier network is not what it was: error %v", err)
	}
}

func TestWithoutValidation(t *testing.T) {
	dir := makeSet(t, 20, split.Shares{Train: 0.8, Test: 0.2})
	o := usual()
	o.OnEpoch = func(m Metrics) {
		if m.ValLoss != nil || m.ValAccuracy != nil {
			t.Errorf("figures of validation: %+v", m)
		}
	}
	if report := run(t, dir, o); report.BestEpoch != 3 || report.BestValAccuracy != nil {
		t.Errorf("report %+v, want the last epoch and no accuracy", report)
	}
}

func TestPatience(t *testing.T) {
	dir := makeSet(t, 20, split.DefaultShares)
	o := usual()
	o.Epochs, o.Patience, o.LearningRate = 40, 2, 1e-12 // nothing is learnt
	report := run(t, dir, o)
	if !report.StoppedEarly || report.Epochs != report.BestEpoch+2 {
		t.Errorf("report %+v", report)
	}
}

func TestFaults(t *testing.T) {
	dir := makeSet(t, 20, split.DefaultShares)
	o := usual()
	o.Resume = true
	if _, err := Run(ctx, dir, o); err == nil || !strings.Contains(err.Error(), "no run") {
		t.Errorf("nothing to resume: error %v", err)
	}
	if _, err := Run(ctx, dataset.Dir(t.TempDir()), usual()); !errors.Is(err, fs.ErrNotExist) ||
		!strings.Contains(err.Error(), "dsbuild split") {
		t.Errorf("no split: error %v", err)
	}
	o = usual()
	o.LearningRate, o.Epochs = 10, 30
	o.Model.Dropout = -1
	o.Model.CDims = []int{64}
	if _, err := Run(ctx, dir, o); err != nil && !strings.Contains(err.Error(), "diverged") {
		t.Errorf("a wild learning rate: error %v", err)
	}
	for name, spoil := range map[string]func(*Options){
		"run":     func(o *Options) { o.Run = "../x" },
		"epochs":  func(o *Options) { o.Epochs = -1 },
		"rate":    func(o *Options) { o.LearningRate = 11 },
		"decay":   func(o *Options) { o.WeightDecay = 2 },
		"classes": func(o *Options) { o.Model.Classes = 7 },
		"model":   func(o *Options) { o.Model.Name = "cmn"; o.Run = "other" },
	} {
		o := usual()
		spoil(&o)
		if _, err := Run(ctx, dir, o); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestDamagedCheckpoint(t *testing.T) {
	dir := makeSet(t, 20, split.DefaultShares)
	run(t, dir, usual())
	path := bestPath(dir, DefaultRun)
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{
		"empty": nil, "cut": whole[:len(whole)/2], "text": []byte("not a checkpoint"),
	} {
		if err := os.WriteFile(path, data, 0o644); err != nil {
			t.Fatal(err)
		}
		_, err := Evaluate(ctx, dir, EvaluateOptions{})
		if err == nil || !strings.Contains(err.Error(), "best.safetensors") {
			t.Errorf("%s: error %v", name, err)
		}
	}
}

func TestProgressCountsTrainingAndValidation(t *testing.T) {
	dir := makeSet(t, 40, split.DefaultShares)
	o := usual()
	var start Start
	o.OnStart = func(s Start) { start = s }
	before, epochs := 0, 0
	o.Progress = func(epoch, done, total int) {
		if want := start.Train + start.Val; total != want || done <= before || done > total {
			t.Errorf("after %d images of %d come %d of %d", before, want, done, total)
		}
		if before = done; done == total {
			before, epochs = 0, epoch
		}
	}
	run(t, dir, o)
	if want := start.Settings.Epochs; epochs != want {
		t.Errorf("%d epochs were seen to their end, want %d", epochs, want)
	}
}

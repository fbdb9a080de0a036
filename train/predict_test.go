package train

import (
	"math"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/dsbuild/dsbuild/dataset"
	"github.com/dsbuild/dsbuild/split"
	"github.com/dsbuild/dsbuild/train/engine"
)

func TestPredict(t *testing.T) {
	dir := makeSet(t, 60, split.DefaultShares)
	o := usual()
	o.Epochs, o.LearningRate = 12, 0.01
	run(t, dir, o)
	samples, err := dataset.ReadAll(dir.Split(dataset.Test))
	if err != nil {
		t.Fatal(err)
	}
	notes := filepath.Join(t.TempDir(), "notes.txt")
	if err := os.WriteFile(notes, []byte("hello"), 0o644); err != nil {
		t.Fatal(err)
	}
	files := []string{notes, filepath.Join(t.TempDir(), "none.png")}
	for range 8 { // more than one batch
		for _, s := range samples {
			files = append(files, dir.Path(s.FileName))
		}
	}
	var all []Prediction
	for p, err := range Predict(ctx, dir, files, PredictOptions{Top: 9}) {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
	if len(all) != len(files) {
		t.Fatalf("%d predictions for %d files", len(all), len(files))
	}
	for i, want := range []string{"not an image", "no such file"} {
		if p := all[i]; p.File != files[i] || p.Label != "" || !strings.Contains(p.Error, want) {
			t.Errorf("prediction %+v, want an error with %q", p, want)
		}
	}
	right := 0
	for i, p := range all[2:] {
		sample := samples[i%len(samples)]
		if p.File != files[i+2] || p.Label != p.Top[0].Label || len(p.Top) != 2 || p.Error != "" {
			t.Errorf("prediction %+v of %s", p, files[i+2])
		}
		if sum := p.Top[0].Probability + p.Top[1].Probability; math.Abs(sum-1) > 1e-5 {
			t.Errorf("probabilities of %s sum to %v", p.File, sum)
		}
		if p.Label == sample.Label {
			right++
		}
		if first := all[2+i%len(samples)]; !reflect.DeepEqual(first.Top, p.Top) {
			t.Errorf("%s got two answers: %v and %v", p.File, first.Top, p.Top)
		}
	}
	if accuracy := float64(right) / float64(len(files)-2); accuracy < 0.9 {
		t.Errorf("accuracy %v", accuracy)
	}
}

// TestNetworksOfAnyPrecision has a network measured as one of float32 that was
// trained in bfloat16, which few processors have.
func TestNetworksOfAnyPrecision(t *testing.T) {
	dir := makeSet(t, 20, split.DefaultShares)
	report := run(t, dir, usual())
	want, err := Evaluate(ctx, dir, EvaluateOptions{})
	if err != nil {
		t.Fatal(err)
	}
	file, settings, err := open(report.Checkpoint)
	if err != nil {
		t.Fatal(err)
	}
	settings.Precision = engine.BFloat16
	if err := save(report.Checkpoint, file.Tensors, map[string]any{"settings": settings}); err != nil {
		t.Fatal(err)
	}
	got, err := Evaluate(ctx, dir, EvaluateOptions{})
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("figures %+v, want %+v (error %v)", got, want, err)
	}
}

func TestPredictWithoutANetwork(t *testing.T) {
	for _, err := range Predict(ctx, dataset.Dir(t.TempDir()), []string{"a"}, PredictOptions{}) {
		if err == nil || !strings.Contains(err.Error(), "dsbuild train") {
			t.Errorf("error %v", err)
		}
	}
}

func TestOptionsBelowZero(t *testing.T) {
	for _, err := range Predict(ctx, "", nil, PredictOptions{Top: -1}) {
		if err == nil || !strings.Contains(err.Error(), "top is -1, but must be at least 1") {
			t.Errorf("error %v", err)
		}
	}
	_, err := Evaluate(ctx, "", EvaluateOptions{BatchSize: -2})
	if err == nil || !strings.Contains(err.Error(), "batch_size is -2, but must be at least 1") {
		t.Errorf("error %v", err)
	}
}

func TestScore(t *testing.T) {
	e := score(dataset.Classes{"a", "b", "c"}, [][]int{{8, 2, 0}, {1, 3, 0}, {0, 0, 0}})
	want := []ClassScore{
		{"a", 8. / 9, 0.8, 10}, {"b", 3. / 5, 0.75, 4}, {"c", 0, 0, 0},
	}
	if e.Samples != 14 || e.Accuracy != 11./14 || !reflect.DeepEqual(e.Classes, want) {
		t.Errorf("%+v", e)
	}
}

func TestSettleLooksAtTheData(t *testing.T) {
	info := dataset.Info{Classes: dataset.Classes{"a", "b"}}
	for name, c := range map[string]struct {
		survey        survey
		side, batch   int
		epochs, depth int
	}{
		"mnist": {survey{54000, 28, 1}, 28, 128, 6, 3},
		"signs": {survey{1648, 100, 3}, 64, 64, 30, 4},
		"few":   {survey{100, 18, 3}, 16, 32, 60, 2},
		"photo": {survey{3000, 400, 3}, 64, 64, 30, 4},
	} {
		s, err := Options{}.settle(c.survey, info)
		if err != nil {
			t.Fatal(err)
		}
		if s.Model.XDim != c.side || s.Model.YDim != c.side || s.BatchSize != c.batch ||
			s.Epochs != c.epochs || len(s.Model.CDims) != c.depth ||
			s.Model.Channels != c.survey.channels || len(s.Normalization.Mean) != s.Model.Channels {
			t.Errorf("%s: %+v", name, s)
		}
	}
}

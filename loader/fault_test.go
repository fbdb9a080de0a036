package loader

import (
	"errors"
	"image"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/dsbuild/dsbuild/augment"
	"github.com/dsbuild/dsbuild/dataset"
	"github.com/dsbuild/dsbuild/internal/codec"
	"github.com/dsbuild/dsbuild/pixel"
)

func readImage(dir dataset.Dir, name string) (*pixel.Image, error) {
	data, err := os.ReadFile(dir.Path(name))
	if err != nil {
		return nil, err
	}
	m, _, err := codec.Decode(data, codec.Limits{})
	return m, err
}

func TestBadImageIsSubstituted(t *testing.T) {
	dir := makeSet(t, 9)
	train := newTrain(t, dir, TrainOptions{Seed: 1, BatchSize: 4, Augment: pipeline()})
	names := collect(t, train.Epoch(ctx, 0))[1].names
	spoil(t, dir, names[0])
	spoil(t, dir, names[2])
	load := func(workers int) ([]record, map[string]string) {
		instead := map[string]string{}
		train := newTrain(t, dir, TrainOptions{
			Seed: 1, BatchSize: 4, Augment: pipeline(), Workers: workers,
			OnError: func(bad BadImage) { instead[bad.FileName] = bad.Instead },
		})
		return collect(t, train.Epoch(ctx, 0)), instead
	}
	one, instead := load(1)
	if len(instead) != 2 || instead[names[0]] == "" || instead[names[2]] == "" {
		t.Fatalf("reported %v, spoiled %s and %s", instead, names[0], names[2])
	}
	if got := one[1].names[0]; got != instead[names[0]] || got[:7] != names[0][:7] {
		t.Errorf("the place of %s has %s, reported was %s", names[0], got, instead[names[0]])
	}
	many, _ := load(8)
	if !reflect.DeepEqual(one, many) {
		t.Error("substitutes depend on the number of workers")
	}
}

func TestClassWithoutGoodImages(t *testing.T) {
	dir := makeSet(t, 2)
	for s, err := range dataset.ReadManifest(dir.Split(dataset.Train)) {
		if err != nil {
			t.Fatal(err)
		}
		if s.Label == "cat" {
			spoil(t, dir, s.FileName)
		}
	}
	err := firstError(newTrain(t, dir, TrainOptions{}).Epoch(ctx, 0))
	if err == nil || !strings.Contains(err.Error(), "raw/cat/") ||
		!strings.Contains(err.Error(), "not an image") {
		t.Errorf("error %v", err)
	}
}

func TestEvalNamesBadImage(t *testing.T) {
	dir := makeSet(t, 2)
	samples, err := dataset.ReadAll(dir.Split(dataset.Test))
	if err != nil {
		t.Fatal(err)
	}
	spoil(t, dir, samples[1].FileName)
	eval, err := NewEval(dir, dataset.Test, EvalOptions{Input: small()})
	if err != nil {
		t.Fatal(err)
	}
	if err := firstError(eval.Epoch(ctx, 0)); err == nil ||
		!strings.Contains(err.Error(), samples[1].FileName) {
		t.Errorf("error %v does not name %s", err, samples[1].FileName)
	}
}

func TestManifestFaultsNameTheLine(t *testing.T) {
	for name, c := range map[string]struct{ line, want string }{
		"label": {`{"file_name":"raw/x/1.png","label":"dgo","split":"train"}`,
			`train.jsonl:5: label "dgo" is not in dataset.json (did you mean "dog"?)`},
		"split": {`{"file_name":"raw/x/1.png","label":"dog","split":"test"}`,
			`train.jsonl:5: split is "test" in the manifest of train`},
		"none": {`{"file_name":"raw/x/1.png","label":"dog"}`,
			`train.jsonl:5: split is "" in the manifest of train`},
		"path": {`{"file_name":"../1.png","label":"dog","split":"train"}`, `train.jsonl:5: file_name`},
	} {
		dir := makeSet(t, 2)
		appendLine(t, dir.Split(dataset.Train), c.line)
		_, err := NewTrain(dir, TrainOptions{Input: small()})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want %s", name, err, c.want)
		}
	}
}

func TestTrainRefusesAManifestOfAnotherSplit(t *testing.T) {
	dir := makeSet(t, 4)
	samples, err := dataset.ReadAll(dir.Split(dataset.Test))
	if err != nil {
		t.Fatal(err)
	}
	if err := dataset.WriteManifest(dir.Split(dataset.Train), slices.Values(samples)); err != nil {
		t.Fatal(err)
	}
	if _, err := NewTrain(dir, TrainOptions{Input: small(), Augment: pipeline()}); err == nil {
		t.Error("test images were taken for training")
	}
}

func TestStaleManifestIsRefused(t *testing.T) {
	dir := makeSet(t, 4)
	train, err := dataset.ReadAll(dir.Split(dataset.Train))
	if err != nil {
		t.Fatal(err)
	}
	info, err := dataset.ReadInfo(dir)
	if err != nil {
		t.Fatal(err)
	}
	info.Fingerprints = map[string]string{"manifests/train.jsonl": dataset.Fingerprint(train)}
	if err := dataset.WriteInfo(dir, info); err != nil {
		t.Fatal(err)
	}
	newTrain(t, dir, TrainOptions{})
	if err := dataset.WriteManifest(dir.Split(dataset.Train), slices.Values(train[1:])); err != nil {
		t.Fatal(err)
	}
	if _, err := NewTrain(dir, TrainOptions{Input: small()}); !errors.Is(err, dataset.ErrStale) {
		t.Errorf("a manifest of another split: error %v", err)
	}
}

func TestVariantsBelongToTheTrainingSplit(t *testing.T) {
	dir := makeSet(t, 3)
	train, err := dataset.ReadAll(dir.Split(dataset.Train))
	if err != nil {
		t.Fatal(err)
	}
	test, err := dataset.ReadAll(dir.Split(dataset.Test))
	if err != nil {
		t.Fatal(err)
	}
	variant := train[0]
	variant.FileName, variant.Parent = "augmented/cat/1.png", train[0].FileName
	write := func() {
		err := dataset.WriteManifest(dir.Augmented(), slices.Values([]dataset.Sample{variant}))
		if err != nil {
			t.Fatal(err)
		}
	}
	write()
	with := newTrain(t, dir, TrainOptions{Variants: true})
	if without := newTrain(t, dir, TrainOptions{}); with.Len() != without.Len()+1 {
		t.Errorf("%d images with variants, %d without", with.Len(), without.Len())
	}
	variant.Parent = test[0].FileName
	write()
	if _, err := NewTrain(dir, TrainOptions{Input: small(), Variants: true}); err == nil ||
		!strings.Contains(err.Error(), "augmented.jsonl:1: parent") {
		t.Errorf("a variant of a test image: error %v", err)
	}
}

func TestAugmentationOfAnotherSize(t *testing.T) {
	dir := makeSet(t, 2)
	train := newTrain(t, dir, TrainOptions{Augment: augment.Pipeline{augment.Resize(5)}})
	err := firstError(train.Epoch(ctx, 0))
	if err == nil || !strings.Contains(err.Error(), "5x5") || !strings.Contains(err.Error(), "12x10") {
		t.Errorf("error %v", err)
	}
}

type brokenTransform struct{}

func (brokenTransform) Draw(*pixel.Plan, dataset.Key, int, int) { panic("oh") }

func TestPanicOfATransformIsAnError(t *testing.T) {
	train := newTrain(t, makeSet(t, 2), TrainOptions{Augment: brokenTransform{}})
	if err := firstError(train.Epoch(ctx, 0)); err == nil || !strings.Contains(err.Error(), "oh") {
		t.Errorf("error %v", err)
	}
}

func TestOptionsAreChecked(t *testing.T) {
	dir := makeSet(t, 2)
	for name, o := range map[string]TrainOptions{
		"no size":    {},
		"channels":   {Input: Input{Width: 8, Height: 8, Channels: 2}},
		"moments":    {Input: Input{Width: 8, Height: 8, Normalization: &pixel.Normalization{}}},
		"negative":   {Input: small(), BatchSize: -1},
		"huge":       {Input: Input{Width: 16384, Height: 16384}, BatchSize: 1 << 20},
		"drop it":    {Input: small(), BatchSize: 100, DropLast: true},
		"no workers": {Input: small(), Workers: -2},
	} {
		if _, err := NewTrain(dir, o); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if _, err := NewTrain(dataset.Dir(t.TempDir()), TrainOptions{Input: small()}); err == nil ||
		!strings.Contains(err.Error(), "dsbuild split") {
		t.Errorf("a data set without split: error %v", err)
	}
}

func TestEndlesslyLongImagesAreRefused(t *testing.T) {
	dir := makeSet(t, 3)
	train := newTrain(t, dir, TrainOptions{})
	long := encodePNG(t, image.NewGray(image.Rect(0, 0, 1, 70000)))
	input := Input{Width: 12, Height: 10}
	err := Load(make([]float32, 12*10*3), long, EvalOptions{Input: input, Whole: true})
	if err == nil || !strings.Contains(err.Error(), "1x70000") {
		t.Errorf("Load of a long image: error %v", err)
	}
	name := train.entries[0].name
	if err := os.WriteFile(dir.Path(name), long, 0o644); err != nil {
		t.Fatal(err)
	}
	w := newWorker(train.engine)
	err = w.loadFrom(w.picture(0), 0, dataset.Key{}, slot{}, false)
	if _, bad := errors.AsType[*badImageError](err); !bad {
		t.Errorf("a long image in a data set: error %v", err)
	}
}

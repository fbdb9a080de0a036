package apply

import (
	"bytes"
	"context"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/dsbuild/dsbuild/augment"
	"github.com/dsbuild/dsbuild/dataset"
	"github.com/dsbuild/dsbuild/internal/store"
	"github.com/dsbuild/dsbuild/pixel"
)

// makeSet writes a training split of n cats and n dogs, each a white block on
// black with its box and mask, and a test split of one cat.
func makeSet(t *testing.T, n int) dataset.Dir {
	t.Helper()
	dir := dataset.Dir(t.TempDir())
	images, masks := store.Open(dir), store.OpenFolder(dir, "masks")
	var train, test []dataset.Sample
	for i := range 2*n + 1 {
		box := dataset.Box{X: 20, Y: 10, Width: 20 + float64(i), Height: 25}
		m := pixel.New(64, 48, 3)
		mask := pixel.New(64, 48, 1)
		for y := 10; y < 35; y++ {
			for x := 20; x < 40+i; x++ {
				copy(m.Row(y)[3*x:], []uint8{255, 255, 255})
				mask.Row(y)[x] = 200
			}
		}
		s, err := put(images, []string{"cat", "dog"}[i%2], m)
		if err != nil {
			t.Fatal(err)
		}
		stored, err := put(masks, s.Label, mask)
		if err != nil {
			t.Fatal(err)
		}
		s.Boxes, s.Mask = []dataset.Box{box}, stored.FileName
		if i == 2*n {
			s.Split = dataset.Test
			test = append(test, s)
			continue
		}
		s.Split = dataset.Train
		train = append(train, s)
	}
	dataset.Sort(train)
	for path, samples := range map[string][]dataset.Sample{
		dir.Split(dataset.Train): train, dir.Split(dataset.Test): test,
	} {
		if err := dataset.WriteManifest(path, slices.Values(samples)); err != nil {
			t.Fatal(err)
		}
	}
	info := dataset.Info{Classes: dataset.ClassesOf(train)}
	if err := dataset.WriteInfo(dir, info); err != nil {
		t.Fatal(err)
	}
	return dir
}

func moving() augment.Pipeline {
	return augment.Pipeline{
		augment.RandomResizedCrop(40), augment.HorizontalFlip(0.5), augment.RandomRotation(10),
	}
}

func materialize(t *testing.T, dir dataset.Dir, workers int) []dataset.Sample {
	t.Helper()
	report, err := Materialize(context.Background(), dir, MaterializeOptions{
		Pipeline: moving(), Seed: 7, Variants: 3, Workers: workers,
	})
	if err != nil {
		t.Fatal(err)
	}
	made, err := dataset.ReadAll(dir.Augmented())
	if err != nil {
		t.Fatal(err)
	}
	if report.Variants != len(made) || report.Images != 6 || report.Variants+report.Same != 18 {
		t.Errorf("report %+v, and %d variants in the manifest", report, len(made))
	}
	return made
}

func TestMaterialize(t *testing.T) {
	dir := makeSet(t, 3)
	train, err := dataset.ReadAll(dir.Split(dataset.Train))
	if err != nil {
		t.Fatal(err)
	}
	parents := map[string]dataset.Sample{}
	for _, s := range train {
		parents[s.FileName] = s
	}
	for _, s := range materialize(t, dir, 1) {
		parent, ok := parents[s.Parent]
		if !ok || s.Label != parent.Label || s.Split != dataset.Train || s.Group != parent.FileName {
			t.Errorf("%s has parent %q, label %s, split %s, group %s", s.FileName, s.Parent, s.Label,
				s.Split, s.Group)
		}
		m, err := readImage(dir, s.FileName)
		if err != nil {
			t.Fatal(err)
		}
		mask, err := readImage(dir, s.Mask)
		if err != nil {
			t.Fatal(err)
		}
		if m.Width != 40 || m.Height != 40 || mask.Width != 40 || mask.Channels != 1 {
			t.Errorf("%s has %dx%d pixels, its mask %dx%dx%d", s.FileName, m.Width, m.Height,
				mask.Width, mask.Height, mask.Channels)
		}
		differing := 0
		for i, v := range mask.Pix {
			if (v == 200) != (m.Pix[3*i] > 127) {
				differing++
			}
		}
		if differing > 120 {
			t.Errorf("%s: the mask is off in %d of 1600 pixels", s.FileName, differing)
		}
	}
}

func TestMaterializeDoesNotDependOnWorkersOrEarlierRuns(t *testing.T) {
	dir := makeSet(t, 3)
	materialize(t, dir, 1)
	want, err := os.ReadFile(dir.Augmented())
	if err != nil {
		t.Fatal(err)
	}
	materialize(t, dir, 8)
	got, err := os.ReadFile(dir.Augmented())
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Error("the manifest differs with 8 workers")
	}
}

func TestOnlyTrainingImagesAreAugmented(t *testing.T) {
	dir := makeSet(t, 2)
	test, err := os.ReadFile(dir.Split(dataset.Test))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(dir.Split(dataset.Train), test, 0o644); err != nil {
		t.Fatal(err)
	}
	_, err = Materialize(context.Background(), dir, MaterializeOptions{
		Pipeline: moving(), Variants: 1,
	})
	if err == nil || !strings.Contains(err.Error(), `train.jsonl:1: split is "test"`) {
		t.Errorf("test images were augmented: error %v", err)
	}
	if _, err := Preview(context.Background(), dir, PreviewOptions{}); err == nil {
		t.Error("test images were previewed")
	}
	if _, err := os.Stat(dir.Augmented()); !os.IsNotExist(err) {
		t.Error("a refused run wrote a manifest")
	}
}

func TestMaterializeFaults(t *testing.T) {
	dir := makeSet(t, 2)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := Materialize(ctx, dir, MaterializeOptions{Pipeline: moving(), Variants: 1})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: error %v", err)
	}
	for _, n := range []int{0, -1, 1001} {
		_, err := Materialize(context.Background(), dir, MaterializeOptions{Variants: n})
		if err == nil {
			t.Errorf("%d variants: no error", n)
		}
	}
	empty := dataset.Dir(t.TempDir())
	_, err = Materialize(context.Background(), empty, MaterializeOptions{Variants: 1})
	if err == nil || !strings.Contains(err.Error(), "dsbuild split") {
		t.Errorf("no split yet: error %v", err)
	}
}

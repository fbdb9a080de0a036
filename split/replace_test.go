package split

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"testing"

	"github.com/dsbuild/dsbuild/dataset"
)

var keeping = Options{
	Shares: Shares{Train: 0.6, Val: 0.2, Test: 0.2}, Seed: 2, Keep: true, Folds: 3}

// splitBefore returns a data set that was split and got other images since.
func splitBefore(t *testing.T) dataset.Dir {
	t.Helper()
	dir := newSet(t, dataset.Dir.Curated, images("a", 0, 100))
	run(t, dir, Options{Seed: 1, Folds: 2})
	write(t, dir.Curated(), images("a", 20, 120))
	return dir
}

// stageNext does what a run does up to the point where the split is decided.
func stageNext(t *testing.T, dir dataset.Dir) {
	t.Helper()
	samples, report, err := assign(t.Context(), dir, keeping)
	if err != nil {
		t.Fatal(err)
	}
	if err := stage(t.Context(), dir, samples, report, keeping); err != nil {
		t.Fatal(err)
	}
}

// A run with Keep reads what it replaces. Killed at any step and run again, it
// ends with the same files.
func TestRunEndsTheSameAfterAKillAtAnyStep(t *testing.T) {
	undisturbed := splitBefore(t)
	run(t, undisturbed, keeping)
	want := contents(t, undisturbed)

	kills := map[string]func(dir dataset.Dir) error{
		"while staging": func(dir dataset.Dir) error {
			return os.Remove(dataset.Dir(dir.Path(stagingName)).Split(dataset.Test))
		},
		"before deciding": func(dataset.Dir) error { return nil },
		"within the folds": func(dir dataset.Dir) error {
			return errors.Join(decide(dir), os.RemoveAll(dir.Folds()))
		},
		"while cleaning up": func(dir dataset.Dir) error {
			return errors.Join(decide(dir), moveFirst(dir, 7))
		},
	}
	for k := range 8 {
		kills[fmt.Sprint("after move ", k)] = func(dir dataset.Dir) error {
			return errors.Join(decide(dir), moveFirst(dir, k))
		}
	}
	for name, kill := range kills {
		t.Run(name, func(t *testing.T) {
			dir := splitBefore(t)
			stageNext(t, dir)
			if err := kill(dir); err != nil {
				t.Fatal(err)
			}
			run(t, dir, keeping)
			if got := contents(t, dir); !maps.Equal(got, want) {
				t.Error("the next run wrote other files")
			}
			checkWhole(t, dir)
		})
	}
}

// moveFirst does the first k moves of a decided split.
func moveFirst(dir dataset.Dir, k int) error {
	decided := dataset.Dir(dir.Path(decidedName))
	info, err := dataset.ReadInfo(decided)
	if err != nil {
		return err
	}
	for _, step := range moves(decided, dir, info)[:k] {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

func TestHalfReplacedManifestsAreStale(t *testing.T) {
	dir := splitBefore(t)
	stageNext(t, dir)
	if err := errors.Join(decide(dir), moveFirst(dir, 1)); err != nil {
		t.Fatal(err)
	}
	info, err := dataset.ReadInfo(dir)
	if err != nil {
		t.Fatal(err)
	}
	wants := map[dataset.Split]error{dataset.Train: dataset.ErrStale, dataset.Val: nil}
	for split, want := range wants {
		samples, err := dataset.ReadAll(dir.Split(split))
		if err != nil {
			t.Fatal(err)
		}
		if err := info.Verify(dir, dir.Split(split), samples); !errors.Is(err, want) {
			t.Errorf("%s: error %v, want %v", split, err, want)
		}
	}
}

func TestCancelledStagingLeavesTheOldSplit(t *testing.T) {
	dir := splitBefore(t)
	before := contents(t, dir)
	samples, report, err := assign(t.Context(), dir, keeping)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := stage(ctx, dir, samples, report, keeping); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want context.Canceled", err)
	}
	if !maps.Equal(contents(t, dir), before) {
		t.Error("manifests changed all the same")
	}
}

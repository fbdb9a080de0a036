package train

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/dsbuild/dsbuild/split"
)

// Kernels alone decay; biases and batch norms learn freely.
func TestDecayReachesKernelsAlone(t *testing.T) {
	dir := makeSet(t, 10, split.DefaultShares)
	settings, err := Choose(dir, usual())
	if err != nil {
		t.Fatal(err)
	}
	f := &fit{dir: dir, options: usual(), settings: settings}
	if err := f.prepare(&Start{}); err != nil {
		t.Fatal(err)
	}
	defer f.session.Close()
	var decaying []string
	for _, p := range f.session.Learnables() {
		if p.Decays {
			decaying = append(decaying, p.Name)
		}
	}
	for _, name := range decaying {
		if strings.HasPrefix(name, "bn") || strings.HasSuffix(name, ".bias") {
			t.Errorf("%s decays", name)
		}
	}
	for _, name := range []string{"conv1.weight", "fc1.weight", "fc2.weight"} {
		if !slices.Contains(decaying, name) {
			t.Errorf("%s does not decay: only %v do", name, decaying)
		}
	}
}

// A run that cannot be begun leaves the earlier one where it is.
func TestImpossibleRunMovesNothingAside(t *testing.T) {
	dir := makeSet(t, 10, split.DefaultShares)
	run(t, dir, usual())
	best, last := checkpoints(t, dir, DefaultRun)
	o := usual()
	o.Model.CDims = []int{4, 4, 4, 4, 4, 4, 4}
	if _, err := Run(ctx, dir, o); err == nil {
		t.Fatal("a network of seven stages takes images of 16 pixels")
	}
	b, l := checkpoints(t, dir, DefaultRun)
	if !slices.Equal(b, best) || !slices.Equal(l, last) {
		t.Error("the earlier run has changed")
	}
}

func TestFinishedRunWithoutItsNetwork(t *testing.T) {
	dir := makeSet(t, 10, split.DefaultShares)
	run(t, dir, usual())
	if err := os.Remove(bestPath(dir, DefaultRun)); err != nil {
		t.Fatal(err)
	}
	_, err := Run(ctx, dir, usual())
	if !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), "remove "+dir.Run(DefaultRun)) {
		t.Errorf("a run whose network is gone ends with error %v", err)
	}
}

// What a kill left half written goes when the run goes on.
func TestLeftoversAreRemoved(t *testing.T) {
	dir := makeSet(t, 10, split.DefaultShares)
	if err := os.MkdirAll(dir.Run(DefaultRun), 0o777); err != nil {
		t.Fatal(err)
	}
	left := filepath.Join(dir.Run(DefaultRun), ".tmp-best.safetensors-1")
	if err := os.WriteFile(left, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	run(t, dir, usual())
	if _, err := os.Stat(left); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%s is there: %v", left, err)
	}
}

func TestMessagesRoundFractions(t *testing.T) {
	for value, want := range map[string]string{
		"2.6999999999999997": "2.7", "0.0005": "0.0005", "12345678901": "12345678901", `"a.b"`: `"a.b"`,
	} {
		if got := shorten(value); got != want {
			t.Errorf("%s is shown as %s, want %s", value, got, want)
		}
	}
}

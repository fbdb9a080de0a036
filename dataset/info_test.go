package dataset

import (
	"errors"
	"strings"
	"testing"
)

func TestVerifyTellsWhatIsStale(t *testing.T) {
	dir := Dir(t.TempDir())
	samples := []Sample{{FileName: "a.png", Label: "a", Split: Train}}
	info := Info{Fingerprints: map[string]string{
		"manifests/train.jsonl":         Fingerprint(samples),
		"manifests/folds/2/train.jsonl": Fingerprint(samples),
	}}
	for _, path := range []string{dir.Split(Train), dir.Fold(2, Train)} {
		if err := info.Verify(dir, path, samples); err != nil {
			t.Error(err)
		}
		err := info.Verify(dir, path, nil)
		if !errors.Is(err, ErrStale) || !strings.Contains(err.Error(), path) {
			t.Errorf("error %v, want ErrStale with the path %s", err, path)
		}
	}
	if err := info.Verify(dir, dir.Fold(1, Train), samples); !errors.Is(err, ErrStale) {
		t.Errorf("error %v of a manifest that was not written, want ErrStale", err)
	}
	if err := (Info{}).Verify(dir, dir.Split(Train), samples); err != nil {
		t.Errorf("error %v without fingerprints, want none", err)
	}
}

func TestNameIsTheInverseOfPath(t *testing.T) {
	for _, dir := range []Dir{".", "pets", Dir(t.TempDir())} {
		if name, err := dir.Name(dir.Path("raw/a/1.png")); err != nil || name != "raw/a/1.png" {
			t.Errorf("in %s the name is %q (%v)", dir, name, err)
		}
	}
}

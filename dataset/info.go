package dataset

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
)

// Info describes a data set that has been split: the file dataset.json.
type Info struct {
	// Classes in index order.
	Classes Classes `json:"classes"`
	// Counts of samples per class and split.
	Counts map[string]map[Split]int `json:"counts"`
	// Seed that the split was drawn with.
	Seed uint64 `json:"seed"`
	// RecipeDigest is the SHA-256 of dsbuild.yaml, or empty without one.
	RecipeDigest string `json:"recipe_digest,omitempty"`
	// Folds of cross-validation that have manifests, or 0.
	Folds int `json:"folds,omitempty"`
	// Fingerprint is that of all samples of the three splits in one order.
	Fingerprint string `json:"split_fingerprint"`
	// Fingerprints has that of each manifest which split wrote, by its name in
	// the data set's folder, such as manifests/train.jsonl. See Verify.
	Fingerprints map[string]string `json:"fingerprints,omitempty"`
}

// ErrStale says that manifests do not belong together.
var ErrStale = errors.New("is not the manifest that dataset.json describes")

// Verify tells whether samples, read from the manifest at path (dir.Split or
// dir.Fold), are those that dataset.json was written with. They are not where
// split was cut short, or somebody edited the manifest; the error, an
// ErrStale, says what to run. A dataset.json without Fingerprints, which a
// program other than dsbuild may write, vouches for nothing and refuses nothing.
func (i Info) Verify(dir Dir, path string, samples []Sample) error {
	return i.VerifyFingerprint(dir, path, Fingerprint(samples))
}

// VerifyFingerprint is Verify for whoever reads the samples one by one and
// gives their fingerprint.
func (i Info) VerifyFingerprint(dir Dir, path, fingerprint string) error {
	name, err := dir.Name(path)
	if err != nil {
		return err
	}
	if len(i.Fingerprints) > 0 && i.Fingerprints[name] != fingerprint {
		return fmt.Errorf("%s %w: split was cut short or the file was edited "+
			"(run: dsbuild split)", path, ErrStale)
	}
	return nil
}

// ReadInfo reads a data set's dataset.json. Where the data set has not been
// split yet the error says so.
func ReadInfo(dir Dir) (Info, error) {
	var info Info
	data, err := os.ReadFile(dir.Info())
	if errors.Is(err, fs.ErrNotExist) {
		return info, fmt.Errorf("%s is not there: the data set has not been split yet "+
			"(run: dsbuild split): %w", dir.Info(), fs.ErrNotExist)
	}
	if err != nil {
		return info, err
	}
	if err := json.Unmarshal(data, &info); err != nil {
		return info, fmt.Errorf("%s: %w", dir.Info(), explain(err))
	}
	return info, nil
}

// WriteInfo replaces a data set's dataset.json atomically.
func WriteInfo(dir Dir, info Info) error {
	data, err := json.MarshalIndent(info, "", "  ")
	if err != nil {
		return err
	}
	return WriteFile(dir.Info(), func(w io.Writer) error {
		_, err := w.Write(append(data, '\n'))
		return err
	})
}

// Fingerprint returns the SHA-256 over split, label, file_name and sha256 of
// sorted samples: two splits are the same when their fingerprints are.
func Fingerprint(samples []Sample) string {
	f := NewFingerprinter()
	for _, s := range samples {
		f.Add(s)
	}
	return f.Sum()
}

// A Fingerprinter works out a fingerprint from one sample after the other.
type Fingerprinter struct{ h hash.Hash }

// NewFingerprinter returns one that has seen no sample.
func NewFingerprinter() *Fingerprinter { return &Fingerprinter{sha256.New()} }

// Add takes the next sample in order.
func (f *Fingerprinter) Add(s Sample) {
	fmt.Fprintf(f.h, "%s\x00%s\x00%s\x00%s\n", s.Split, s.Label, s.FileName, s.SHA256)
}

// Sum returns the fingerprint of the samples so far.
func (f *Fingerprinter) Sum() string { return hex.EncodeToString(f.h.Sum(nil)) }

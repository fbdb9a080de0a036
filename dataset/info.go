package dataset

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
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
	// Fingerprint identifies the split: see Fingerprint.
	Fingerprint string `json:"split_fingerprint"`
}

// ReadInfo reads a data set's dataset.json. Where the data set has not been
// split yet the error says so.
func ReadInfo(dir Dir) (Info, error) {
	var info Info
	data, err := os.ReadFile(dir.Info())
	if errors.Is(err, fs.ErrNotExist) {
		return info, fmt.Errorf("%s is not there: the data set has not been split yet (run: dsbuild split): %w",
			dir.Info(), fs.ErrNotExist)
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
	h := sha256.New()
	for _, s := range samples {
		fmt.Fprintf(h, "%s\x00%s\x00%s\x00%s\n", s.Split, s.Label, s.FileName, s.SHA256)
	}
	return hex.EncodeToString(h.Sum(nil))
}

package main

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"go.yaml.in/yaml/v3"

	"github.com/dsbuild/dsbuild/curate"
	"github.com/dsbuild/dsbuild/dataset"
	"github.com/dsbuild/dsbuild/importer"
	"github.com/dsbuild/dsbuild/scrape"
	"github.com/dsbuild/dsbuild/split"
)

// A recipe is what dsbuild.yaml may say. Its sections are the options of the
// stages, which flags fill as well; what it leaves out has the stages'
// defaults.
type recipe struct {
	// Seed is where all random draws start from.
	Seed uint64 `yaml:"seed"`

	Scrape scrape.Options   `yaml:"scrape"`
	Import importer.Options `yaml:"import"`
	Curate curate.Options   `yaml:"curate"`
	Split  split.Options    `yaml:"split"`

	digest string // SHA-256 of the file's bytes, or empty without one
}

// reseed lets all random draws start from seed, whatever the sections say.
func (r *recipe) reseed(seed uint64) { r.Seed, r.Split.Seed = seed, seed }

// readRecipe reads the recipe of a data set. Without one all is default.
func readRecipe(dir dataset.Dir) (recipe, error) {
	var r recipe
	data, err := os.ReadFile(dir.Recipe())
	if errors.Is(err, fs.ErrNotExist) {
		return r, nil
	}
	if err != nil {
		return r, err
	}
	sum := sha256.Sum256(data)
	r.digest = hex.EncodeToString(sum[:])
	dec := yaml.NewDecoder(bytes.NewReader(data))
	dec.KnownFields(true)
	if err := dec.Decode(&r); err != nil && !errors.Is(err, io.EOF) {
		return r, fmt.Errorf("%s: %w", dir.Recipe(), err)
	}
	r.Split.Seed = cmp.Or(r.Split.Seed, r.Seed)
	return r, nil
}

package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"go.yaml.in/yaml/v3"

	"github.com/dsbuild/dsbuild/curate"
	"github.com/dsbuild/dsbuild/dataset"
	"github.com/dsbuild/dsbuild/importer"
)

// A recipe is what dsbuild.yaml may say. Its sections are the options of the
// stages, which flags fill as well; what it leaves out has the stages'
// defaults.
type recipe struct {
	// Seed is where all random draws start from.
	Seed uint64 `yaml:"seed"`

	Import importer.Options `yaml:"import"`
	Curate curate.Options   `yaml:"curate"`
}

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
	dec := yaml.NewDecoder(bytes.NewReader(data))
	dec.KnownFields(true)
	if err := dec.Decode(&r); err != nil && !errors.Is(err, io.EOF) {
		return r, fmt.Errorf("%s: %w", dir.Recipe(), err)
	}
	return r, nil
}

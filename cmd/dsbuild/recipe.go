package main

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/dsbuild/dsbuild/augment"
	"github.com/dsbuild/dsbuild/curate"
	"github.com/dsbuild/dsbuild/dataset"
	"github.com/dsbuild/dsbuild/importer"
	recipes "github.com/dsbuild/dsbuild/internal/recipe"
	"github.com/dsbuild/dsbuild/loader"
	"github.com/dsbuild/dsbuild/pixel"
	"github.com/dsbuild/dsbuild/scrape"
	"github.com/dsbuild/dsbuild/split"
	"github.com/dsbuild/dsbuild/train"
)

// A recipe is what dsbuild.yaml may say. Its sections are the options of the
// stages, which flags fill as well; what it leaves out has the stages'
// defaults. Names of files are relative to its folder.
type recipe struct {
	// Seed is where all random draws start from.
	Seed uint64 `yaml:"seed"`

	Scrape scrape.Options   `yaml:"scrape"`
	Import importer.Options `yaml:"import"`
	Curate curate.Options   `yaml:"curate"`
	Split  split.Options    `yaml:"split"`
	// Augment is what training images go through; augment.Default where the
	// recipe does not speak of it.
	Augment *augment.Section `yaml:"augment"`
	Train   train.Options    `yaml:"train"`

	digest string // SHA-256 of the file's bytes, or empty without one
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
	if err := recipes.Decode(dir.Recipe(), data, &r); err != nil {
		return r, err
	}
	r.locate(dir)
	sum := sha256.Sum256(data)
	r.digest = hex.EncodeToString(sum[:])
	r.Split.Seed = cmp.Or(r.Split.Seed, r.Seed)
	return r, nil
}

// locate makes the recipe's names of files, which are relative to its folder,
// those that the program can open.
func (r *recipe) locate(dir dataset.Dir) {
	within := func(name *string) {
		if *name != "" && !filepath.IsAbs(*name) {
			*name = dir.Path(*name)
		}
	}
	within(&r.Import.From)
	for i := range r.Scrape.Sources {
		within(&r.Scrape.Sources[i].URLs)
	}
}

// reseed lets all random draws start from seed, whatever the sections say.
func (r *recipe) reseed(seed uint64) { r.Seed, r.Split.Seed = seed, seed }

// pipeline returns what training images of so many channels go through.
func (r recipe) pipeline(channels int) augment.Pipeline {
	if r.Augment != nil {
		return r.Augment.Transforms
	}
	return augment.Default(channels)
}

// boxRule returns which boxes stay when images are changed; nil leaves that
// open.
func (r recipe) boxRule() *pixel.BoxRule {
	if r.Augment == nil {
		return nil
	}
	return &r.Augment.Boxes
}

// augment sets how training images are changed and normalised.
func (r recipe) augment(o *train.Options) {
	o.Augment = func(in loader.Input) (loader.Transform, error) {
		p := r.pipeline(in.Channels).For(in.Width, in.Height)
		return p, p.Validate()
	}
	o.AugmentText = "default: " + augment.Default(3).String()
	if r.Augment != nil {
		o.AugmentText = r.Augment.Transforms.String()
		o.Normalization = r.Augment.Transforms.Normalization()
	}
}

package apply

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"path/filepath"
	"strings"

	"github.com/dsbuild/dsbuild/augment"
	"github.com/dsbuild/dsbuild/dataset"
	"github.com/dsbuild/dsbuild/internal/sheet"
)

// PreviewOptions say what a contact sheet of augmented images shows. Zero
// values stand for the defaults named.
type PreviewOptions struct {
	Pipeline augment.Pipeline
	Seed     uint64
	// Epoch is the first of the epochs whose draws are shown.
	Epoch int
	// Images is how many training images are shown, a line each; default 8.
	Images int
	// Draws is how many epochs of each image are shown; default 7.
	Draws int
	// Parameters writes what was drawn below each picture.
	Parameters bool
	// Path of the PNG file; default sheets/augmented.png in the data set.
	Path string
}

func (o PreviewOptions) withDefaults(dir dataset.Dir) PreviewOptions {
	o.Images = cmp.Or(o.Images, 8)
	o.Draws = cmp.Or(o.Draws, 7)
	o.Path = cmp.Or(o.Path, dir.Path("sheets/augmented.png"))
	return o
}

// Validate tells what is wrong with the options.
func (o PreviewOptions) Validate() error {
	const most = 64
	if o.Images < 0 || o.Images > most || o.Draws < 0 || o.Draws > most || o.Epoch < 0 {
		return fmt.Errorf("a preview shows at most %d images and %d draws, from epoch 0 on", most, most)
	}
	if o.Path != "" && !strings.EqualFold(filepath.Ext(o.Path), ".png") {
		return fmt.Errorf("%s is no name of a PNG file, which a preview is", o.Path)
	}
	return o.Pipeline.Validate()
}

// Preview draws a contact sheet of training images, each followed by what it
// becomes in some epochs, into a PNG file whose path it returns. The images
// are drawn from all classes by the seed.
func Preview(ctx context.Context, dir dataset.Dir, o PreviewOptions) (string, error) {
	if err := o.Validate(); err != nil {
		return "", err
	}
	o = o.withDefaults(dir)
	samples, err := readTrain(dir)
	if err != nil {
		return "", err
	}
	var failed error
	tiles := func(yield func(sheet.Tile) bool) {
		for _, s := range chooseEvenly(samples, o.Images, o.Seed) {
			for tile, err := range o.tiles(ctx, dir, s) {
				if failed = err; err != nil || !yield(tile) {
					return
				}
			}
		}
	}
	err = sheet.Write(o.Path, tiles, sheet.Options{
		Columns: o.Draws + 1, Title: "Original and what training sees of it",
		CaptionLines: 8, Enlarge: true,
	})
	if failed != nil {
		return "", failed
	}
	return o.Path, err
}

// tiles yields a sample's picture and what becomes of it.
func (o PreviewOptions) tiles(
	ctx context.Context, dir dataset.Dir, s dataset.Sample,
) iter.Seq2[sheet.Tile, error] {
	return func(yield func(sheet.Tile, error) bool) {
		m, err := readImage(dir, s.FileName)
		if err != nil {
			yield(sheet.Tile{}, err)
			return
		}
		original := m.Std()
		if !yield(sheet.Tile{Image: original, Caption: s.Label}, nil) {
			return
		}
		for i := range o.Draws {
			if err := ctx.Err(); err != nil {
				yield(sheet.Tile{}, err)
				return
			}
			key := dataset.Key{Seed: o.Seed, Epoch: o.Epoch + i, Sample: s.FileName}
			plan := o.Pipeline.Plan(key, m.Width, m.Height)
			tile := sheet.Tile{Image: plan.Apply(m.Clone(), nil).Std()}
			if o.Parameters {
				tile.Caption = plan.String()
			}
			if !yield(tile, nil) {
				return
			}
		}
	}
}

// chooseEvenly returns up to n samples, from all classes in turn.
func chooseEvenly(samples []dataset.Sample, n int, seed uint64) []dataset.Sample {
	rng := dataset.Key{Seed: seed}.Rand("preview")
	byClass := map[string][]dataset.Sample{}
	for _, i := range rng.Perm(len(samples)) {
		s := samples[i]
		byClass[s.Label] = append(byClass[s.Label], s)
	}
	var chosen []dataset.Sample
	for round := 0; len(chosen) < min(n, len(samples)); round++ {
		for _, label := range dataset.ClassesOf(samples) {
			if of := byClass[label]; round < len(of) && len(chosen) < n {
				chosen = append(chosen, of[round])
			}
		}
	}
	return chosen
}

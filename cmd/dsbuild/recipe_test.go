package main

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/dsbuild/dsbuild/dataset"
	"github.com/dsbuild/dsbuild/train"
)

// commented are the lines of a recipe that would set something without their
// comment sign.
var commented = regexp.MustCompile(`(?m)^( *)# ( *(?:- )?[a-z_]+:.*| *- .*)$`)

func writeRecipe(t *testing.T, text []byte) dataset.Dir {
	t.Helper()
	dir := dataset.Dir(t.TempDir())
	if err := os.WriteFile(dir.Recipe(), text, 0o666); err != nil {
		t.Fatal(err)
	}
	return dir
}

// TestRecipeToStartFrom reads what init writes, as it is and with all that it
// has in comments.
func TestRecipeToStartFrom(t *testing.T) {
	for name, classes := range map[string][]string{"classes": {"no", "12"}, "none": nil} {
		t.Run(name, func(t *testing.T) {
			text, err := fillTemplate(recipeText, struct {
				Classes []string
				Seed    uint64
			}{classes, 7})
			if err != nil {
				t.Fatal(err)
			}
			r, err := readRecipe(writeRecipe(t, text))
			if err != nil {
				t.Fatal(err)
			}
			if len(r.Scrape.Sources) != len(classes) || r.Augment != nil || r.Seed != 7 {
				t.Errorf("as it is it has %+v", r)
			}
			for i, source := range r.Scrape.Sources {
				if source.Class != classes[i] || source.Query != classes[i] {
					t.Errorf("source %+v, want class and query %q", source, classes[i])
				}
			}
			full := commented.ReplaceAll(text, []byte("$1$2"))
			dir := writeRecipe(t, full)
			s := setting{dir: dir}
			if s.recipe, err = readRecipe(dir); err != nil {
				t.Fatalf("%v\n%s", err, full)
			}
			if err := checkLine(s); err != nil {
				t.Errorf("%v\n%s", err, full)
			}
			r = s.recipe
			if r.Import.From == "" || r.Curate.MinSide != 32 || r.Split.Train != 0.8 ||
				r.Augment == nil || len(r.Augment.Transforms) != 3 || r.Train.Model.XDim != 64 {
				t.Errorf("with its comments it has %+v", r)
			}
		})
	}
}

func TestFilesOfARecipeAreRelativeToIt(t *testing.T) {
	elsewhere := filepath.Join(t.TempDir(), "photos.zip")
	dir := writeRecipe(t, []byte("import: {from: ../photos}\nscrape:\n  sources:\n"+
		"    - {urls: list.csv}\n    - {urls: '"+elsewhere+"', class: cat}\n"))
	r, err := readRecipe(dir)
	if err != nil {
		t.Fatal(err)
	}
	if want := filepath.Join(string(dir), "..", "photos"); r.Import.From != want {
		t.Errorf("import from %s, want %s", r.Import.From, want)
	}
	if got, want := r.Scrape.Sources[0].URLs, dir.Path("list.csv"); got != want {
		t.Errorf("URLs from %s, want %s", got, want)
	}
	if got := r.Scrape.Sources[1].URLs; got != elsewhere {
		t.Errorf("URLs from %s, want %s", got, elsewhere)
	}
}

func TestSeedsOfARecipe(t *testing.T) {
	r, err := readRecipe(writeRecipe(t, []byte("seed: 3\nsplit: {seed: 4}\n")))
	if err != nil || r.Seed != 3 || r.Split.Seed != 4 {
		t.Errorf("seeds %d and %d (%v), want 3 and that of the section, 4", r.Seed, r.Split.Seed, err)
	}
	r.reseed(5)
	if r.Seed != 5 || r.Split.Seed != 5 {
		t.Errorf("seeds %d and %d, want the flag's 5", r.Seed, r.Split.Seed)
	}
	if r, err = readRecipe(writeRecipe(t, []byte("seed: 3\n"))); err != nil || r.Split.Seed != 3 {
		t.Errorf("split's seed %d (%v), want that of the recipe, 3", r.Split.Seed, err)
	}
}

func TestAnEmptyPipelineIsNotTheDefault(t *testing.T) {
	r, err := readRecipe(writeRecipe(t, []byte("augment: []\n")))
	if err != nil {
		t.Fatal(err)
	}
	var o, usual train.Options
	r.augment(&o)
	recipe{}.augment(&usual)
	if len(r.pipeline(3)) != 0 || o.AugmentText == usual.AugmentText {
		t.Errorf("pipeline %v with the text %q, want none and a text of its own",
			r.pipeline(3), o.AugmentText)
	}
}

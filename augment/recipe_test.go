package augment

import (
	"reflect"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/dsbuild/dsbuild/augment/draft"
	"github.com/dsbuild/dsbuild/internal/recipe"
	"github.com/dsbuild/dsbuild/pixel"
)

// decode reads a pipeline as a recipe does.
func decode(text string) (Pipeline, error) {
	var r struct {
		Augment Pipeline `yaml:"augment"`
	}
	err := recipe.Decode("dsbuild.yaml", []byte(text), &r)
	return r.Augment, err
}

func TestPipelineFromRecipe(t *testing.T) {
	got, err := decode(`
augment:
  - random_resized_crop: {scale_range: [0.5, 1]}
  - horizontal_flip
  - rotation:
      degrees_range: [-5, 5]
  - color_jitter: {brightness: 0.4}
  - normalize: {mean: [0.5], std: [0.25]}
`)
	if err != nil {
		t.Fatal(err)
	}
	crop := RandomResizedCrop(0)
	crop.ScaleRange = [2]float64{0.5, 1}
	want := Pipeline{
		crop, HorizontalFlip(0.5), RandomRotation(5), ColorJitter(0.4, 0, 0, 0),
		Normalize([]float32{0.5}, []float32{0.25}),
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
}

// What an anchor names can be had again, parameters and all.
func TestTransformsByTheirAnchors(t *testing.T) {
	got, err := decode(`
augment:
  - &bright {color_jitter: {brightness: 0.4}}
  - one_of: {transforms: [*bright, invert]}
`)
	bright := ColorJitter(0.4, 0, 0, 0)
	if want := (Pipeline{bright, OneOf(bright, Invert(0.5))}); err != nil ||
		!reflect.DeepEqual(got, want) {
		t.Errorf("got %v, error %v, want %v", got, err, want)
	}
}

// decodeSection reads a section as a recipe does.
func decodeSection(text string) (Section, error) {
	var r struct {
		Augment Section `yaml:"augment"`
	}
	err := recipe.Decode("dsbuild.yaml", []byte(text), &r)
	return r.Augment, err
}

func TestSections(t *testing.T) {
	flip := Pipeline{HorizontalFlip(0.5)}
	for text, want := range map[string]Section{
		"augment: []":                {Pipeline{}, pixel.DefaultBoxRule()},
		"augment: [horizontal_flip]": {flip, pixel.DefaultBoxRule()},
		"augment:\n  boxes: {min_area: 9}\n  transforms: [horizontal_flip]": {
			flip, pixel.BoxRule{MinArea: 9, MinVisibility: 0.1},
		},
		"augment: {boxes: {min_area: 0, min_visibility: 0}, transforms: []}": {
			Pipeline{}, pixel.BoxRule{},
		},
	} {
		got, err := decodeSection(text)
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%q: got %+v, error %v", text, got, err)
		}
		written, err := yaml.Marshal(map[string]Section{"augment": want})
		if err != nil {
			t.Fatal(err)
		}
		if again, err := decodeSection(string(written)); err != nil || !reflect.DeepEqual(again, want) {
			t.Errorf("%+v becomes %+v, error %v", want, again, err)
		}
	}
	for text, want := range map[string]string{
		"augment:\n  boxes: {min_area: -3}": "dsbuild.yaml:2: augment.boxes: min_area is -3",
		"augment:\n  transform: []":         `dsbuild.yaml:2: augment.transform is not a known key`,
		"augment:\n  transforms: [flop]":    "dsbuild.yaml:2: augment.transforms: unknown transform",
		"augment: resize":                   "dsbuild.yaml:1: augment: is not a list of transforms",
	} {
		if _, err := decodeSection(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: error %v, want %s", text, err, want)
		}
	}
}

func TestPipelineSurvivesARecipe(t *testing.T) {
	for _, p := range []Pipeline{all(), Default(1), Default(3)} {
		text, err := yaml.Marshal(map[string]Pipeline{"augment": p})
		if err != nil {
			t.Fatal(err)
		}
		got, err := decode(string(text))
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got, p) {
			t.Errorf("got  %v\nwant %v", got, p)
		}
	}
}

func TestFaultsOfARecipeNameTheLine(t *testing.T) {
	for text, want := range map[string]string{
		"augment:\n  - horizontl_flip": `dsbuild.yaml:2: augment: unknown transform ` +
			`"horizontl_flip" (did you mean "horizontal_flip"?)`,
		"augment:\n  - resize\n  - horizontal_flip: {q: 1}": `dsbuild.yaml:3: augment.horizontal_flip.q`,
		"augment:\n  - horizontal_flip: {p: 7}":             `dsbuild.yaml:2: augment: horizontal_flip: p is 7`,
		"augment:\n  - horizontal_flip: {p: often}":         `dsbuild.yaml:2: augment.horizontal_flip.p`,
		"augment:\n  resize: {}":                            `dsbuild.yaml:2: augment`,
		"augment:\n  - {resize: {}, grayscale: {}}":         `one name with its parameters, not 2`,
		"augment:\n  - [resize]":                            `unknown transform`,
		"augment:\n  - normalize":                           `mean has 0 numbers`,
	} {
		_, err := decode(text)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: error %v, want %s", text, err, want)
		}
	}
}

// What tells pipelines apart must be the same in every run of the program.
func TestPipelinesHaveTextsOfTheirOwn(t *testing.T) {
	texts := map[string]bool{}
	for _, transform := range append(append(all(), full()...), nested()) {
		text := Pipeline{transform}.String()
		if strings.Contains(text, "0xc") {
			t.Errorf("%s has the address of something", text)
		}
		if texts[text] {
			t.Errorf("%s stands for two pipelines", text)
		}
		texts[text] = true
	}
	for _, center := range []*draft.Point{nil, {50, 40.5}} {
		rotation := RandomRotation(5)
		rotation.Center = center
		if text := (Pipeline{rotation}).String(); !strings.Contains(text, "Center:"+center.String()) {
			t.Errorf("%s does not tell of the centre %v", text, center)
		}
	}
}

func FuzzPipeline(f *testing.F) {
	f.Add("augment:\n  - random_resized_crop: {scale_range: [0.5, 1]}\n  - horizontal_flip")
	f.Add("augment: [resize, {rotation: {p: 0.5}}]")
	f.Add("augment: [one_of: &a {transforms: [some_of: {transforms: [invert, one_of: *a]}]}]")
	f.Add("augment: [rotation: {center: [1, 2], fill: [1, 2, 3]}, random_crop: {padding: [1, 2]}]")
	f.Add("augment: [random_erasing: {value: random}, color_jitter: {hue: [0, 0.1], contrast: 2}]")
	f.Add("augment: [aug_mix: {severity: 2}, mosaic, mix_up: {alpha: 0.2}, cut_mix: {p: 0.5}]")
	f.Fuzz(func(t *testing.T, text string) {
		p, err := decode(text)
		if err != nil {
			return
		}
		if err := p.Validate(); err != nil {
			t.Errorf("a recipe gave a pipeline that is not valid: %v", err)
		}
	})
}

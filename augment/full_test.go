package augment

import (
	"reflect"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/dsbuild/dsbuild/augment/draft"
	"github.com/dsbuild/dsbuild/augment/policy"
	"github.com/dsbuild/dsbuild/pixel"
)

// full returns transforms of every kind all of whose parameters, each in one of
// them, differ from what a recipe has that does not set them.
func full() Pipeline {
	fill := draft.Fill{10, 20, 30}
	center := &draft.Point{50, 40.5}
	return Pipeline{
		Resized{Width: 70, Height: 60, Interpolation: pixel.FilterBicubic},
		Resized{Size: 64, MaxSize: 90, Interpolation: pixel.FilterBox},
		ResizedCrop{64, 48, [2]float64{0.2, 0.9}, [2]float64{0.5, 2.5}, pixel.FilterLanczos},
		CenterCropped{100, 130, true, pixel.FilterNearest},
		Flip{0.25}, FlipVertical{0.75},
		Rotation{[2]float64{-20, 30}, pixel.Bilinear, true, center, fill, 0.9},
		Affinity{
			[2]float64{-5, 15}, [2]float64{0.1, 0.05}, [2]float64{0.8, 1.1}, [2]float64{-4, 8},
			[2]float64{-3, 2}, pixel.Bilinear, center, fill, 0.9,
		},
		Tilting{0.4, pixel.Nearest, fill, 0.8},
		Blur{KernelSize: 5, SigmaRange: [2]float64{0.5, 1.5}, P: 0.9},
		Blur{SigmaRange: [2]float64{0.5, 1.5}, Profile: Imaging, P: 0.9},
		Smearing{[2]float64{2, 5}, [2]float64{10, 20}, 0.9},
		Jitter{
			Factors{0.7, 1.1}, Factors{0.8, 1.4}, Factors{0.5, 1.2}, Turns{-0.1, 0.05}, Imaging,
		},
		Graying{Imaging, 0.4}, Sharpening{1.5, 0.8, Imaging, 0.9},
		Posterization{3, 0.9}, Solarization{90.5, 0.9}, Inversion{0.9}, AutoContrasting{0.9},
		Equalization{0.9}, Noising{0.05, [2]float64{0.01, 0.02}, 0.9},
		Compression{[2]int{60, 90}, 0.9},
		Erasing{0.9, [2]float64{0.1, 0.2}, [2]float64{0.5, 2}, Cover{Random: true}},
		Erasing{0.9, [2]float64{0.1, 0.2}, [2]float64{0.5, 2}, Cover{Fill: fill}},
		Dropout{[2]int{2, 3}, [2]float64{0.1, 0.2}, [2]float64{0.1, 0.3}, fill, 0.9},
		PaddedCrop{90, 80, draft.Padding{1, 2, 3, 4}, false, pixel.PadReflect, fill},
		policy.Auto{Policy: policy.CIFAR10, Interpolation: pixel.Bilinear, Fill: fill},
		policy.Rand{
			NumOps: 3, Magnitude: 5, NumMagnitudeBins: 11, Interpolation: pixel.Bilinear, Fill: fill,
		},
		policy.TrivialWide{NumMagnitudeBins: 11, Interpolation: pixel.Bilinear, Fill: fill},
		policy.Mixed{
			Severity: 4, MixtureWidth: 2, ChainDepth: 2, Alpha: 0.7, Interpolation: pixel.Nearest,
			Fill: fill,
		},
		Blending{0.4, 0.9}, Patching{0.6, 0.9}, Tiling{[2]float64{0.3, 0.6}, 0.9},
		Choice{Pipeline{Flip{1}, Inversion{1}}, []float64{2, 1}},
		Selection{Pipeline{Flip{1}, Inversion{1}, Rotation{P: 1}}, [2]int{2, 3}},
		Applying{Pipeline{Flip{1}}, 0.7}, Shuffling{Pipeline{Flip{1}, Rotation{P: 1}}},
		Normalization{[]float32{0.1, 0.2, 0.3}, []float32{0.4, 0.5, 0.6}},
	}
}

func TestFullIsFull(t *testing.T) {
	differing := map[string]map[string]bool{}
	for _, transform := range full() {
		usual, set := reflect.ValueOf(kinds[transform.Name()]), reflect.ValueOf(transform)
		if differing[transform.Name()] == nil {
			differing[transform.Name()] = map[string]bool{}
		}
		for i := range set.NumField() {
			if !reflect.DeepEqual(usual.Field(i).Interface(), set.Field(i).Interface()) {
				differing[transform.Name()][set.Type().Field(i).Name] = true
			}
		}
	}
	for name, usual := range kinds {
		v := reflect.TypeOf(usual)
		for i := range v.NumField() {
			if field := v.Field(i).Name; !differing[name][field] {
				t.Errorf("%s: %s is as usual", name, field)
			}
		}
	}
}

func TestEveryParameterSurvivesARecipe(t *testing.T) {
	for _, transform := range full() {
		want := Pipeline{transform}
		text, err := yaml.Marshal(map[string]Pipeline{"augment": want})
		if err != nil {
			t.Fatal(err)
		}
		got, err := decode(string(text))
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s\ngot  %v, error %v\nwant %v", text, got, err, want)
		}
	}
}

func TestShortFormsOfParameters(t *testing.T) {
	even := RandomCrop(0, 3)
	sides := RandomCrop(0, 0)
	sides.Padding = draft.Padding{4, 5, 4, 5}
	erase := RandomErasing(0.5)
	erase.Value = Cover{Fill: draft.Fill{1, 2, 3}}
	gray := RandomErasing(0.5)
	gray.Value = Cover{Fill: draft.Gray(9)}
	noise := RandomErasing(0.5)
	noise.Value = Cover{Random: true}
	for text, want := range map[string]Transform{
		"random_crop: {padding: 3}":                      even,
		"random_crop: {padding: [3]}":                    even,
		"random_crop: {padding: [3, 3, 3, 3]}":           even,
		"random_crop: {padding: [4, 5]}":                 sides,
		"color_jitter: {brightness: 0.25}":               ColorJitter(0.25, 0, 0, 0),
		"color_jitter: {contrast: [0.5, 1.5], hue: 0.1}": ColorJitter(0, 0.5, 0, 0.1),
		"color_jitter: {saturation: 2}": Jitter{
			Factors{1, 1}, Factors{1, 1}, Factors{0, 3}, Turns{}, Torchvision,
		},
		"random_erasing: {value: [1, 2, 3]}": erase,
		"random_erasing: {value: 9}":         gray,
		"random_erasing: {value: random}":    noise,
	} {
		got, err := decode("augment: [{" + text + "}]")
		if err != nil || !reflect.DeepEqual(got, Pipeline{want}) {
			t.Errorf("%s: got %v, error %v", text, got, err)
		}
	}
	for text, want := range map[string]string{
		"random_crop: {padding: [1, 2, 3]}":      "augment.random_crop.padding: has 3 numbers",
		"random_crop: {padding: [1, x]}":         "augment.random_crop.padding[1] is",
		"rotation: {fill: 256}":                  "augment.rotation.fill is",
		"rotation: {fill: [1, 2]}":               "augment.rotation.fill is a list of 2, not of 3",
		"rotation: {center: [1]}":                "augment.rotation.center is a list of 1, not of 2",
		"rotation: {interpolation: cubic}":       `rotation: interpolation is "cubic"`,
		"random_erasing: {value: blue}":          `augment.random_erasing.value: is "blue"`,
		"color_jitter: {brightness: much}":       "augment.color_jitter.brightness is",
		"color_jitter: {hue: [0.2, 0.1]}":        "hue is [0.2, 0.1]",
		"one_of: {transforms: [mix_up]}":         "mix_up: mixes finished images",
		"aug_mix: {chain_depth: 0}":              "chain_depth is 0",
		"gaussian_blur: {profile: pil}":          `profile is "pil"`,
		"resize: {size: 3, width: 4, height: 4}": "exclude size",
	} {
		_, err := decode("augment:\n  - {" + text + "}")
		if err == nil || !strings.Contains(err.Error(), want) ||
			!strings.HasPrefix(err.Error(), "dsbuild.yaml:2: ") {
			t.Errorf("%s: error %v, want %s", text, err, want)
		}
	}
}

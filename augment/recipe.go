package augment

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/dsbuild/dsbuild/augment/policy"
	"github.com/dsbuild/dsbuild/internal/recipe"
	"github.com/dsbuild/dsbuild/internal/suggest"
)

// kinds has each transform that recipes know, as it is where a recipe sets no
// parameter.
var kinds = func() map[string]Transform {
	byName := map[string]Transform{}
	for _, t := range []Transform{
		Resize(0), CenterCrop(0), RandomResizedCrop(0), HorizontalFlip(0.5), RandomRotation(10),
		GaussianBlur(0.5), ColorJitter(0, 0, 0, 0), Grayscale(0.1), RandomErasing(0.5),
		Normalization{}, VerticalFlip(0.5), RandomCrop(0, 0),
		RandomAffine(10, 0.1, [2]float64{0.9, 1.1}, 5), RandomPerspective(0.5, 0.5),
		Posterize(4, 0.5), Solarize(128, 0.5), Invert(0.5), AutoContrast(0.5), Equalize(0.5),
		AdjustSharpness(2, 0.5), GaussianNoise(0.1, 0.5), MotionBlur(0.5), CoarseDropout(0.5),
		JPEGCompression(50, 100), OneOf(), SomeOf(1), RandomApply(0.5), RandomOrder(),
		policy.RandAugment(2, 9), policy.TrivialAugmentWide(), policy.AutoAugment(policy.ImageNet),
		policy.AugMix(), MixUp(1), CutMix(1), Mosaic(0.5),
	} {
		byName[t.Name()] = t
	}
	return byName
}()

// Names returns the names of all transforms that recipes know, sorted.
func Names() []string { return slices.Sorted(maps.Keys(kinds)) }

// UnmarshalYAML reads a pipeline from a recipe: a list whose items are the
// name of a transform, or its name with parameters.
//
//	augment:
//	  - random_resized_crop: {scale_range: [0.5, 1]}
//	  - horizontal_flip
//	  - one_of: {transforms: [invert, solarize: {threshold: 100}]}
//
// Errors name the line.
func (p *Pipeline) UnmarshalYAML(node *yaml.Node) error {
	if node.Kind != yaml.SequenceNode {
		return recipe.Errorf(node, "is not a list of transforms")
	}
	read := Pipeline{}
	for _, item := range node.Content {
		t, err := readTransform(item)
		if err != nil {
			return err
		}
		read = append(read, t)
	}
	*p = read
	return nil
}

func readTransform(item *yaml.Node) (Transform, error) {
	if item.Kind == yaml.AliasNode {
		item = item.Alias
	}
	name, parameters := item, (*yaml.Node)(nil)
	if item.Kind == yaml.MappingNode {
		if len(item.Content) != 2 {
			return nil, recipe.Errorf(item, "a transform is one name with its parameters, not %d",
				len(item.Content)/2)
		}
		name, parameters = item.Content[0], item.Content[1]
	}
	usual, ok := kinds[name.Value]
	if name.Kind != yaml.ScalarNode || !ok {
		hint := suggest.Hint(name.Value, Names())
		if hint == "" {
			hint = " (known: " + strings.Join(Names(), ", ") + ")"
		}
		return nil, recipe.Errorf(name, "unknown transform %q%s", name.Value, hint)
	}
	filled := reflect.New(reflect.TypeOf(usual))
	filled.Elem().Set(reflect.ValueOf(usual))
	if parameters != nil {
		err := recipe.DecodeNode(parameters, filled.Interface())
		if err := recipe.Under(name.Value, parameters, err); err != nil {
			return nil, err
		}
	}
	t := filled.Elem().Interface().(Transform)
	if err := t.Validate(); err != nil {
		return nil, recipe.Errorf(item, "%s: %w", t.Name(), err)
	}
	return t, nil
}

// MarshalYAML returns the pipeline as UnmarshalYAML reads it, with every
// parameter.
func (p Pipeline) MarshalYAML() (any, error) {
	items := make([]map[string]Transform, len(p))
	for i, t := range p {
		if _, ok := kinds[t.Name()]; !ok {
			return nil, fmt.Errorf("recipes do not know the transform %q", t.Name())
		}
		items[i] = map[string]Transform{t.Name(): t}
	}
	return items, nil
}

// String returns the transforms with their parameters, on one line.
func (p Pipeline) String() string {
	texts := make([]string, len(p))
	for i, t := range p {
		texts[i] = fmt.Sprintf("%s%+v", t.Name(), t)
	}
	return strings.Join(texts, ", ")
}

package augment

import (
	"go.yaml.in/yaml/v3"

	"github.com/dsbuild/dsbuild/internal/recipe"
	"github.com/dsbuild/dsbuild/pixel"
)

// A Section is what a recipe says of augmentation: a pipeline, and which boxes
// stay when it has moved them.
type Section struct {
	Transforms Pipeline      `yaml:"transforms"`
	Boxes      pixel.BoxRule `yaml:"boxes"`
}

// UnmarshalYAML reads a section: the list of the transforms alone, or keys.
//
//	augment:
//	  boxes: {min_area: 16, min_visibility: 0.3}
//	  transforms:
//	    - random_resized_crop
//
// What it does not say of boxes is as in pixel.DefaultBoxRule.
func (s *Section) UnmarshalYAML(node *yaml.Node) error {
	*s = Section{Transforms: Pipeline{}, Boxes: pixel.DefaultBoxRule()}
	if node.Kind != yaml.MappingNode {
		return s.Transforms.UnmarshalYAML(node)
	}
	type keys Section // without this method
	if err := recipe.DecodeNode(node, (*keys)(s)); err != nil {
		return err
	}
	if err := s.Boxes.Validate(); err != nil {
		return recipe.Under("boxes", node, err)
	}
	return nil
}

// MarshalYAML returns the section as UnmarshalYAML reads it, with every
// parameter.
func (s Section) MarshalYAML() (any, error) {
	if s.Boxes == pixel.DefaultBoxRule() {
		return s.Transforms, nil
	}
	type keys Section
	return keys(s), nil
}

package draft

import (
	"fmt"
	"slices"

	"go.yaml.in/yaml/v3"

	"github.com/dsbuild/dsbuild/internal/recipe"
)

// A Fill is the colour of what comes in from outside an image: red, green and
// blue. Gray images take the first. In recipes it is one number, for gray, or
// three.
type Fill [3]uint8

// Gray returns the fill whose channels are all v.
func Gray(v uint8) Fill { return Fill{v, v, v} }

// UnmarshalYAML implements yaml.Unmarshaler.
func (f *Fill) UnmarshalYAML(node *yaml.Node) error {
	if node.Kind == yaml.SequenceNode {
		return recipe.DecodeNode(node, (*[3]uint8)(f))
	}
	var v uint8
	if err := recipe.DecodeNode(node, &v); err != nil {
		return err
	}
	*f = Gray(v)
	return nil
}

// MarshalYAML implements yaml.Marshaler.
func (f Fill) MarshalYAML() (any, error) {
	if f == Gray(f[0]) {
		return int(f[0]), nil
	}
	return []int{int(f[0]), int(f[1]), int(f[2])}, nil
}

// A Point is a place in an image, in pixels from its upper left corner.
type Point [2]float64

// String returns the point's numbers; a nil one is the image's middle.
func (p *Point) String() string {
	if p == nil {
		return "middle"
	}
	return fmt.Sprintf("%v,%v", p[0], p[1])
}

// A Padding is how many pixels are added to an image on its left, its top, its
// right and below. In recipes it is one number for all sides, two for left and
// right and for top and bottom, or four.
type Padding [4]int

// MaxPadding bounds each number of a Padding.
const MaxPadding = 1 << 10

// Evenly returns the padding of n pixels on all sides.
func Evenly(n int) Padding { return Padding{n, n, n, n} }

// UnmarshalYAML implements yaml.Unmarshaler.
func (p *Padding) UnmarshalYAML(node *yaml.Node) error {
	var numbers []int
	if node.Kind == yaml.SequenceNode {
		if err := recipe.DecodeNode(node, &numbers); err != nil {
			return err
		}
	} else {
		numbers = make([]int, 1)
		if err := recipe.DecodeNode(node, &numbers[0]); err != nil {
			return err
		}
	}
	switch len(numbers) {
	case 1:
		*p = Evenly(numbers[0])
	case 2:
		*p = Padding{numbers[0], numbers[1], numbers[0], numbers[1]}
	case 4:
		*p = Padding(numbers)
	default:
		return recipe.Errorf(node, "has %d numbers, but must have 1, 2 or 4", len(numbers))
	}
	return nil
}

// MarshalYAML implements yaml.Marshaler.
func (p Padding) MarshalYAML() (any, error) {
	if p == Evenly(p[0]) {
		return p[0], nil
	}
	return p[:], nil
}

// Validate tells what is wrong with the numbers.
func (p Padding) Validate() error {
	for _, n := range p {
		if n < 0 || n > MaxPadding {
			return fmt.Errorf("padding is %v, but must be from 0 to %d", n, MaxPadding)
		}
	}
	return nil
}

// CheckWord tells whether a parameter is one of some words. The empty word
// stands for the first of them.
func CheckWord[S ~string](name string, word S, words ...S) error {
	if word != "" && !slices.Contains(words, word) {
		return fmt.Errorf("%s is %q, but must be one of %v", name, word, words)
	}
	return nil
}

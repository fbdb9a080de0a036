package nn

import (
	"slices"
	"strconv"
	"strings"
)

// A Shape is the form of one sample's values, without the batch: {height,
// width, channels} of an image, {features} of a vector.
type Shape []int

// Size returns the number of values.
func (s Shape) Size() int {
	size := 1
	for _, n := range s {
		size *= n
	}
	return size
}

// String formats the shape for people: "28x28x1".
func (s Shape) String() string {
	parts := make([]string, len(s))
	for i, n := range s {
		parts[i] = strconv.Itoa(n)
	}
	return strings.Join(parts, "x")
}

// Channels returns the length of the last dimension.
func (s Shape) Channels() int { return s[len(s)-1] }

// IsImage tells whether the shape has height, width and channels.
func (s Shape) IsImage() bool { return len(s) == 3 }

// Pixels returns the number of values of each channel.
func (s Shape) Pixels() int { return s.Size() / s.Channels() }

// An order tells how the features of a vector came about: by flattening
// images of these shapes one after the other. Files hold such features by
// channel, height and width; memory holds them by height, width and channel.
// A shape of one dimension stands for features that were never an image.
type order []Shape

// isPlain tells whether files and memory hold the features in the same order.
func (o order) isPlain() bool {
	return !slices.ContainsFunc(o, func(s Shape) bool { return s.IsImage() && s.Pixels() > 1 })
}

// fileIndex returns for each feature in memory its place in files.
func (o order) fileIndex() []int {
	var index []int
	for _, s := range o {
		start := len(index)
		channels, pixels := s.Channels(), s.Pixels()
		for p := range pixels {
			for c := range channels {
				index = append(index, start+c*pixels+p)
			}
		}
	}
	return index
}

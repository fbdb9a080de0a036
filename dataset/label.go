package dataset

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/dsbuild/dsbuild/internal/suggest"
)

// maxLabelBytes keeps labels usable as folder names everywhere.
const maxLabelBytes = 200

// CheckLabel tells what keeps a text from naming a class. A label is also the
// name of the class's folder, so it must be one on every system.
func CheckLabel(label string) error {
	switch {
	case label == "":
		return errors.New("label is missing")
	case len(label) > maxLabelBytes:
		return fmt.Errorf("label %.20q… is longer than %d bytes", label, maxLabelBytes)
	case strings.HasPrefix(label, "."):
		return fmt.Errorf("label %q starts with a dot", label)
	case strings.TrimRight(label, " .") != label || strings.TrimLeft(label, " ") != label:
		return fmt.Errorf("label %q starts or ends with a space or a dot", label)
	case strings.ContainsAny(label, `/\:*?"<>|`):
		return fmt.Errorf(`label %q has one of / \ : * ? " < > |, which folder names cannot have`, label)
	case strings.ContainsFunc(label, unicode.IsControl):
		return fmt.Errorf("label %q has a control character", label)
	}
	return nil
}

// Classes are the labels of a data set in index order: class i is what a
// network's output i stands for.
type Classes []string

// ClassesOf returns the sorted labels of samples, each once.
func ClassesOf(samples []Sample) Classes {
	seen := map[string]bool{}
	var classes Classes
	for _, s := range samples {
		if !seen[s.Label] {
			seen[s.Label] = true
			classes = append(classes, s.Label)
		}
	}
	slices.Sort(classes)
	return classes
}

// Index returns the index of a label. The error for an unknown one suggests
// the nearest class.
func (c Classes) Index(label string) (int, error) {
	if i := slices.Index(c, label); i >= 0 {
		return i, nil
	}
	return -1, fmt.Errorf("label %q is not in dataset.json%s", label, suggest.Hint(label, c))
}

package split

import (
	"fmt"
	"strings"
)

// A TooSmallError lists all classes that are too small to be split.
type TooSmallError struct {
	For     string // what they are too small for, such as the shares
	Classes []Shortage
}

// A Shortage says what one class lacks.
type Shortage struct {
	Label string
	// Has and Needs count images or, where InGroups is not zero, groups that
	// stay together: then these have InGroups images.
	Has, Needs int
	InGroups   int
}

func (e *TooSmallError) Error() string {
	var b strings.Builder
	noun := "class is"
	if len(e.Classes) > 1 {
		noun = "classes are"
	}
	fmt.Fprintf(&b, "%d %s too small for %s", len(e.Classes), noun, e.For)
	separator := ": "
	for _, c := range e.Classes {
		b.WriteString(separator)
		separator = "; "
		if c.InGroups == 0 {
			fmt.Fprintf(&b, "%q has %s, needs %d", c.Label, plural(c.Has, "image"), c.Needs)
			continue
		}
		fmt.Fprintf(&b, "%q has %s in %s, needs %d",
			c.Label, plural(c.InGroups, "image"), plural(c.Has, "undividable group"), c.Needs)
	}
	b.WriteString(" (add images, refuse those of the class with dsbuild curate --refuse, " +
		"or choose other shares or fewer folds)")
	return b.String()
}

// plural counts things: 1 image, 2 images.
func plural(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return fmt.Sprintf("%d %s", n, noun)
}

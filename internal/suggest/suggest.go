// Package suggest finds the word a person most likely meant, for error
// messages such as: label "corgy" is not in dataset.json (did you mean "corgi"?).
package suggest

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// maxWordBytes bounds the words compared: the distance takes quadratic time.
const maxWordBytes = 256

// Nearest returns the known word closest to word, or "" where none is close
// enough to be a likely slip: at most a third of the longer word's letters may
// differ. Letter case is ignored, and among equals the first one wins.
func Nearest(word string, known []string) string {
	best, bestDistance := "", -1
	for _, k := range known {
		if len(k) > maxWordBytes || len(word) > maxWordBytes {
			continue
		}
		d := distance(strings.ToLower(word), strings.ToLower(k))
		longest := max(utf8.RuneCountInString(word), utf8.RuneCountInString(k))
		if d > max(1, longest/3) {
			continue
		}
		if bestDistance < 0 || d < bestDistance {
			best, bestDistance = k, d
		}
	}
	return best
}

// Hint returns ` (did you mean "…"?)` where a known word is near, else "".
func Hint(word string, known []string) string {
	near := Nearest(word, known)
	if near == "" {
		return ""
	}
	return fmt.Sprintf(" (did you mean %q?)", near)
}

// distance is the Damerau-Levenshtein distance of adjacent transpositions:
// the least number of insertions, deletions, substitutions and swaps of
// neighbouring letters that turn a into b.
func distance(a, b string) int {
	s, t := []rune(a), []rune(b)
	before := make([]int, len(t)+1) // two rows up, for transpositions
	above := make([]int, len(t)+1)
	row := make([]int, len(t)+1)
	for j := range above {
		above[j] = j
	}
	for i := 1; i <= len(s); i++ {
		row[0] = i
		for j := 1; j <= len(t); j++ {
			substitute := above[j-1]
			if s[i-1] != t[j-1] {
				substitute++
			}
			row[j] = min(above[j]+1, row[j-1]+1, substitute)
			if i > 1 && j > 1 && s[i-1] == t[j-2] && s[i-2] == t[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, above, row = above, row, before
	}
	return above[len(t)]
}

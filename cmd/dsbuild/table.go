package main

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// A table is text in columns under a head: numbers to the right, all else to
// the left.
type table [][]string

// row adds a row, the first of them the head.
func (t *table) row(cells ...any) {
	row := make([]string, len(cells))
	for i, cell := range cells {
		if x, ok := cell.(float64); ok {
			row[i] = fmt.Sprintf("%.3f", x)
		} else {
			row[i] = fmt.Sprint(cell)
		}
	}
	*t = append(*t, row)
}

// write writes the table with two spaces between columns.
func (t table) write(w io.Writer) {
	var widths []int
	var isText []bool
	for k, row := range t {
		for i, cell := range row {
			if i == len(widths) {
				widths, isText = append(widths, 0), append(isText, false)
			}
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
			isText[i] = isText[i] || k > 0 && !isNumber(cell)
		}
	}
	for _, row := range t {
		var line strings.Builder
		for i, cell := range row {
			space := strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell))
			if i > 0 {
				line.WriteString("  ")
			}
			if i == 0 || isText[i] {
				line.WriteString(cell + space)
			} else {
				line.WriteString(space + cell)
			}
		}
		fmt.Fprintln(w, strings.TrimRight(line.String(), " "))
	}
}

// isNumber tells whether a cell has a number, or stands for none.
func isNumber(cell string) bool {
	_, err := strconv.ParseFloat(cell, 64)
	return err == nil || cell == "" || cell == "·"
}

// writeCounts writes a table of the counts of names, in their order, under a
// heading. It writes nothing where there are no names.
func writeCounts(w io.Writer, what, unit string, counts map[string]int, names []string) {
	if len(names) == 0 {
		return
	}
	var t table
	t.row(what, unit)
	for _, name := range names {
		t.row(name, counts[name])
	}
	fmt.Fprintln(w)
	t.write(w)
}

// byCount returns the names of counts, the most frequent first.
func byCount(counts map[string]int) []string {
	return slices.SortedFunc(maps.Keys(counts), func(a, b string) int {
		return cmp.Or(cmp.Compare(counts[b], counts[a]), cmp.Compare(a, b))
	})
}

// sum adds counts up.
func sum[K comparable](counts map[K]int) int {
	total := 0
	for _, n := range counts {
		total += n
	}
	return total
}

// byName returns the keys of a map in order.
func byName[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// plural returns "1 class", "2 classes".
func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

package scrape

import (
	"strconv"
	"strings"
)

// largest returns the URL of the largest candidate of a srcset attribute, or
// "". It is read as the HTML standard has it (section 4.8.4.2.2): URLs may
// contain commas, and a descriptor is a width (300w) or a density (2x). The
// first of equals wins, and data: URLs do not count.
func largest(srcset string) string {
	best, bestSize := "", -1.0
	for rest := srcset; ; {
		rest = strings.TrimLeft(rest, htmlSpace+",")
		if rest == "" {
			return best
		}
		end := strings.IndexAny(rest, htmlSpace)
		if end < 0 {
			end = len(rest)
		}
		link, descriptor := rest[:end], ""
		rest = rest[end:]
		if trimmed := strings.TrimRight(link, ","); trimmed != link {
			link = trimmed
		} else {
			descriptor, rest = cutDescriptor(rest)
		}
		if size := sizeOf(descriptor); size > bestSize && !isData(link) {
			best, bestSize = link, size
		}
	}
}

// htmlSpace are the characters that HTML takes for space.
const htmlSpace = " \t\n\f\r"

// cutDescriptor returns what stands before the next comma that is not within
// parentheses, and what comes after it.
func cutDescriptor(text string) (descriptor, rest string) {
	depth := 0
	for i := range len(text) {
		switch text[i] {
		case '(':
			depth++
		case ')':
			depth--
		case ',':
			if depth <= 0 {
				return text[:i], text[i+1:]
			}
		}
	}
	return text, ""
}

// sizeOf compares descriptors: any width is larger than any density, as pages
// use one or the other.
func sizeOf(descriptor string) float64 {
	const widths = 1e6
	size := 1.0
	for _, word := range strings.Fields(descriptor) {
		value, err := strconv.ParseFloat(word[:len(word)-1], 64)
		if err != nil || !(value > 0 && value < widths) {
			continue
		}
		switch word[len(word)-1] {
		case 'w':
			return widths + value
		case 'x':
			size = value
		}
	}
	return size
}

func isData(link string) bool {
	return len(link) >= 5 && strings.EqualFold(link[:5], "data:")
}

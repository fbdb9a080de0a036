package sheet

import (
	"fmt"
	"image"
	"image/color"
	"strings"
	"sync"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
)

var parseFont = sync.OnceValue(func() *opentype.Font {
	f, err := opentype.Parse(goregular.TTF)
	if err != nil {
		panic(fmt.Sprintf("sheet: the built-in font is damaged: %v", err))
	}
	return f
})

// A writer writes text in one size. It is not safe for concurrent use.
type writer struct {
	face   font.Face
	height int // of a line, in pixels
	ascent int // from a line's top to its base
}

func newWriter(size float64) *writer {
	options := &opentype.FaceOptions{Size: size, DPI: 72, Hinting: font.HintingFull}
	face, err := opentype.NewFace(parseFont(), options)
	if err != nil {
		panic(fmt.Sprintf("sheet: the built-in font has no size %v: %v", size, err))
	}
	m := face.Metrics()
	return &writer{face, m.Height.Ceil() + 1, m.Ascent.Ceil()}
}

// width returns how many pixels wide a text is.
func (w *writer) width(text string) int { return font.MeasureString(w.face, text).Ceil() }

// draw writes one line with its upper left corner at (x, y).
func (w *writer) draw(dst *image.RGBA, text string, x, y int, c color.RGBA) {
	d := font.Drawer{Dst: dst, Src: image.NewUniform(c), Face: w.face, Dot: fixed.P(x, y+w.ascent)}
	d.DrawString(text)
}

// fit returns the text, or as much of its start as is at most limit pixels
// wide with "…" after it.
func (w *writer) fit(text string, limit int) string {
	if w.width(text) <= limit {
		return text
	}
	runes := []rune(text)
	for n := len(runes) - 1; n > 0; n-- {
		if short := strings.TrimRight(string(runes[:n]), " ") + "…"; w.width(short) <= limit {
			return short
		}
	}
	return "…"
}

// wrap breaks a text between words into lines of at most limit pixels, and
// into no more than the given number of lines: the last one is cut to fit.
func (w *writer) wrap(text string, limit, lines int) []string {
	words := strings.Fields(text)
	var out []string
	for len(words) > 0 && len(out) < lines-1 {
		n := 1
		for n < len(words) && w.width(strings.Join(words[:n+1], " ")) <= limit {
			n++
		}
		out = append(out, w.fit(strings.Join(words[:n], " "), limit))
		words = words[n:]
	}
	if len(words) > 0 {
		out = append(out, w.fit(strings.Join(words, " "), limit))
	}
	return out
}

package sheet

import (
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"strconv"
)

// Sizes of a matrix's cells and labels, in pixels.
const (
	cellHeight    = 34
	minCellWidth  = 40
	maxCellWidth  = 110
	maxLabelWidth = 160
	labelSize     = 13
)

// Matrix writes a confusion matrix into a PNG file, replacing it atomically:
// counts[i][j] samples of class labels[i] were taken for labels[j]. A cell is
// the darker, the larger its share of its row is.
func Matrix(path string, labels []string, counts [][]int, title string) error {
	if err := checkMatrix(labels, counts); err != nil {
		return fmt.Errorf("picture %s: %w", path, err)
	}
	return writePNG(path, renderMatrix(labels, counts, title))
}

func checkMatrix(labels []string, counts [][]int) error {
	if len(labels) == 0 || len(counts) != len(labels) {
		return fmt.Errorf("a confusion matrix of %d rows for %d classes", len(counts), len(labels))
	}
	for i, row := range counts {
		if len(row) != len(labels) {
			return fmt.Errorf("row %d of the confusion matrix has %d columns, not %d",
				i, len(row), len(labels))
		}
	}
	return nil
}

func renderMatrix(labels []string, counts [][]int, title string) *image.RGBA {
	head, text := newWriter(titleSize), newWriter(labelSize)
	cellWidth, labelWidth := minCellWidth, text.width(axes)
	for _, label := range labels {
		cellWidth = max(cellWidth, min(text.width(label)+10, maxCellWidth))
		labelWidth = max(labelWidth, min(text.width(label), maxLabelWidth))
	}
	top := margin + text.height + gap
	if title != "" {
		top += head.height + gap
	}
	left := margin + labelWidth + gap
	width := max(left+len(labels)*cellWidth, margin+head.width(title)) + margin
	out := blank(width, top+len(labels)*cellHeight+margin)
	head.draw(out, title, margin, margin, ink)
	text.draw(out, axes, margin, top-text.height-4, muted)
	for i, label := range labels {
		column := text.fit(label, cellWidth-4)
		x := left + i*cellWidth + (cellWidth-text.width(column))/2
		text.draw(out, column, x, top-text.height-4, ink)
		row := text.fit(label, labelWidth)
		y := top + i*cellHeight
		text.draw(out, row, left-gap-text.width(row), y+(cellHeight-text.height)/2, ink)
		drawRow(out, text, counts[i], image.Rect(left, y, left+cellWidth, y+cellHeight))
	}
	return out
}

// axes tells what rows and columns are.
const axes = "true ↓ predicted →"

var (
	muted  = color.RGBA{0x7a, 0x82, 0x8a, 0xff}
	strong = color.RGBA{0x1f, 0x5f, 0xa8, 0xff} // a cell with all of its row
	white  = color.RGBA{0xff, 0xff, 0xff, 0xff}
)

// drawRow draws a row's cells, the first of them at the place of cell.
func drawRow(dst *image.RGBA, text *writer, counts []int, cell image.Rectangle) {
	total := 0
	for _, n := range counts {
		total += n
	}
	for _, n := range counts {
		share := float64(n) / float64(max(total, 1))
		draw.Draw(dst, cell, image.NewUniform(shade(share)), image.Point{}, draw.Src)
		border(dst, image.Rectangle{cell.Min, cell.Max.Add(image.Pt(1, 1))}, faint)
		label, c := strconv.Itoa(n), ink
		switch {
		case n == 0:
			c = faint
		case share > 0.5:
			c = white
		}
		x := cell.Min.X + (cell.Dx()-text.width(label))/2
		text.draw(dst, label, x, cell.Min.Y+(cell.Dy()-text.height)/2, c)
		cell = cell.Add(image.Pt(cell.Dx(), 0))
	}
}

// shade goes from white to strong.
func shade(share float64) color.RGBA {
	mix := func(a, b uint8) uint8 { return uint8(float64(a) + (float64(b)-float64(a))*share + 0.5) }
	return color.RGBA{mix(white.R, strong.R), mix(white.G, strong.G), mix(white.B, strong.B), 0xff}
}

package curate

import (
	"math"

	"github.com/dsbuild/dsbuild/pixel"
)

// A span is the part of a source axis that one target pixel covers: whole
// pixels [from, to), of which the first and the last count in part.
type span struct {
	from, to    int
	first, last float32
}

// spans cuts an axis of n pixels into m equal parts.
func spans(n, m int) []span {
	cut := make([]span, m)
	for i := range cut {
		lo, hi := float64(i)*float64(n)/float64(m), float64(i+1)*float64(n)/float64(m)
		from := int(lo)
		to := min(int(math.Ceil(hi)), n)
		cut[i] = span{from, to, float32(1 - (lo - float64(from))), float32(1 - (float64(to) - hi))}
		if to-from == 1 {
			cut[i].first = float32(hi - lo)
		}
	}
	return cut
}

// weight returns how much of pixel i lies in the span.
func (s span) weight(i int) float32 {
	switch i {
	case s.from:
		return s.first
	case s.to - 1:
		return s.last
	}
	return 1
}

// shrink returns width x height pixels of m's channels, interleaved, each the
// mean of the part of the image that it covers. It never looks sharper than
// the image, and enlarges by repeating pixels.
func shrink(m *pixel.Image, width, height int) []float32 {
	c := m.Channels
	columns, rows := spans(m.Width, width), spans(m.Height, height)
	out := make([]float32, width*height*c)
	line := make([]float32, width*c)
	for y, row := range rows {
		sum := out[y*width*c : (y+1)*width*c]
		for sy := row.from; sy < row.to; sy++ {
			shrinkRow(line, m.Row(sy), columns, c)
			weight := row.weight(sy)
			for i, v := range line {
				sum[i] += weight * v
			}
		}
	}
	scale := float32(float64(width) * float64(height) / (float64(m.Width) * float64(m.Height)))
	for i := range out {
		out[i] *= scale
	}
	return out
}

// shrinkRow sums the pixels of one row into line.
func shrinkRow(line []float32, row []uint8, columns []span, channels int) {
	for x, column := range columns {
		for k := range channels {
			sum := column.first * float32(row[column.from*channels+k])
			for i := (column.from+1)*channels + k; i < (column.to-1)*channels; i += channels {
				sum += float32(row[i])
			}
			if column.to-column.from > 1 {
				sum += column.last * float32(row[(column.to-1)*channels+k])
			}
			line[x*channels+k] = sum
		}
	}
}

// luma returns the luma of interleaved pixels: Y = 0.299 R + 0.587 G + 0.114 B
// (ITU-R BT.601), or the gray value itself.
func luma(pixels []float32, channels int) []float32 {
	if channels == 1 {
		return pixels
	}
	gray := make([]float32, len(pixels)/3)
	for i := range gray {
		p := pixels[i*3 : i*3+3 : i*3+3]
		gray[i] = 0.299*p[0] + 0.587*p[1] + 0.114*p[2]
	}
	return gray
}

package pixel

import (
	"fmt"
	"image"
	"math"
)

// weightBits is the precision of the fixed-point weights, as in Pillow.
const weightBits = 32 - 8 - 2

// A tap is one pixel of the result: the weights of the source pixels from
// first on.
type tap struct {
	first   int
	weights []int32
}

// taps returns the weights that turn size source pixels into out ones by
// linear interpolation, widened to an average of all that a pixel covers where
// the image gets smaller. They are those of Pillow's BILINEAR filter and of
// torchvision's antialias=True.
func taps(size, out int) []tap {
	scale := float64(size) / float64(out)
	support := max(scale, 1)
	all := make([]tap, out)
	for i := range all {
		centre := (float64(i) + 0.5) * scale
		first := max(int(centre-support+0.5), 0)
		last := min(int(centre+support+0.5), size)
		exact := make([]float64, last-first)
		sum := 0.0
		for k := range exact {
			distance := math.Abs((float64(first+k) - centre + 0.5) / support)
			exact[k] = max(1-distance, 0)
			sum += exact[k]
		}
		weights := make([]int32, len(exact))
		for k, w := range exact {
			weights[k] = int32(math.Round(w / sum * (1 << weightBits)))
		}
		all[i] = tap{first, weights}
	}
	return all
}

// resample scales a region of m to the given size: first every row that is
// needed, then the columns.
func resample(m *Image, region image.Rectangle, width, height int) *Image {
	if region.Empty() || !region.In(m.Bounds()) {
		panic(fmt.Sprintf("pixel: region %v of an image of %v", region, m.Bounds()))
	}
	across, down := taps(region.Dx(), width), taps(region.Dy(), height)
	narrow := New(width, region.Dy(), m.Channels)
	for y := range narrow.Height {
		src := m.Row(region.Min.Y + y)[region.Min.X*m.Channels : region.Max.X*m.Channels]
		if m.Channels == 1 {
			scaleGrayRow(narrow.Row(y), src, across)
		} else {
			scaleRow(narrow.Row(y), src, across)
		}
	}
	out := New(width, height, m.Channels)
	sums := make([]int32, width*m.Channels)
	for y, t := range down {
		for i := range sums {
			sums[i] = 1 << (weightBits - 1)
		}
		for k, w := range t.weights {
			addScaled(sums, narrow.Row(t.first+k), w)
		}
		dst := out.Row(y)
		for i, v := range sums {
			dst[i] = clip(v >> weightBits)
		}
	}
	return out
}

func addScaled(sums []int32, row []uint8, weight int32) {
	row = row[:len(sums)]
	for i := range sums {
		sums[i] += weight * int32(row[i])
	}
}

func scaleGrayRow(dst, src []uint8, across []tap) {
	for x, t := range across {
		sum := int32(1 << (weightBits - 1))
		from := src[t.first : t.first+len(t.weights)]
		for k, w := range t.weights {
			sum += w * int32(from[k])
		}
		dst[x] = clip(sum >> weightBits)
	}
}

func scaleRow(dst, src []uint8, across []tap) {
	for x, t := range across {
		var r, g, b int32 = 1 << (weightBits - 1), 1 << (weightBits - 1), 1 << (weightBits - 1)
		from := src[t.first*3 : (t.first+len(t.weights))*3]
		for _, w := range t.weights {
			p := from[:3:3]
			r += w * int32(p[0])
			g += w * int32(p[1])
			b += w * int32(p[2])
			from = from[3:]
		}
		d := dst[x*3 : x*3+3 : x*3+3]
		d[0], d[1], d[2] = clip(r>>weightBits), clip(g>>weightBits), clip(b>>weightBits)
	}
}

// clip limits a value to what a byte holds.
func clip(v int32) uint8 { return uint8(min(max(v, 0), 255)) }

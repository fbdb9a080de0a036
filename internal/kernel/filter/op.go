package filter

import "math"

// An Op is one change of the colours of an image. It is a small value: runs
// of them are collected without taking memory.
type Op struct {
	kind   kind
	factor float64
	value  uint8
}

type kind uint8

const (
	brightness kind = iota
	contrast
	saturation
	hue
	grayscale
	mask
	complement
)

// Brightness multiplies all values by a factor.
func Brightness(factor float64) Op { return Op{kind: brightness, factor: factor} }

// Contrast moves all values away from the image's mean gray value, to factor
// times their distance.
func Contrast(factor float64) Op { return Op{kind: contrast, factor: factor} }

// Saturation moves the channels of each pixel away from its gray value, to
// factor times their distance. Gray images stay as they are.
func Saturation(factor float64) Op { return Op{kind: saturation, factor: factor} }

// Hue turns the hue of every pixel, in whole turns of the colour circle. Gray
// images stay as they are.
func Hue(turn float64) Op { return Op{kind: hue, factor: turn} }

// Grayscale takes the colours out of an image; its channels stay.
func Grayscale() Op { return Op{kind: grayscale} }

// Posterize keeps the highest bits of every value, 0 to 8.
func Posterize(bits int) Op {
	return Op{kind: mask, value: uint8(0xff << (8 - min(max(bits, 0), 8)))}
}

// Invert turns all values into their complements.
func Invert() Op { return Op{kind: complement} }

// Solarize turns all values of at least threshold into their complements.
func Solarize(threshold float64) Op {
	if threshold > 255 {
		return Posterize(8) // no value is as large
	}
	return Op{kind: complement, value: uint8(math.Ceil(max(threshold, 0)))}
}

// mixes tells that the op needs all channels of a pixel at once.
func (o Op) mixes() bool { return o.kind == saturation || o.kind == hue || o.kind == grayscale }

// toBytes applies an op that takes every value for itself. The mean is that of
// the gray values.
func (o Op) toBytes(pix []uint8, mean float64) {
	switch o.kind {
	case mask:
		keep(pix, o.value)
	case complement:
		solarize(pix, o.value)
	case contrast:
		newScaling(o.factor, (1-o.factor)*mean, 1).apply(pix)
	default:
		newScaling(o.factor, 0, 1).apply(pix)
	}
}

// toPlanes applies an op that mixes channels.
func (o Op) toPlanes(r, g, b []uint8) {
	switch o.kind {
	case grayscale:
		gray(r, g, b)
	case hue:
		turns := hueTurns(o.factor)
		turnHue(r, g, b, &turns)
	default:
		newScaling(o.factor, 1-o.factor, 256).saturate(r, g, b)
	}
}

package curate

import (
	"math"

	"github.com/dsbuild/dsbuild/pixel"
)

const (
	// qualitySide is the longer side, in pixels, at which images are judged,
	// so that the verdict does not depend on a camera's resolution. It is
	// about what networks see.
	qualitySide = 256
	// contentSide is the longer side at which content is looked for: noise
	// and the traces of compression are averaged out.
	contentSide = 64
	// contentStep is the least difference that is content, in levels of 256.
	contentStep = 8
)

// quality is what is measured of one image.
type quality struct {
	// sharpness is the variance of the Laplacian over that of the luma, at
	// most qualitySide pixels wide and high: how much of the contrast is in
	// fine detail. After Pech-Pacheco et al., "Diatom autofocusing in
	// brightfield microscopy" (2000), who do not divide.
	sharpness float64
	// dark and bright are the 1st and the 99th percentile of luma, 0 to 1.
	dark, bright float64
	// entropy in bits of the deviation from the mean luma, in steps of
	// contentStep, at most contentSide pixels wide and high (Shannon 1948).
	entropy float64
}

// measure returns an image's quality.
func measure(m *pixel.Image) quality {
	gray, width, height := grayAt(m, qualitySide)
	dark, bright := extremes(gray)
	q := quality{sharpness: sharpness(gray, width, height), dark: dark, bright: bright}
	coarse, _, _ := grayAt(m, contentSide)
	q.entropy = entropy(coarse)
	return q
}

// grayAt returns the image's luma, made smaller where its longer side is more
// than side.
func grayAt(m *pixel.Image, side int) (gray []float32, width, height int) {
	width, height = m.Width, m.Height
	if longer := max(width, height); longer > side {
		width, height = max(1, width*side/longer), max(1, height*side/longer)
	}
	return luma(shrink(m, width, height), m.Channels), width, height
}

// sharpness is explained at quality. An image of one gray has none.
func sharpness(gray []float32, width, height int) float64 {
	var laplacian moments
	for y := 1; y < height-1; y++ {
		row := gray[y*width : (y+1)*width]
		above, below := gray[(y-1)*width:y*width], gray[(y+1)*width:(y+2)*width]
		for x := 1; x < width-1; x++ {
			laplacian.add(float64(row[x-1] + row[x+1] + above[x] + below[x] - 4*row[x]))
		}
	}
	var whole moments
	for _, v := range gray {
		whole.add(float64(v))
	}
	const oneLevel = 1 // keeps what rounding leaves of a blank image from counting
	return laplacian.variance() / (whole.variance() + oneLevel)
}

// moments sum up values for their mean and variance.
type moments struct{ n, sum, squares float64 }

func (m *moments) add(v float64) {
	m.n++
	m.sum += v
	m.squares += v * v
}

func (m *moments) variance() float64 {
	if m.n == 0 {
		return 0
	}
	mean := m.sum / m.n
	return max(0, m.squares/m.n-mean*mean)
}

// extremes returns the 1st and the 99th percentile of luma, from 0 to 1.
func extremes(gray []float32) (dark, bright float64) {
	var count [256]int
	for _, v := range gray {
		count[min(255, max(0, int(v+0.5)))]++
	}
	few := len(gray) / 100
	level, left := 0, few
	for left >= count[level] {
		left -= count[level]
		level++
	}
	dark = float64(level) / 255
	level, left = 255, few
	for left >= count[level] {
		left -= count[level]
		level--
	}
	return dark, float64(level) / 255
}

// entropy is explained at quality. Steps are counted from the mean, so that a
// blank image does not fall between two of them.
func entropy(gray []float32) float64 {
	var sum float64
	for _, v := range gray {
		sum += float64(v)
	}
	mean := sum / float64(len(gray))
	const zero = 256 / contentStep
	var count [2*zero + 1]float64
	for _, v := range gray {
		count[zero+int(math.Round((float64(v)-mean)/contentStep))]++
	}
	bits := 0.0
	for _, c := range count {
		if p := c / float64(len(gray)); p > 0 {
			bits -= p * math.Log2(p)
		}
	}
	return bits
}

package curate

import (
	"math"
	"slices"

	"github.com/dsbuild/dsbuild/pixel"
)

const (
	thumbSide   = 32
	thumbPixels = thumbSide * thumbSide
	hashSide    = 8 // of the block of frequencies that the hash is made of
	sketchSide  = 8
	sketchSize  = sketchSide * sketchSide
	// minContrast is the least standard deviation, in levels, of a thumbnail
	// that shows something.
	minContrast = 2
)

// A look is what two images are compared by before their thumbnails are.
type look struct {
	// hash is the perceptual hash of the image's lowest frequencies.
	hash uint64
	// sketch is the thumbnail, less its mean and of unit length, projected on
	// 8x8 blocks. Its dot product bounds the thumbnails' correlation.
	sketch [sketchSize]float32
	// blank images show nothing, and so resemble none.
	blank bool
}

// thumbnail returns the 32x32 thumbnail of an image: thumbPixels bytes of a
// gray image, three times as many, interleaved, of a colour one.
func thumbnail(m *pixel.Image) []byte {
	pixels := shrink(m, thumbSide, thumbSide)
	thumb := make([]byte, len(pixels))
	for i, v := range pixels {
		thumb[i] = uint8(min(255, v+0.5))
	}
	return thumb
}

// lookOf returns the look of a thumbnail.
func lookOf(thumb []byte) look {
	channels := len(thumb) / thumbPixels
	values := make([]float32, len(thumb))
	var all moments
	for i, v := range thumb {
		values[i] = float32(v)
		all.add(float64(v))
	}
	l := look{hash: perceptualHash(luma(values, channels))}
	if all.variance() < minContrast*minContrast {
		l.blank = true
		return l
	}
	// Unit vectors along the blocks: 1/sqrt(n) for each of a block's n values.
	mean, length := all.sum/all.n, math.Sqrt(all.variance()*all.n)
	scale := 1 / (length * math.Sqrt(float64(len(thumb))/sketchSize))
	var sums [sketchSize]float64
	for i, v := range thumb {
		p := i / channels
		x, y := p%thumbSide, p/thumbSide
		const block = thumbSide / sketchSide
		sums[y/block*sketchSide+x/block] += float64(v) - mean
	}
	for i, s := range sums {
		l.sketch[i] = float32(s * scale)
	}
	return l
}

// dctRows are the first eight rows of the DCT-II of 32 values.
var dctRows = func() (rows [hashSide][thumbSide]float64) {
	for u := range rows {
		for x := range rows[u] {
			rows[u][x] = math.Cos(math.Pi * float64(u) * (2*float64(x) + 1) / (2 * thumbSide))
		}
	}
	return rows
}()

// perceptualHash returns the 64-bit DCT hash of 32x32 gray values: a bit for
// each of the 8x8 lowest frequencies, set where it is above their median. It
// is the phash of the Python package imagehash; see Zauner, "Implementation
// and Benchmarking of Perceptual Image Hash Functions" (2010), section 3.2.1.
func perceptualHash(gray []float32) uint64 {
	var half [hashSide][thumbSide]float64 // frequency down, place across
	for v := range half {
		for y := range thumbSide {
			weight := dctRows[v][y]
			for x := range thumbSide {
				half[v][x] += weight * float64(gray[y*thumbSide+x])
			}
		}
	}
	frequencies := make([]float64, 0, hashSide*hashSide)
	for v := range hashSide {
		for u := range hashSide {
			var sum float64
			for x, weight := range dctRows[u] {
				sum += weight * half[v][x]
			}
			frequencies = append(frequencies, sum)
		}
	}
	sorted := slices.Sorted(slices.Values(frequencies))
	median := (sorted[len(sorted)/2-1] + sorted[len(sorted)/2]) / 2
	var hash uint64
	for _, f := range frequencies {
		hash <<= 1
		if f > median {
			hash |= 1
		}
	}
	return hash
}

// bound returns a number that the correlation of the two images' thumbnails
// is not above: the part within the sketches is their dot product, and the
// rest at most the product of what the sketches leave out (Cauchy-Schwarz).
func bound(a, b *look) float64 {
	var dot, squareA, squareB float32
	for i, v := range a.sketch {
		w := b.sketch[i]
		dot += v * w
		squareA += v * v
		squareB += w * w
	}
	const rounding = 1e-4
	rest := math.Sqrt(max(0, 1-float64(squareA)) * max(0, 1-float64(squareB)))
	return float64(dot) + rest + rounding
}

// correlation returns the normalised cross-correlation of two thumbnails, from
// -1 to 1. It is 0 where one of them is of one colour.
func correlation(a, b []byte) float64 {
	if len(a) != len(b) {
		a, b = coloured(a), coloured(b)
	}
	var sumA, sumB, squareA, squareB, product int64
	for i, v := range a {
		x, y := int64(v), int64(b[i])
		sumA += x
		sumB += y
		squareA += x * x
		squareB += y * y
		product += x * y
	}
	n := int64(len(a))
	spread := float64(n*squareA-sumA*sumA) * float64(n*squareB-sumB*sumB)
	if spread == 0 {
		return 0
	}
	return float64(n*product-sumA*sumB) / math.Sqrt(spread)
}

// coloured returns a thumbnail with three channels.
func coloured(thumb []byte) []byte {
	if len(thumb) != thumbPixels {
		return thumb
	}
	out := make([]byte, 0, 3*thumbPixels)
	for _, v := range thumb {
		out = append(out, v, v, v)
	}
	return out
}

package demosite

import (
	"image"
	"image/draw"
	"math"
	"math/bits"
	"testing"

	xdraw "golang.org/x/image/draw"
)

// A look is what curation judges a picture by.
type look struct {
	path      string
	hash      uint64        // 64-bit DCT perceptual hash
	thumb     [3072]float64 // 32x32 RGB, zero mean, unit length
	luminance float64       // mean, 0 to 255
	entropy   float64       // of the luminance, bits
	sharpness float64       // variance of the Laplacian
}

func lookAt(t *testing.T, s *Site, kind Kind) []look {
	t.Helper()
	var looks []look
	for _, path := range s.Paths(kind) {
		looks = append(looks, measure(path, s.byPath[path].file().decode()))
	}
	if len(looks) == 0 {
		t.Fatalf("there are no pictures of kind %s", kind)
	}
	return looks
}

func measure(path string, img image.Image) look {
	l := look{path: path}
	l.thumb = thumbnail(img)
	l.hash = perceptualHash(img)
	b := img.Bounds()
	gray := image.NewGray(image.Rect(0, 0, b.Dx(), b.Dy()))
	draw.Draw(gray, gray.Rect, img, b.Min, draw.Src)
	var histogram [256]float64
	n := float64(len(gray.Pix))
	for _, v := range gray.Pix {
		histogram[v]++
		l.luminance += float64(v) / n
	}
	for _, c := range histogram {
		if c > 0 {
			l.entropy -= c / n * math.Log2(c/n)
		}
	}
	var sum, squares, count float64
	for y := 1; y < b.Dy()-1; y++ {
		for x := 1; x < b.Dx()-1; x++ {
			i := y*gray.Stride + x
			v := 4*float64(gray.Pix[i]) - float64(gray.Pix[i-1]) - float64(gray.Pix[i+1]) -
				float64(gray.Pix[i-gray.Stride]) - float64(gray.Pix[i+gray.Stride])
			sum, squares, count = sum+v, squares+v*v, count+1
		}
	}
	if count > 0 {
		l.sharpness = squares/count - sum/count*sum/count
	}
	return l
}

func thumbnail(img image.Image) (out [3072]float64) {
	small := image.NewRGBA(image.Rect(0, 0, 32, 32))
	xdraw.CatmullRom.Scale(small, small.Rect, img, img.Bounds(), draw.Src, nil)
	mean, length := 0.0, 0.0
	for i := range out {
		out[i] = float64(small.Pix[i/3*4+i%3])
		mean += out[i] / 3072
	}
	for i := range out {
		out[i] -= mean
		length += out[i] * out[i]
	}
	for i := range out {
		out[i] /= math.Sqrt(length)
	}
	return out
}

// perceptualHash has a bit for each of the 8x8 lowest frequencies of the
// 32x32 luminance: whether it is above their median, as in imagehash's phash.
func perceptualHash(img image.Image) uint64 {
	small := image.NewGray(image.Rect(0, 0, 32, 32))
	xdraw.CatmullRom.Scale(small, small.Rect, img, img.Bounds(), draw.Src, nil)
	var f [64]float64
	for i := range f {
		for p, v := range small.Pix {
			x, y := float64(p%32), float64(p/32)
			f[i] += float64(v) * cosines[i%8][int(x)] * cosines[i/8][int(y)]
		}
	}
	sorted := f
	for i := range sorted {
		for j := i; j > 0 && sorted[j] < sorted[j-1]; j-- {
			sorted[j], sorted[j-1] = sorted[j-1], sorted[j]
		}
	}
	var hash uint64
	for i, v := range f {
		if v > (sorted[31]+sorted[32])/2 {
			hash |= 1 << i
		}
	}
	return hash
}

var cosines = func() (c [8][32]float64) {
	for k := range c {
		for x := range c[k] {
			c[k][x] = math.Cos(math.Pi * float64(k) * (2*float64(x) + 1) / 64)
		}
	}
	return c
}()

func likeness(a, b *look) (correlation float64, distance int) {
	for i := range a.thumb {
		correlation += a.thumb[i] * b.thumb[i]
	}
	return correlation, bits.OnesCount64(a.hash ^ b.hash)
}

// The usual measures tell good pictures from spoiled ones with room to spare,
// and no two good ones from copies: curation can keep all of them.
func TestGoodPicturesAreGoodAndDifferent(t *testing.T) {
	good := lookAt(t, newSite(t, Options{Seed: 1, PerClass: 40}), Good)
	for i := range good {
		l := &good[i]
		if l.luminance < 35 || l.luminance > 235 || l.entropy < 3.2 || l.sharpness < 50 {
			t.Errorf("%s: luminance %.1f, entropy %.2f, sharpness %.1f",
				l.path, l.luminance, l.entropy, l.sharpness)
		}
		for j := range i {
			if c, d := likeness(l, &good[j]); c >= 0.95 || (c >= 0.9 && d <= 10) {
				t.Errorf("%s and %s correlate by %.3f at distance %d", l.path, good[j].path, c, d)
			}
		}
	}
}

func TestSpoiledPicturesAreSpoiled(t *testing.T) {
	s := newSite(t, small)
	for kind, spoiled := range map[Kind]func(look) bool{
		Blurred: func(l look) bool { return l.sharpness < 5 && l.entropy > 3 },
		Dark:    func(l look) bool { return l.luminance < 12 },
		Bright:  func(l look) bool { return l.luminance > 245 },
		Flat:    func(l look) bool { return l.entropy == 0 },
	} {
		for _, l := range lookAt(t, s, kind) {
			if !spoiled(l) {
				t.Errorf("%s: luminance %.1f, entropy %.2f, sharpness %.1f",
					l.path, l.luminance, l.entropy, l.sharpness)
			}
		}
	}
	for kind, spoiled := range map[Kind]func(file) bool{
		Tiny:   func(f file) bool { return f.width < 32 && f.height < 32 },
		Banner: func(f file) bool { return max(f.width, f.height) >= 8*min(f.width, f.height) },
	} {
		for _, path := range s.Paths(kind) {
			if f := s.byPath[path].file(); !spoiled(f) {
				t.Errorf("%s has %dx%d pixels", path, f.width, f.height)
			}
		}
	}
}

// Each near copy is close to exactly one good picture of its class, which has
// more pixels or as many in more bytes.
func TestNearCopiesAreWorseThanTheirOriginals(t *testing.T) {
	s := newSite(t, small)
	good := lookAt(t, s, Good)
	for _, l := range lookAt(t, s, NearCopy) {
		copied, originals := s.byPath[l.path], 0
		for i := range good {
			if c, d := likeness(&l, &good[i]); c < 0.98 || d > 8 {
				continue
			}
			originals++
			original := s.byPath[good[i].path]
			a, b := copied.file(), original.file()
			if more := b.width*b.height - a.width*a.height; original.class != copied.class ||
				more < 0 || (more == 0 && len(b.data) <= len(a.data)) {
				t.Errorf("%s is no worse than %s", l.path, good[i].path)
			}
		}
		if originals != 1 {
			t.Errorf("%s has %d originals", l.path, originals)
		}
	}
}

func TestCopiesHaveTheSameBytes(t *testing.T) {
	s := newSite(t, small)
	owners := map[string][]*item{}
	for _, it := range s.byPath {
		owners[string(it.file().data)] = append(owners[string(it.file().data)], it)
	}
	for _, it := range s.byPath {
		same := owners[string(it.file().data)]
		switch it.kind {
		case ExactCopy:
			if len(same) != 2 || same[0].class != same[1].class {
				t.Errorf("%s is one of %d in its class", it.path, len(same))
			}
		case TwoClasses:
			if len(same) != 2 || same[0].class == same[1].class {
				t.Errorf("%s is not in two classes", it.path)
			}
		}
	}
}

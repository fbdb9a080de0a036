package jpeg

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"image"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// scales are all there are, in the order of the golden files.
var scales = []int{1, 2, 4, 8}

// goldens calls f for each golden JPEG file.
func goldens(t *testing.T, f func(t *testing.T, name string, data []byte)) {
	paths, err := filepath.Glob("testdata/*.jpg")
	if err != nil || len(paths) < 50 {
		t.Fatalf("%d golden files, error %v", len(paths), err)
	}
	for _, path := range paths {
		name := strings.TrimSuffix(filepath.Base(path), ".jpg")
		t.Run(name, func(t *testing.T) { f(t, name, read(t, path)) })
	}
}

func read(t testing.TB, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// expected returns the pixels of a golden file at each scale. Variants of a
// layout, "420-restart", have those of the layout.
func expected(t *testing.T, name string) [4][]uint8 {
	t.Helper()
	path := filepath.Join("testdata", name+".pnm.gz")
	if _, err := os.Stat(path); err != nil {
		layout, _, _ := strings.Cut(name, "-")
		path = filepath.Join("testdata", layout+".pnm.gz")
	}
	unzipped, err := gzip.NewReader(bytes.NewReader(read(t, path)))
	if err != nil {
		t.Fatal(err)
	}
	var images [4][]uint8
	for i := range images {
		var kind byte
		var width, height int
		if _, err := fmt.Fscanf(unzipped, "P%c\n%d %d\n255\n", &kind, &width, &height); err != nil {
			t.Fatal(err)
		}
		images[i] = make([]uint8, width*height*map[byte]int{'5': 1, '6': 3}[kind])
		if _, err := io.ReadFull(unzipped, images[i]); err != nil {
			t.Fatal(err)
		}
	}
	return images
}

// decode returns the pixels of a region.
func decode(t testing.TB, d *Decoder, region image.Rectangle, scale int, o Options) (
	[]uint8, Report) {
	t.Helper()
	bounds := d.Bounds(region, scale)
	stride := bounds.Dx() * d.header.Components
	pix := make([]uint8, bounds.Dy()*stride)
	report, err := d.Decode(pix, stride, region, scale, o)
	if err != nil {
		t.Fatalf("region %v at 1/%d: %v", region, scale, err)
	}
	return pix, report
}

func (h Header) whole() image.Rectangle { return image.Rect(0, 0, h.Width, h.Height) }

// Every layout at every scale is as djpeg decodes it, bit for bit.
func TestGolden(t *testing.T) {
	var d Decoder
	goldens(t, func(t *testing.T, name string, data []byte) {
		want := expected(t, name)
		header, err := d.Open(data)
		if err != nil {
			t.Fatal(err)
		}
		for i, scale := range scales {
			got, report := decode(t, &d, header.whole(), scale, Options{Strict: true})
			if report.Damage != nil || report.Missing != 0 || report.Blocks == 0 {
				t.Errorf("1/%d: report %+v", scale, report)
			}
			if !bytes.Equal(got, want[i]) {
				t.Errorf("1/%d differs: %d bytes, want %d", scale, len(got), len(want[i]))
			}
		}
	})
}

// A region has the pixels of the whole image at the same scale.
func TestRegions(t *testing.T) {
	var d Decoder
	r := rand.New(rand.NewPCG(1, 2))
	goldens(t, func(t *testing.T, name string, data []byte) {
		want := expected(t, name)
		header, err := d.Open(data)
		if err != nil {
			t.Fatal(err)
		}
		for i, scale := range scales {
			whole := d.Bounds(header.whole(), scale)
			for range 20 {
				region := randomRegion(r, header)
				got, _ := decode(t, &d, region, scale, Options{Strict: true})
				part := crop(want[i], whole.Dx(), header.Components, d.Bounds(region, scale))
				if !bytes.Equal(got, part) {
					t.Fatalf("region %v at 1/%d differs from the whole image", region, scale)
				}
			}
		}
	})
}

func randomRegion(r *rand.Rand, header Header) image.Rectangle {
	x, y := r.IntN(header.Width), r.IntN(header.Height)
	return image.Rect(x, y, x+1+r.IntN(header.Width-x), y+1+r.IntN(header.Height-y))
}

// crop returns the pixels of a rectangle of an image of the given width.
func crop(pix []uint8, width, channels int, part image.Rectangle) []uint8 {
	var out []uint8
	for y := part.Min.Y; y < part.Max.Y; y++ {
		out = append(out, pix[(y*width+part.Min.X)*channels:(y*width+part.Max.X)*channels]...)
	}
	return out
}

// All the variants of a layout have the same coefficients.
func TestCoefficientsOfVariants(t *testing.T) {
	var d Decoder
	coefficients := func(t *testing.T, data []byte) *Coefficients {
		if _, err := d.Open(data); err != nil {
			t.Fatal(err)
		}
		c, err := d.Coefficients()
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	compared := 0
	goldens(t, func(t *testing.T, name string, data []byte) {
		layout, variant, ok := strings.Cut(name, "-")
		if _, err := strconv.Atoi(layout); err != nil || !ok {
			return
		}
		if variant == "planes" || variant == "two-scans" {
			return // the blocks that only fill MCUs are not in the file
		}
		got, want := coefficients(t, data), coefficients(t, read(t, "testdata/"+layout+".jpg"))
		if got.Quant != want.Quant || len(got.Components) != 3 || len(got.Segments) != 1 {
			t.Errorf("%s has other tables, components or segments", variant)
		}
		for i, c := range want.Components {
			g := got.Components[i]
			if !slices.Equal(g.Blocks, c.Blocks) || len(g.Blocks) != g.BlocksWide*g.BlocksHigh*64 {
				t.Errorf("component %d of %s has other coefficients", i, name)
			}
			g.Blocks, c.Blocks = nil, nil
			if g.ID != c.ID || g.H != c.H || g.V != c.V || g.BlocksWide != c.BlocksWide {
				t.Errorf("component %d of %s is %+v, want %+v", i, name, g, c)
			}
		}
		compared++
	})
	if compared < 15 {
		t.Errorf("%d files compared", compared)
	}
}

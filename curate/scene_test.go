package curate

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math"
	"os"
	"slices"
	"testing"

	"golang.org/x/image/draw"

	"github.com/dsbuild/dsbuild/dataset"
	"github.com/dsbuild/dsbuild/internal/codec"
	"github.com/dsbuild/dsbuild/internal/store"
)

// scene draws a picture with large and small shapes. Different names give
// pictures that are nothing like each other.
func scene(name string, width, height int) *image.NRGBA {
	rng := dataset.Key{Seed: 1, Sample: name}.Rand("scene")
	m := image.NewNRGBA(image.Rect(0, 0, width, height))
	fill := func(r image.Rectangle) {
		c := color.NRGBA{uint8(rng.IntN(256)), uint8(rng.IntN(256)), uint8(rng.IntN(256)), 255}
		draw.Draw(m, r, image.NewUniform(c), image.Point{}, draw.Src)
	}
	fill(m.Rect)
	for i := range 40 {
		share := 0.6 / (1 + float64(i)/8)
		w, h := 1+int(float64(width)*share*rng.Float64()), 1+int(float64(height)*share*rng.Float64())
		at := image.Pt(rng.IntN(width), rng.IntN(height))
		fill(image.Rectangle{Min: at, Max: at.Add(image.Pt(w, h))})
	}
	return m
}

// scaled returns a copy of another size.
func scaled(m image.Image, width, height int) *image.NRGBA {
	out := image.NewNRGBA(image.Rect(0, 0, width, height))
	draw.CatmullRom.Scale(out, out.Rect, m, m.Bounds(), draw.Src, nil)
	return out
}

// soft returns a copy that is blurred over a tenth of its side.
func soft(m *image.NRGBA) *image.NRGBA {
	b := m.Bounds()
	small := image.NewNRGBA(image.Rect(0, 0, 10, 10))
	draw.BiLinear.Scale(small, small.Rect, m, b, draw.Src, nil)
	return scaled(small, b.Dx(), b.Dy())
}

// mapped returns a copy with every colour component changed.
func mapped(m *image.NRGBA, f func(float64) float64) *image.NRGBA {
	out := image.NewNRGBA(m.Rect)
	for i, v := range m.Pix {
		if i%4 == 3 {
			out.Pix[i] = v
			continue
		}
		out.Pix[i] = uint8(math.Round(f(float64(v))))
	}
	return out
}

func asJPEG(m image.Image, quality int) []byte {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: quality}); err != nil {
		panic(err)
	}
	return b.Bytes()
}

func asPNG(m image.Image) []byte {
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// A picture is a file to be collected. Its original is the name under which
// tests find it again.
type picture struct {
	label, original string
	data            []byte
}

// newSet collects pictures as scrape and import do.
func newSet(t testing.TB, pictures ...picture) dataset.Dir {
	t.Helper()
	dir := dataset.Dir(t.TempDir())
	if err := collectInto(dir, pictures); err != nil {
		t.Fatal(err)
	}
	return dir
}

func collectInto(dir dataset.Dir, pictures []picture) error {
	files := store.Open(dir)
	var samples []dataset.Sample
	for _, p := range pictures {
		header, err := codec.Probe(p.data, codec.Limits{MaxPixels: 1 << 40})
		if err != nil {
			return err
		}
		s, err := files.Put(p.label, p.data, header)
		if err != nil {
			return err
		}
		s.Original = p.original
		samples = append(samples, s)
	}
	merged := store.Merge(nil, samples)
	return dataset.WriteManifest(dir.Collected(), slices.Values(merged))
}

// A result is the outcome of a run by the pictures' originals.
type result struct {
	report   Report
	kept     map[string]dataset.Sample
	rejected map[string]dataset.Sample
}

// reasons returns the names of a reject's reasons.
func (r result) reasons(original string) []string {
	var names []string
	for _, reason := range r.rejected[original].Reasons {
		names = append(names, reason.Name)
	}
	return names
}

func runOn(t testing.TB, dir dataset.Dir, o Options) result {
	t.Helper()
	report, err := Run(t.Context(), dir, o)
	if err != nil {
		t.Fatal(err)
	}
	return result{report, byOriginal(t, dir.Curated()), byOriginal(t, dir.Rejected())}
}

func byOriginal(t testing.TB, path string) map[string]dataset.Sample {
	t.Helper()
	samples, err := dataset.ReadAll(path)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]dataset.Sample{}
	for _, s := range samples {
		found[s.Original] = s
	}
	return found
}

// verdicts returns the bytes of both manifests.
func verdicts(t testing.TB, dir dataset.Dir) string {
	t.Helper()
	kept, err := os.ReadFile(dir.Curated())
	if err != nil {
		t.Fatal(err)
	}
	rejected, err := os.ReadFile(dir.Rejected())
	if err != nil {
		t.Fatal(err)
	}
	return string(kept) + "\n" + string(rejected)
}

// fileName returns the file_name of a collected picture.
func fileName(t testing.TB, dir dataset.Dir, original string) string {
	t.Helper()
	return byOriginal(t, dir.Collected())[original].FileName
}

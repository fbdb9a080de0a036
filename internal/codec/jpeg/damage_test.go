package jpeg

import (
	"bytes"
	"errors"
	"go/build"
	"image"
	"image/jpeg"
	"math/rand/v2"
	"path/filepath"

	"slices"
	"testing"
)

// classified tells whether an error is one that callers can tell apart.
func classified(err error) bool {
	return errors.Is(err, ErrDamaged) || errors.Is(err, ErrTruncated) || errors.Is(err, ErrUnsupported)
}

// A file that was cut short decodes: what is there is as in the whole file, and
// what is missing is told. In strict mode it is an error.
func TestTruncated(t *testing.T) {
	var d Decoder
	for _, name := range []string{"420", "444-restart", "422-progressive", "gray", "420-planes"} {
		data, want := read(t, "testdata/"+name+".jpg"), expected(t, name)[0]
		for cut := 2; cut < len(data); cut += 1 + cut%7 {
			header, err := d.Open(data[:cut])
			if err != nil {
				if !errors.Is(err, ErrTruncated) {
					t.Errorf("%s cut at %d: Open: %v", name, cut, err)
				}
				continue
			}
			got, report := decode(t, &d, header.whole(), 1, Options{})
			if !errors.Is(report.Damage, ErrTruncated) {
				t.Errorf("%s cut at %d: reported %v", name, cut, report.Damage)
			}
			stride := header.Width * header.Components
			_, err = d.Decode(got, stride, header.whole(), 1, Options{Strict: true})
			if !errors.Is(err, ErrTruncated) {
				t.Errorf("%s cut at %d: strict: %v", name, cut, err)
			}
			if cut == 2*len(data)/3 && name == "420" && !bytes.Equal(got[:8*stride], want[:8*stride]) {
				t.Errorf("%s cut at %d: the first rows differ", name, cut)
			}
		}
	}
}

// What is missing below is gray, as with libjpeg.
func TestMissingIsGray(t *testing.T) {
	data := read(t, "testdata/gray.jpg")
	var d Decoder
	header, err := d.Open(data[:len(data)*2/3])
	if err != nil {
		t.Fatal(err)
	}
	got, report := decode(t, &d, header.whole(), 1, Options{})
	if last := got[len(got)-header.Width:]; slices.Min(last) != 128 || slices.Max(last) != 128 {
		t.Errorf("the last row is %v", last)
	}
	if report.Missing == 0 || report.Missing >= report.Blocks {
		t.Errorf("%d of %d blocks are missing", report.Missing, report.Blocks)
	}
}

// Whatever is changed in a file, decoding ends in pixels or in an error that
// says why, and leaves nothing behind for the next file.
func TestDamaged(t *testing.T) {
	random := rand.New(rand.NewPCG(8, 9))
	var d Decoder
	good := read(t, "testdata/420.jpg")
	want := expected(t, "420")
	goldens(t, func(t *testing.T, name string, data []byte) {
		for range 60 {
			bad := bytes.Clone(data)
			for range 1 + random.IntN(4) {
				bad[2+random.IntN(len(bad)-2)] ^= 1 << random.IntN(8)
			}
			header, err := d.Open(bad)
			if err == nil && header.Width*header.Height < 1<<20 {
				err = decodeSomehow(&d, random, header)
			}
			if err != nil && !classified(err) {
				t.Fatalf("unclassified error %v", err)
			}
		}
		header, err := d.Open(good)
		if err != nil {
			t.Fatal(err)
		}
		i := random.IntN(len(scales))
		got, report := decode(t, &d, header.whole(), scales[i], Options{})
		if report.Damage != nil || !bytes.Equal(got, want[i]) {
			t.Fatalf("a good file decodes otherwise after bad ones: %v", report.Damage)
		}
	})
}

// decodeSomehow decodes a part of the file that is open.
func decodeSomehow(d *Decoder, random *rand.Rand, header Header) error {
	region, scale := header.whole(), scales[random.IntN(len(scales))]
	if random.IntN(2) == 0 {
		region = randomRegion(random, header)
	}
	bounds := d.Bounds(region, scale)
	stride := bounds.Dx() * header.Components
	_, err := d.Decode(make([]uint8, bounds.Dy()*stride), stride, region, scale,
		Options{Strict: random.IntN(2) == 0})
	return err
}

// The files of the standard library's tests decode as it decodes them, within
// what its transform and its upsampling differ by.
func TestStandardLibrary(t *testing.T) {
	paths, _ := filepath.Glob(filepath.Join(build.Default.GOROOT, "src/image/testdata/*.jpeg"))
	if len(paths) == 0 {
		t.Skip("the sources of the standard library are not here")
	}
	var d Decoder
	for _, path := range paths {
		data := read(t, path)
		want, err := jpeg.Decode(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		header, err := d.Open(data)
		if errors.Is(err, ErrUnsupported) {
			if _, ok := want.(*image.CMYK); !ok {
				t.Errorf("%s: %v", path, err)
			}
			continue
		} else if err != nil {
			t.Errorf("%s: %v", path, err)
			continue
		}
		got, _ := decode(t, &d, header.whole(), 1, Options{Strict: true})
		if mean := meanDifference(got, want, header.Components); mean > 5 {
			t.Errorf("%s differs by %.2f from the standard library's pixels", filepath.Base(path), mean)
		}
	}
}

// meanDifference returns the mean absolute difference of samples to an image.
func meanDifference(pix []uint8, m image.Image, channels int) float64 {
	sum, i := 0, 0
	for y := m.Bounds().Min.Y; y < m.Bounds().Max.Y; y++ {
		for x := m.Bounds().Min.X; x < m.Bounds().Max.X; x++ {
			r, g, b, _ := m.At(x, y).RGBA()
			for _, v := range []uint32{r, g, b}[:channels] {
				d := int(v>>8) - int(pix[i])
				sum += max(d, -d)
				i++
			}
		}
	}
	return float64(sum) / float64(i)
}

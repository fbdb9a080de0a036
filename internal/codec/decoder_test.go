package codec

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/dsbuild/dsbuild/pixel"
)

// layouts calls f with a file of each colour layout, in each orientation.
func layouts(t *testing.T, f func(t *testing.T, data []byte)) {
	t.Helper()
	for _, name := range []string{
		"410", "411", "420", "420-progressive", "422-restart", "440", "444", "gray", "rgb",
		"size-17x33-1x2",
	} {
		data := readFile(t, filepath.Join("jpeg", "testdata", name+".jpg"))
		for o := byte(1); o <= 8; o++ {
			t.Run(fmt.Sprint(name, " ", o), func(t *testing.T) { f(t, withOrientation(data, o)) })
		}
	}
}

func readFile(t testing.TB, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// regions returns rectangles in an image, those at its edges among them.
func regions(r *rand.Rand, bounds image.Rectangle) []image.Rectangle {
	w, h := bounds.Dx(), bounds.Dy()
	all := []image.Rectangle{
		bounds, image.Rect(0, 0, 1, 1), image.Rect(w-1, h-1, w, h), image.Rect(w/2, 0, w, h/2),
	}
	for range 20 {
		x, y := r.IntN(w), r.IntN(h)
		all = append(all, image.Rect(x, y, x+1+r.IntN(w-x), y+1+r.IntN(h-y)))
	}
	return all
}

func open(t testing.TB, d *Decoder, data []byte) Header {
	t.Helper()
	header, err := d.Open(data)
	if err != nil {
		t.Fatal(err)
	}
	return header
}

func TestPartsAreThoseOfTheWhole(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	layouts(t, func(t *testing.T, data []byte) {
		d := NewDecoder(Limits{})
		header := open(t, d, data)
		whole, err := d.Whole(nil)
		if err != nil {
			t.Fatal(err)
		}
		s := new(pixel.Scratch)
		for _, region := range regions(r, whole.Bounds()) {
			part, err := d.Part(region, region.Dx(), region.Dy(), s)
			if err != nil {
				t.Fatal(err)
			}
			m := part.Image
			at := m.Bounds().Add(image.Pt(int(part.X), int(part.Y)))
			if part.ScaleX != 1 || part.ScaleY != 1 || !region.In(at) {
				t.Fatalf("the part for %v of %+v has bounds %v at %v, %v",
					region, header, at, part.ScaleX, part.ScaleY)
			}
			if want := whole.Crop(at); !slices.Equal(m.Pix, want.Pix) {
				t.Fatalf("the part for %v differs from the whole", region)
			}
			s.Free(m)
		}
	})
}

// TestScaledPartsLieWhereTheySay compares parts of a picture whose colours
// tell the place with these.
func TestScaledPartsLieWhereTheySay(t *testing.T) {
	const w, h = 203, 157
	slope := pixel.New(w, h, 3)
	for y := range h {
		for x := range w {
			copy(slope.Row(y)[3*x:], []uint8{uint8(x + 20), uint8(y + 20), 100})
		}
	}
	r := rand.New(rand.NewPCG(3, 4))
	for o := 1; o <= 8; o++ {
		d := NewDecoder(Limits{})
		open(t, d, withOrientation(encode(t, "jpeg", slope.Clone().Std()), byte(o)))
		whole, err := d.Whole(nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, region := range regions(r, whole.Bounds()) {
			for _, scale := range []int{1, 2, 4, 8} {
				width, height := region.Dx()/scale, region.Dy()/scale
				if width < 2 || height < 2 {
					continue
				}
				part, err := d.Part(region, width, height, nil)
				if err != nil {
					t.Fatal(err)
				}
				checkPart(t, part, whole, region, scale)
			}
		}
	}
}

func checkPart(
	t *testing.T, part pixel.Part, whole *pixel.Image, region image.Rectangle, scale int,
) {
	t.Helper()
	if part.ScaleX < float64(scale) || part.ScaleX != part.ScaleY {
		t.Fatalf("the part for %v at %d has the scale %v, %v", region, scale, part.ScaleX, part.ScaleY)
	}
	m, step := part.Image, int(part.ScaleX)
	left, top := int(part.X), int(part.Y)
	if left > region.Min.X || top > region.Min.Y ||
		left+m.Width*step < region.Max.X || top+m.Height*step < region.Max.Y {
		t.Fatalf("the part for %v at %d has %v pixels from %d, %d", region, scale, m.Bounds(), left, top)
	}
	for y := range m.Height {
		for x := range m.Width {
			square := image.Rect(x*step, y*step, (x+1)*step, (y+1)*step).Add(image.Pt(left, top))
			if !square.In(whole.Bounds()) {
				continue // its mean holds what the encoder put beyond the edge
			}
			for c := range 3 {
				got, want := int(m.Row(y)[3*x+c]), mean(whole, square, c)
				if got < want-5 || got > want+5 {
					t.Fatalf("the part for %v at %d has %d at %d, %d, want %d",
						region, scale, got, x, y, want)
				}
			}
		}
	}
}

// mean returns the mean of a channel within a square.
func mean(m *pixel.Image, square image.Rectangle, c int) int {
	sum := 0
	for y := square.Min.Y; y < square.Max.Y; y++ {
		for x := square.Min.X; x < square.Max.X; x++ {
			sum += int(m.Row(y)[m.Channels*x+c])
		}
	}
	n := square.Dx() * square.Dy()
	return (sum + n/2) / n
}

func TestDecoderGivesTheChannelsWanted(t *testing.T) {
	colour, gray := gradient(40, 24), image.NewGray(image.Rect(0, 0, 40, 24))
	for i := range gray.Pix {
		gray.Pix[i] = uint8(i)
	}
	for _, format := range []string{"jpeg", "png"} {
		for _, m := range []image.Image{colour, gray} {
			data := encode(t, format, m)
			want, _, err := Decode(data, Limits{})
			if err != nil {
				t.Fatal(err)
			}
			for _, channels := range []int{1, 3} {
				d := NewDecoder(Limits{})
				d.Channels = channels
				open(t, d, data)
				got, err := d.Whole(nil)
				if err != nil {
					t.Fatal(err)
				}
				if maxDifference(got, want.WithChannels(channels)) > 0 {
					t.Errorf("a %s of %d channels is not the same with %d", format, want.Channels, channels)
				}
			}
		}
	}
}

func TestDecoderNeedsAFile(t *testing.T) {
	d := NewDecoder(Limits{})
	if _, err := d.Whole(nil); err == nil {
		t.Error("Whole gives an image of no file")
	}
	open(t, d, encode(t, "png", gradient(8, 8)))
	if _, err := d.Open([]byte("no image")); !errors.Is(err, ErrNotImage) {
		t.Errorf("error %v, want %v", err, ErrNotImage)
	}
	if _, err := d.Part(image.Rect(0, 0, 8, 8), 8, 8, nil); err == nil {
		t.Error("Part gives an image of the file before")
	}
	open(t, d, encode(t, "jpeg", gradient(8, 8)))
	if _, err := d.Part(image.Rect(8, 0, 9, 1), 1, 1, nil); err == nil {
		t.Error("Part gives what is outside")
	}
}

func TestDecoderTakesNoMemoryWhenWarm(t *testing.T) {
	d, s := NewDecoder(Limits{}), new(pixel.Scratch)
	d.Channels = 3
	layouts(t, func(t *testing.T, data []byte) {
		run := func() {
			if _, err := d.Open(data); err != nil {
				t.Fatal(err)
			}
			m, err := d.Whole(s)
			if err != nil {
				t.Fatal(err)
			}
			s.Free(m)
			part, err := d.Part(image.Rect(3, 3, 20, 20), 8, 8, s)
			if err != nil {
				t.Fatal(err)
			}
			s.Free(part.Image)
		}
		run()
		if n := testing.AllocsPerRun(5, run); n > 0 {
			t.Errorf("decoding allocates %v times", n)
		}
	})
}

// TestDamagedFiles decodes files cut short, with flipped bits and exchanged
// markers. Whatever comes out has its size, and every error its class.
func TestDamagedFiles(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	var files [][]byte
	for _, name := range []string{"420", "420-progressive", "444-restart", "gray"} {
		files = append(files, readFile(t, filepath.Join("jpeg", "testdata", name+".jpg")))
	}
	for _, format := range []string{"png", "gif", "bmp", "tiff"} {
		files = append(files, encode(t, format, gradient(40, 30)))
	}
	d, s := NewDecoder(Limits{MaxPixels: 1 << 20}), new(pixel.Scratch)
	for i := range 2000 {
		data := damage(r, bytes.Clone(files[i%len(files)]))
		d.Strict = i%3 == 0
		header, err := d.Open(data)
		if err != nil {
			checkClass(t, err)
			continue
		}
		if m, err := d.Whole(s); err != nil {
			checkClass(t, err)
		} else if m.Width != header.Width || m.Height != header.Height {
			t.Errorf("a file of %+v becomes %v", header, m.Bounds())
		}
		region := image.Rect(header.Width/4, header.Height/4, header.Width, header.Height)
		if _, err := d.Part(region, 1+r.IntN(40), 1+r.IntN(40), s); err != nil {
			checkClass(t, err)
		}
	}
}

// damage changes a file in one of the ways in which files suffer.
func damage(r *rand.Rand, data []byte) []byte {
	switch r.IntN(4) {
	case 0:
		return data[:r.IntN(len(data))]
	case 1:
		for range 1 + r.IntN(8) {
			data[r.IntN(len(data))] ^= 1 << r.IntN(8)
		}
	case 2: // markers
		var at []int
		for i := range len(data) - 1 {
			if data[i] == 0xff && data[i+1] != 0 {
				at = append(at, i+1)
			}
		}
		if len(at) > 0 {
			a, b := at[r.IntN(len(at))], at[r.IntN(len(at))]
			data[a], data[b] = data[b], data[a]
		}
	default: // a piece is missing
		from := r.IntN(len(data))
		data = slices.Delete(data, from, min(len(data), from+1+r.IntN(100)))
	}
	return data
}

func checkClass(t *testing.T, err error) {
	t.Helper()
	var size *SizeError
	if !errors.Is(err, ErrNotImage) && !errors.Is(err, ErrUnsupported) &&
		!errors.Is(err, ErrTruncated) && !errors.Is(err, ErrDamaged) && !errors.As(err, &size) {
		t.Errorf("unclassified error %v", err)
	}
}

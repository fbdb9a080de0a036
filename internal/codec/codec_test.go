package codec

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/image/bmp"
	"golang.org/x/image/tiff"

	"github.com/dsbuild/dsbuild/pixel"
)

// gradient is a picture whose every corner differs.
func gradient(w, h int) *image.NRGBA {
	m := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			m.SetNRGBA(x, y, color.NRGBA{uint8(255 * x / w), uint8(255 * y / h), 60, 255})
		}
	}
	return m
}

func encode(t testing.TB, format string, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	var err error
	switch format {
	case "jpeg":
		err = jpeg.Encode(&b, m, &jpeg.Options{Quality: 95})
	case "png":
		err = png.Encode(&b, m)
	case "gif":
		err = gif.Encode(&b, m, nil)
	case "bmp":
		err = bmp.Encode(&b, m)
	case "tiff":
		err = tiff.Encode(&b, m, nil)
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestDecodeEveryFormat(t *testing.T) {
	src := gradient(40, 24)
	want := pixel.FromImage(src)
	tolerances := map[string]int{"jpeg": 12, "png": 0, "gif": 80, "bmp": 0, "tiff": 0}
	for format, tolerance := range tolerances {
		data := encode(t, format, src)
		for name, decode := range map[string]func([]byte, Limits) (*pixel.Image, Header, error){
			"Decode": Decode, "DecodeStrict": DecodeStrict,
		} {
			got, header, err := decode(data, Limits{})
			if err != nil {
				t.Errorf("%s of %s: %v", name, format, err)
				continue
			}
			if (header != Header{format, 40, 24, 3, 1}) {
				t.Errorf("%s of %s: header %+v", name, format, header)
			}
			if d := maxDifference(got, want); d > tolerance {
				t.Errorf("%s of %s differs by %d, want at most %d", name, format, d, tolerance)
			}
		}
	}
}

func maxDifference(a, b *pixel.Image) int {
	if a.Width != b.Width || a.Height != b.Height || a.Channels != b.Channels {
		return 256
	}
	d := 0
	for i := range a.Pix {
		d = max(d, int(a.Pix[i])-int(b.Pix[i]), int(b.Pix[i])-int(a.Pix[i]))
	}
	return d
}

func TestGrayStaysOneChannel(t *testing.T) {
	gray := image.NewGray(image.Rect(0, 0, 16, 8))
	for i := range gray.Pix {
		gray.Pix[i] = uint8(2 * i)
	}
	for _, format := range []string{"jpeg", "png", "tiff"} {
		m, header, err := Decode(encode(t, format, gray), Limits{})
		if err != nil {
			t.Fatal(err)
		}
		if header.Channels != 1 || m.Channels != 1 {
			t.Errorf("%s: header has %d channels, image %d, want 1", format, header.Channels, m.Channels)
		}
	}
}

func TestLimitsAreCheckedInTheHeader(t *testing.T) {
	huge := pngHeader(100_000, 100_000)
	var size *SizeError
	if _, err := Probe(huge, Limits{}); !errors.As(err, &size) || size.Width != 100_000 {
		t.Errorf("error %v, want a SizeError of 100000x100000", err)
	}
	if _, _, err := Decode(huge, Limits{}); !errors.As(err, &size) {
		t.Errorf("error %v, want a SizeError", err)
	}
	small := encode(t, "png", gradient(10, 10))
	if _, err := Probe(small, Limits{MaxPixels: 99}); !errors.As(err, &size) {
		t.Errorf("error %v, want a SizeError", err)
	}
	if _, err := Probe(pngHeader(1, 65_536), Limits{}); !errors.Is(err, ErrUnsupported) {
		t.Errorf("error %v, want %v for so long a side", err, ErrUnsupported)
	}
	if _, err := Probe(pngHeader(65_535, 1), Limits{}); err != nil {
		t.Errorf("the longest side allowed: error %v", err)
	}
}

// pngHeader is a PNG file that ends after its IHDR chunk.
func pngHeader(width, height uint32) []byte {
	chunk := append([]byte("IHDR"), make([]byte, 13)...)
	binary.BigEndian.PutUint32(chunk[4:], width)
	binary.BigEndian.PutUint32(chunk[8:], height)
	chunk[12], chunk[13] = 8, 2
	data := append([]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\x0d"), chunk...)
	return binary.BigEndian.AppendUint32(data, crc32.ChecksumIEEE(chunk))
}

func TestBadFiles(t *testing.T) {
	whole := encode(t, "jpeg", gradient(64, 64))
	wholePNG := encode(t, "png", gradient(64, 64))
	flipped := bytes.Clone(wholePNG)
	flipped[len(flipped)/2] ^= 0x55
	for name, c := range map[string]struct {
		data []byte
		want error
	}{
		"empty":          {nil, ErrNotImage},
		"heic":           {[]byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00"), ErrUnsupported},
		"avif":           {[]byte("\x00\x00\x00\x18ftypavif\x00\x00\x00\x00"), ErrUnsupported},
		"jpeg xl":        {[]byte("\x00\x00\x00\x0cJXL \r\n\x87\n"), ErrUnsupported},
		"video":          {[]byte("\x00\x00\x00\x18ftypisom\x00\x00\x00\x00"), ErrNotImage},
		"html":           {[]byte("<!DOCTYPE html><html>not found</html>"), ErrNotImage},
		"bmp by chance":  {[]byte("BM is how this text starts"), ErrNotImage},
		"half a jpeg":    {whole[:len(whole)/2], ErrTruncated},
		"jpeg less 8":    {whole[:len(whole)-8], ErrTruncated},
		"jpeg header":    {whole[:10], ErrTruncated},
		"half a png":     {wholePNG[:len(wholePNG)/2], ErrTruncated},
		"bits flipped":   {flipped, ErrDamaged},
		"no frame":       {[]byte("\xff\xd8\xff\xd9"), ErrDamaged},
		"zero width png": {pngHeader(0, 5), ErrDamaged},
	} {
		if _, _, err := DecodeStrict(c.data, Limits{}); !errors.Is(err, c.want) {
			t.Errorf("DecodeStrict of %s: error %v, want %v", name, err, c.want)
		}
		if _, _, err := Decode(c.data, Limits{}); !errors.Is(err, c.want) {
			t.Errorf("Decode of %s: error %v, want %v", name, err, c.want)
		}
	}
}

// withOrientation puts an EXIF segment behind the start-of-image marker.
func withOrientation(data []byte, orientation byte) []byte {
	segment := []byte("\xff\xe1\x00\x22Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x01" +
		"\x01\x12\x00\x03\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00")
	segment[29] = orientation
	return append(append(bytes.Clone(data[:2]), segment...), data[2:]...)
}

func TestOrientationIsApplied(t *testing.T) {
	upright := pixel.FromImage(gradient(32, 16))
	// The inverse of each orientation stores what Orient turns upright.
	inverse := map[int]int{1: 1, 2: 2, 3: 3, 4: 4, 5: 5, 6: 8, 7: 7, 8: 6}
	for o := 1; o <= 8; o++ {
		stored := upright.Orient(inverse[o], nil)
		data := withOrientation(encode(t, "jpeg", stored.Std()), byte(o))
		m, header, err := Decode(data, Limits{})
		if err != nil {
			t.Fatal(err)
		}
		if header.Width != 32 || header.Height != 16 || header.Orientation != o {
			t.Errorf("orientation %d: header %+v", o, header)
		}
		if d := maxDifference(m, upright); d > 16 {
			t.Errorf("orientation %d: differs from upright by %d", o, d)
		}
	}
}

// The sample photos show one scene in all orientations, so all must come out
// the same way up.
func TestOrientationOfPhotos(t *testing.T) {
	paths, _ := filepath.Glob("../../../shared/data/exif/*.jpg")
	if len(paths) == 0 {
		t.Skip("no sample photos here")
	}
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		header, err := Probe(data, Limits{})
		if err != nil {
			t.Errorf("%s: %v", path, err)
			continue
		}
		landscape := bytes.Contains([]byte(filepath.Base(path)), []byte("andscape"))
		if landscape != (header.Width > header.Height) {
			t.Errorf("%s is shown as %dx%d", filepath.Base(path), header.Width, header.Height)
		}
	}
}

func FuzzDecode(f *testing.F) {
	for _, format := range []string{"jpeg", "png", "gif", "bmp", "tiff"} {
		f.Add(encode(f, format, gradient(9, 7)))
	}
	f.Add(withOrientation(encode(f, "jpeg", gradient(9, 7)), 6))
	f.Add([]byte("RIFF\x00\x00\x00\x00WEBPVP8 "))
	f.Fuzz(func(t *testing.T, data []byte) {
		limits := Limits{MaxPixels: 1 << 16}
		header, err := Probe(data, limits)
		m, decoded, errDecode := Decode(data, limits)
		if errDecode == nil && (err != nil || header != decoded ||
			m.Width != header.Width || m.Height != header.Height || m.Channels != header.Channels) {
			t.Errorf("Probe said %+v (%v), Decode %+v", header, err, decoded)
		}
		for _, err := range []error{err, errDecode} {
			if err != nil {
				checkClass(t, err)
			}
		}
		if err == nil {
			fuzzPart(t, data, limits, header)
		}
	})
}

// fuzzPart decodes the middle of a file at some scale.
func fuzzPart(t *testing.T, data []byte, limits Limits, header Header) {
	d := NewDecoder(limits)
	if opened, err := d.Open(data); err != nil || opened != header {
		t.Errorf("Probe said %+v, Open %+v (%v)", header, opened, err)
	}
	w, h := header.Width, header.Height
	region := image.Rect(w/3, h/3, (2*w+2)/3, (2*h+2)/3)
	part, err := d.Part(region, region.Dx()/3, region.Dy()/3, nil)
	if err != nil {
		checkClass(t, err)
		return
	}
	right := part.X + part.ScaleX*float64(part.Image.Width)
	bottom := part.Y + part.ScaleY*float64(part.Image.Height)
	if part.X > float64(region.Min.X) || part.Y > float64(region.Min.Y) ||
		right < float64(region.Max.X) || bottom < float64(region.Max.Y) {
		t.Errorf("the part for %v of %+v reaches from %v,%v to %v,%v",
			region, header, part.X, part.Y, right, bottom)
	}
}

package transcode

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/draw"
	stdjpeg "image/jpeg"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"github.com/dsbuild/dsbuild/internal/codec/jpeg"
	"github.com/dsbuild/dsbuild/internal/codec/jpeg/entropy"
)

// layouts are sampling factors of components.
var layouts = map[string][][2]int{
	"gray":  {{1, 1}},
	"4:4:4": {{1, 1}, {1, 1}, {1, 1}},
	"4:2:2": {{2, 1}, {1, 1}, {1, 1}},
	"4:2:0": {{2, 2}, {1, 1}, {1, 1}},
	"4:4:0": {{1, 2}, {1, 1}, {1, 1}},
	"4:1:1": {{4, 1}, {1, 1}, {1, 1}},
}

// newPhoto returns a frame of random blocks, most of whose coefficients are
// zero.
func newPhoto(r *rand.Rand, width, height int, layout [][2]int) *frame {
	f := &frame{width: width, height: height}
	hMax, vMax := layout[0][0], layout[0][1]
	f.mcusWide, f.mcusHigh = ceilDiv(width, 8*hMax), ceilDiv(height, 8*vMax)
	for i := range f.quant {
		for k := range f.quant[i] {
			f.quant[i][k] = uint16(1 + r.IntN(30))
		}
	}
	for i, s := range layout {
		c := component{id: i + 1, h: s[0], v: s[1], quant: min(i, 1),
			wide: ceilDiv(width*s[0], 8*hMax), high: ceilDiv(height*s[1], 8*vMax),
			stride: f.mcusWide * s[0]}
		c.blocks = make([]int16, c.stride*f.mcusHigh*s[1]*blockSize)
		for at := 0; at < len(c.blocks); at += blockSize {
			fillBlock(r, c.blocks[at:at+blockSize])
		}
		f.components = append(f.components, c)
	}
	return f
}

func fillBlock(r *rand.Rand, block []int16) {
	block[0] = int16(r.IntN(2047) - 1023)
	if r.IntN(3) == 0 {
		return
	}
	most := 1 << r.IntN(10)
	for k := 1; k < blockSize; k++ {
		if r.IntN(1+k/2) == 0 {
			block[entropy.Natural(k)] = int16(r.IntN(2*most+1) - most)
		}
	}
}

// source returns a file of a frame, in one scan without restart markers.
func source(t testing.TB, f *frame) []byte {
	t.Helper()
	var w writer
	data, err := w.file(nil, f, Options{Form: Marked, Interval: 60_000})
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestEveryLayoutKeepsItsCoefficients(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for name, layout := range layouts {
		for _, size := range []image.Point{{1, 1}, {8, 8}, {67, 35}, {150, 77}, {33, 130}} {
			f := newPhoto(r, size.X, size.Y, layout)
			data := source(t, f)
			for _, o := range []Options{
				{}, {Form: Marked, Interval: 1}, {Form: Marked, Interval: 3},
				{Form: Banded}, {Form: Banded, Interval: 1}, {Form: Banded, Interval: 5},
			} {
				var tr Transcoder
				out, err := tr.Transcode([]byte("before"), data, o)
				label := fmt.Sprintf("%s of %v, %+v", name, size, o)
				if err != nil {
					t.Errorf("%s: %v", label, err)
					continue
				}
				if !bytes.HasPrefix(out, []byte("before")) {
					t.Errorf("%s: what was there is gone", label)
				}
				comparePixels(t, label, data, out[len("before"):])
			}
		}
	}
}

// comparePixels compares what others read of two files: the standard library,
// and libjpeg where it is installed.
func comparePixels(t testing.TB, label string, a, b []byte) {
	t.Helper()
	first, err := stdjpeg.Decode(bytes.NewReader(a))
	if err != nil {
		t.Errorf("%s: the source: %v", label, err)
		return
	}
	second, err := stdjpeg.Decode(bytes.NewReader(b))
	if err != nil {
		t.Errorf("%s: %v", label, err)
		return
	}
	if !samePixels(first, second) {
		t.Errorf("%s: the standard library sees other pixels", label)
	}
	if _, err := exec.LookPath("djpeg"); err != nil {
		return
	}
	if !bytes.Equal(djpeg(t, label, a), djpeg(t, label, b)) {
		t.Errorf("%s: djpeg sees other pixels", label)
	}
}

func samePixels(a, b image.Image) bool {
	return a.Bounds() == b.Bounds() && bytes.Equal(rgba(a), rgba(b))
}

func rgba(m image.Image) []uint8 {
	flat := image.NewRGBA(m.Bounds())
	draw.Draw(flat, m.Bounds(), m, image.Point{}, draw.Src)
	return flat.Pix
}

// djpeg returns what libjpeg's program decodes; it must have no complaint.
func djpeg(t testing.TB, label string, data []byte) []byte {
	t.Helper()
	cmd := exec.Command("djpeg", "-pnm")
	var out, complaints bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = bytes.NewReader(data), &out, &complaints
	if err := cmd.Run(); err != nil || complaints.Len() > 0 {
		t.Errorf("%s: djpeg says %q (%v)", label, complaints.String(), err)
	}
	return out.Bytes()
}

func TestPhotos(t *testing.T) {
	paths, _ := filepath.Glob("../../../../../shared/data/clothing/train/*/*.jpg")
	exif, _ := filepath.Glob("../../../../../shared/data/exif/*.jpg")
	if len(paths) == 0 {
		t.Skip("no photos here")
	}
	var chosen []string
	for i := 0; i < len(paths); i += 300 {
		chosen = append(chosen, paths[i])
	}
	for i := 0; i < len(exif); i += 20 {
		chosen = append(chosen, exif[i])
	}
	var tr Transcoder
	for _, path := range chosen {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, form := range []Form{Marked, Banded} {
			out, err := tr.Transcode(nil, data, Options{Form: form})
			if err != nil {
				t.Errorf("%s: %v", path, err)
				continue
			}
			comparePixels(t, path, data, out)
			again, err := tr.Transcode(nil, out, Options{Form: form})
			if err != nil || !bytes.Equal(again, out) {
				t.Errorf("%s: once more, form %d gives other bytes (%v)", path, form, err)
			}
		}
	}
}

func TestSegmentsStayAndAnOldIndexGoes(t *testing.T) {
	f := newPhoto(rand.New(rand.NewPCG(3, 4)), 60, 40, layouts["4:2:0"])
	kept := []string{
		"\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00",
		"\xff\xe1\x00\x08Exif\x00\x00",
		"\xff\xfe\x00\x05abc",
		"\xff\xe9\x00\x06else",
		"\xff\xee\x00\x0eAdobe\x00\x64\x00\x00\x00\x00\x01",
	}
	for i, s := range kept {
		f.segments = append(f.segments, []byte(s))
		if i == 2 {
			f.segments = append(f.segments, appendIndex(nil, []int{1, 2, 3}))
		}
	}
	var tr Transcoder
	out, err := tr.Transcode(nil, source(t, f), Options{Interval: 2})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tr.decoder.Open(out); err != nil {
		t.Fatal(err)
	}
	c, err := tr.decoder.Coefficients()
	if err != nil {
		t.Fatal(err)
	}
	indices := 0
	for _, s := range c.Segments {
		if bytes.HasPrefix(s[4:], []byte(indexName)) {
			indices++
			continue
		}
		if len(kept) == 0 || string(s) != kept[0] {
			t.Fatalf("segment %q, want %q next", s, kept)
		}
		kept = kept[1:]
	}
	if indices != 1 || len(kept) > 0 {
		t.Errorf("%d indices, %d segments are missing", indices, len(kept))
	}
}

func TestKindsThatAreNotWritten(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	wide := newPhoto(r, 30, 20, layouts["4:4:4"])
	wide.quant[1][5] = 256
	far := newPhoto(r, 30, 20, layouts["gray"])
	far.components[0].blocks[0], far.components[0].blocks[blockSize] = -1024, 1024
	high := newPhoto(r, 30, 20, layouts["gray"])
	high.components[0].blocks[9] = 1024
	var w writer
	for name, f := range map[string]*frame{"DC": far, "AC": high} {
		if _, err := w.file(nil, f, Options{Form: Marked}); !errors.Is(err, jpeg.ErrUnsupported) {
			t.Errorf("%s: error %v", name, err)
		}
	}
	coefficients := &jpeg.Coefficients{
		Header:     jpeg.Header{Width: 8, Height: 8, Components: 1},
		Components: []jpeg.Component{{H: 1, V: 1, QuantIndex: 1, BlocksWide: 1, BlocksHigh: 1}},
		Quant:      wide.quant,
	}
	if _, err := newFrame(coefficients); !errors.Is(err, jpeg.ErrUnsupported) {
		t.Errorf("16-bit divisors: error %v", err)
	}
}

// TestIncompleteProgressiveFilesStay takes scans off a file, and lets the last
// one leave a bit out.
func TestIncompleteProgressiveFilesStay(t *testing.T) {
	var tr Transcoder
	r := rand.New(rand.NewPCG(11, 12))
	data := source(t, newPhoto(r, 60, 40, layouts["4:2:0"]))
	data, err := tr.Transcode(nil, data, Options{Form: Banded})
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{}
	for at := range data {
		if bytes.HasPrefix(data[at:], []byte{0xff, markerSOS}) {
			name := fmt.Sprintf("without what comes from byte %d on", at)
			files[name] = append(bytes.Clone(data[:at]), 0xff, markerEOI)
		}
	}
	rough := bytes.Clone(data)
	last := bytes.LastIndex(rough, []byte{0xff, markerSOS})
	rough[last+9] = 1 // Al
	files["without a bit"] = rough
	if len(files) != 5 {
		t.Fatalf("%d files", len(files))
	}
	for name, file := range files {
		_, err := tr.Transcode(nil, file, Options{})
		if !errors.Is(err, jpeg.ErrUnsupported) && !errors.Is(err, jpeg.ErrDamaged) &&
			!errors.Is(err, jpeg.ErrTruncated) {
			t.Errorf("%s: error %v", name, err)
		}
	}
	if _, err := tr.Transcode(nil, rough, Options{}); !errors.Is(err, jpeg.ErrUnsupported) {
		t.Errorf("without a bit: error %v", err)
	}
}

func TestDamageIsAnError(t *testing.T) {
	data := source(t, newPhoto(rand.New(rand.NewPCG(7, 8)), 60, 40, layouts["4:2:0"]))
	var tr Transcoder
	for _, n := range []int{0, 1, 20, len(data) / 2, len(data) - 20} {
		_, err := tr.Transcode(nil, data[:n], Options{})
		if !errors.Is(err, jpeg.ErrTruncated) && !errors.Is(err, jpeg.ErrDamaged) {
			t.Errorf("%d of %d bytes: error %v", n, len(data), err)
		}
	}
	if _, err := tr.Transcode(nil, data, Options{}); err != nil {
		t.Errorf("a sound file after damaged ones: %v", err)
	}
}

func FuzzTranscode(f *testing.F) {
	r := rand.New(rand.NewPCG(9, 10))
	for _, layout := range layouts {
		data := source(f, newPhoto(r, 40, 20, layout))
		f.Add(data, false)
		var tr Transcoder
		banded, err := tr.Transcode(nil, data, Options{Form: Banded})
		if err != nil {
			f.Fatal(err)
		}
		f.Add(banded, true)
	}
	f.Fuzz(func(t *testing.T, data []byte, banded bool) {
		header, err := new(jpeg.Decoder).Open(data)
		if err != nil || header.Width*header.Height > 1<<20 {
			return
		}
		o := Options{Form: Marked}
		if banded {
			o.Form = Banded
		}
		var tr Transcoder
		out, err := tr.Transcode(nil, data, o)
		if err != nil {
			if !errors.Is(err, jpeg.ErrUnsupported) && !errors.Is(err, jpeg.ErrDamaged) &&
				!errors.Is(err, jpeg.ErrTruncated) {
				t.Fatalf("unclassified error: %v", err)
			}
			return
		}
		before, err := tr.coefficients(data)
		after, errAfter := tr.coefficients(out)
		if err != nil || errAfter != nil || !equalCoefficients(before, after) {
			t.Fatalf("other coefficients (%v, %v)", err, errAfter)
		}
		checkIndex(t, out)
		// The standard library reads runs beyond a block otherwise than libjpeg,
		// so that pixels of unsound files cannot be compared.
		if _, err := stdjpeg.Decode(bytes.NewReader(data)); err == nil {
			if _, err := stdjpeg.Decode(bytes.NewReader(out)); err != nil {
				t.Fatalf("the standard library read the source, but says: %v", err)
			}
		}
	})
}

// equalCoefficients compares the blocks that show something of the image.
func equalCoefficients(a, b *jpeg.Coefficients) bool {
	if len(a.Components) != len(b.Components) || a.Header.Width != b.Header.Width ||
		a.Header.Height != b.Header.Height {
		return false
	}
	hMax, vMax := 1, 1
	for _, c := range a.Components {
		hMax, vMax = max(hMax, c.H), max(vMax, c.V)
	}
	for i, c := range a.Components {
		d := b.Components[i]
		if c.H != d.H || c.V != d.V || a.Quant[c.QuantIndex] != b.Quant[d.QuantIndex] {
			return false
		}
		n := blockSize * ceilDiv(a.Header.Width*c.H, 8*hMax)
		for y := range ceilDiv(a.Header.Height*c.V, 8*vMax) {
			at := blockSize * y * c.BlocksWide
			if !slices.Equal(c.Blocks[at:at+n], d.Blocks[at:at+n]) {
				return false
			}
		}
	}
	return true
}

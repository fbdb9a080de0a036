package jpeg

import (
	"bytes"
	"errors"
	"testing"
)

// After a first time, decoding takes no memory.
func TestNoAllocation(t *testing.T) {
	var d Decoder
	for _, name := range []string{
		"420", "422-progressive", "444-restart", "gray", "mixed", "420-planes", "420-spectral",
	} {
		data := read(t, "testdata/"+name+".jpg")
		header, err := d.Open(data)
		if err != nil {
			t.Fatal(err)
		}
		pix := make([]uint8, header.Width*header.Height*3)
		for _, scale := range scales {
			part := header.whole()
			part.Min.X, part.Max.Y = 20, 30
			allocations := testing.AllocsPerRun(10, func() {
				if _, err := d.Open(data); err != nil {
					t.Fatal(err)
				}
				if _, err := d.Decode(pix, header.Width*3, header.whole(), scale, Options{}); err != nil {
					t.Fatal(err)
				}
				if _, err := d.Decode(pix, header.Width*3, part, scale, Options{Strict: true}); err != nil {
					t.Fatal(err)
				}
			})
			if allocations != 0 {
				t.Errorf("%s at 1/%d: %v allocations", name, scale, allocations)
			}
		}
	}
}

// A file cannot demand work without end by many scans of few bytes.
func TestManyScans(t *testing.T) {
	data := read(t, "testdata/420-progressive.jpg")
	_, scan, _ := nextScan(t, data)
	var many []byte
	end := bytes.LastIndex(data, []byte{0xff, markerEOI})
	many = append(many, data[:end]...)
	for range 2 * maxScans {
		many = append(many, data[scan:scan+14]...)
	}
	many = append(many, data[end:]...)
	var d Decoder
	header, err := d.Open(many)
	if err != nil {
		t.Fatal(err)
	}
	pix := make([]uint8, header.Width*header.Height*3)
	_, err = d.Decode(pix, header.Width*3, header.whole(), 1, Options{Strict: true})
	if !errors.Is(err, ErrDamaged) {
		t.Errorf("error %v", err)
	}
	if _, err := d.Decode(pix, header.Width*3, header.whole(), 1, Options{}); err != nil {
		t.Errorf("tolerant: error %v", err)
	}
}

// nextScan returns where the first scan header is.
func nextScan(t *testing.T, data []byte) (marker byte, at int, ok bool) {
	t.Helper()
	for p := 2; ; {
		marker, at, ok = nextMarker(data, p)
		if !ok || marker == markerSOS {
			return marker, at, ok
		}
		_, next, err := segmentAt(data, at)
		if err != nil {
			t.Fatal(err)
		}
		p = next
	}
}

func FuzzDecode(f *testing.F) {
	for _, name := range []string{
		"420", "422-progressive", "420-planes", "420-spectral", "444-restart", "440-progressive-restart",
		"gray", "rgb", "mixed", "411", "size-1x1-2x2",
	} {
		f.Add(read(f, "testdata/"+name+".jpg"), uint16(3), uint16(5), uint8(0))
		f.Add(read(f, "testdata/"+name+".jpg"), uint16(0), uint16(0), uint8(7))
	}
	for _, name := range []string{"420-restart", "422-progressive-restart"} {
		data := read(f, "testdata/"+name+".jpg")
		f.Add(withIndex(f, data, 4, nil), uint16(40), uint16(30), uint8(5))
	}
	f.Fuzz(func(t *testing.T, data []byte, x, y uint16, how uint8) {
		var d Decoder
		header, err := d.Open(data)
		if err != nil {
			if !classified(err) {
				t.Fatalf("unclassified error %v", err)
			}
			return
		}
		if header.Width*header.Height > 1<<18 {
			return
		}
		region := header.whole()
		region.Min.X, region.Min.Y = int(x)%header.Width, int(y)%header.Height
		scale := scales[how&3]
		bounds := d.Bounds(region, scale)
		stride := bounds.Dx() * header.Components
		pix := make([]uint8, bounds.Dy()*stride)
		report, err := d.Decode(pix, stride, region, scale, Options{Strict: how&4 != 0})
		if err != nil && !classified(err) {
			t.Fatalf("unclassified error %v", err)
		}
		if report.Missing > report.Blocks*(maxScans+1) {
			t.Fatalf("%d of %d blocks are missing", report.Missing, report.Blocks)
		}
		if _, err := d.Coefficients(); err != nil && !classified(err) {
			t.Fatalf("unclassified error %v of Coefficients", err)
		}
	})
}

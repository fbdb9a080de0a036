package jpeg

import (
	"bytes"
	"encoding/binary"
	"math/rand/v2"
	"strings"
	"testing"
)

// withIndex returns a file with a restart index before each scan, in parts of
// some intervals, whose lengths change alters.
func withIndex(t testing.TB, data []byte, partSize int, change func([]int)) []byte {
	t.Helper()
	var out []byte
	done := 0
	for p := 2; ; {
		marker, at, ok := nextMarker(data, p)
		if !ok || marker == markerEOI {
			return append(out, data[done:]...)
		}
		_, next, err := segmentAt(data, at)
		if err != nil {
			t.Fatal(err)
		}
		if p = next; marker != markerSOS {
			continue
		}
		lengths, end := intervalLengths(data, next)
		if change != nil {
			change(lengths)
		}
		out = append(out, data[done:at]...)
		for part := 0; len(lengths) > 0; part++ {
			n := min(len(lengths), partSize)
			out = append(out, 0xff, markerAPP9)
			out = binary.BigEndian.AppendUint16(out, uint16(2+len(indexName)+3+2*n))
			out = append(append(out, indexName...), byte(part))
			out = binary.BigEndian.AppendUint16(out, uint16(n))
			for _, length := range lengths[:n] {
				out = binary.BigEndian.AppendUint16(out, uint16(length))
			}
			lengths = lengths[n:]
		}
		out = append(out, data[at:end]...)
		done, p = end, end
	}
}

// intervalLengths returns the bytes of the intervals of the scan whose data
// begin at first, and where it ends.
func intervalLengths(data []byte, first int) (lengths []int, end int) {
	for {
		marker, at, ok := nextMarker(data, first)
		lengths = append(lengths, at-first)
		if !ok || endsScan(marker) {
			return lengths, at
		}
		first = at + 2
	}
}

// With an index, right or wrong, a region has the same pixels as without.
func TestRestartIndex(t *testing.T) {
	random := rand.New(rand.NewPCG(6, 7))
	changes := map[string]func([]int){
		"right":   nil,
		"shifted": func(l []int) { l[0]++; l[len(l)-1]-- },
		"shuffled": func(l []int) {
			random.Shuffle(len(l), func(i, j int) { l[i], l[j] = l[j], l[i] })
		},
		"too long": func(l []int) { l[len(l)/2] = 65535 },
		"zero":     func(l []int) { clear(l) },
	}
	var d Decoder
	goldens(t, func(t *testing.T, name string, data []byte) {
		if !strings.Contains(name, "restart") {
			return
		}
		want := expected(t, name)
		for change, f := range changes {
			header, err := d.Open(withIndex(t, data, 1+random.IntN(9), f))
			if err != nil {
				t.Fatal(err)
			}
			for range 40 {
				i := random.IntN(len(scales))
				region := randomRegion(random, header)
				got, _ := decode(t, &d, region, scales[i], Options{Strict: true})
				part := crop(want[i], d.Bounds(header.whole(), scales[i]).Dx(), 3, d.Bounds(region, scales[i]))
				if !bytes.Equal(got, part) {
					t.Fatalf("%s index: region %v at 1/%d differs", change, region, scales[i])
				}
			}
		}
	})
}

// What lies between the intervals that a region needs is not even looked at.
func TestIndexJumps(t *testing.T) {
	data := withIndex(t, read(t, "testdata/420-restart.jpg"), 100, nil)
	want := expected(t, "420")[0]
	_, scan, _ := segmentAt(data, bytes.LastIndex(data, []byte{0xff, markerSOS}))
	lengths, _ := intervalLengths(data, scan)
	// The image has 5 x 3 MCUs in intervals of 3: the third row begins in the
	// fourth interval. The data of the first end early now.
	copy(data[scan:], bytes.Repeat([]byte{0xff, 0xd9}, lengths[0]/2))
	var d Decoder
	header, err := d.Open(data)
	if err != nil {
		t.Fatal(err)
	}
	pix := make([]uint8, len(want))
	if _, err := d.Decode(pix, 3*header.Width, header.whole(), 1, Options{Strict: true}); err == nil {
		t.Error("the whole image decodes")
	}
	region := header.whole()
	region.Min.Y = 40 // in the third row, with what lies around
	got, _ := decode(t, &d, region, 1, Options{Strict: true})
	if !bytes.Equal(got, crop(want, header.Width, 3, region)) {
		t.Error("the lower part differs")
	}
}

// An index whose last interval reaches over a whole scan hides none of it.
func TestIndexSkipsNoScan(t *testing.T) {
	data := withIndex(t, read(t, "testdata/420-progressive-restart.jpg"), 1000, nil)
	name := bytes.Index(data, []byte(indexName))
	_, next, _ := segmentAt(data, name-4)
	_, first, err := segmentAt(data, next) // the scan's header
	if err != nil {
		t.Fatal(err)
	}
	_, end := intervalLengths(data, first)
	later := end
	for marker := byte(0); marker != markerSOS; {
		marker = data[later+1]
		if _, later, err = segmentAt(data, later); err != nil {
			t.Fatal(err)
		}
	}
	_, laterEnd := intervalLengths(data, later)
	last := data[next-2 : next]
	length := int(binary.BigEndian.Uint16(last)) + laterEnd - end
	binary.BigEndian.PutUint16(last, uint16(length))

	want := expected(t, "420-progressive-restart")
	var d Decoder
	header, err := d.Open(data)
	if err != nil {
		t.Fatal(err)
	}
	for i, scale := range scales {
		if got, _ := decode(t, &d, header.whole(), scale, Options{Strict: true}); !bytes.Equal(got, want[i]) {
			t.Errorf("the image at 1/%d differs", scale)
		}
		region := header.whole()
		region.Max.Y = 8 // the scan's end is looked for
		got, _ := decode(t, &d, region, scale, Options{Strict: true})
		part := crop(want[i], d.Bounds(header.whole(), scale).Dx(), 3, d.Bounds(region, scale))
		if !bytes.Equal(got, part) {
			t.Errorf("the upper part at 1/%d differs", scale)
		}
	}
}

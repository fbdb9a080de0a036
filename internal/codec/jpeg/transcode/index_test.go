package transcode

import (
	"bytes"
	"encoding/binary"
	"math/rand/v2"
	"testing"
)

// checkIndex walks through a file and holds each scan's restart markers
// against the index before it. It returns the number of intervals of each scan.
func checkIndex(t testing.TB, data []byte) (scans []int) {
	t.Helper()
	var lengths []int
	for p := 2; data[p+1] != markerEOI; {
		marker := data[p+1]
		segment := data[p+4 : p+2+int(binary.BigEndian.Uint16(data[p+2:]))]
		p += 4 + len(segment)
		if index, ok := bytes.CutPrefix(segment, []byte(indexName)); ok && marker == markerAPP9 {
			if n := int(binary.BigEndian.Uint16(index[1:])); len(index) != 3+2*n {
				t.Fatalf("an index of %d lengths in %d bytes", n, len(index))
			}
			for index = index[3:]; len(index) > 0; index = index[2:] {
				lengths = append(lengths, int(binary.BigEndian.Uint16(index)))
			}
		}
		if marker != markerSOS {
			continue
		}
		n, start := 0, p
		for ; data[p] != 0xff || data[p+1] == 0 || data[p+1]&0xf8 == markerRST0; p++ {
			if data[p] != 0xff || data[p+1] == 0 {
				continue
			}
			if data[p+1] != markerRST0+byte(n&7) || len(lengths) <= n || p-start != lengths[n] {
				t.Fatalf("scan %d: marker %x ends interval %d of %d bytes, the index says %v",
					len(scans), data[p+1], n, p-start, lengths)
			}
			n++
			start = p + 2
		}
		if len(lengths) > 0 && (n+1 != len(lengths) || p-start != lengths[n]) {
			t.Fatalf("scan %d: the last of %d intervals has %d bytes, the index says %v",
				len(scans), n+1, p-start, lengths)
		}
		scans, lengths = append(scans, n+1), nil
	}
	return scans
}

func TestIndexTellsWhereIntervalsAre(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for name, c := range map[string]struct {
		o    Options
		want []int
	}{
		"4:2:0": {Options{Form: Marked, Interval: 2}, []int{11}}, // 7x3 MCUs
		"gray":  {Options{Form: Marked, Interval: 4}, []int{17}}, // 13x5 MCUs
		"4:4:4": {Options{Form: Banded, Interval: 13}, []int{5, 5, 5, 5}},
		"4:1:1": {Options{Form: Banded, Interval: 2}, []int{10, 10, 10, 1}}, // 4x5 MCUs
	} {
		f := newPhoto(r, 100, 40, layouts[name])
		var w writer
		data, err := w.file(nil, f, c.o)
		if err != nil {
			t.Fatal(err)
		}
		got := checkIndex(t, data)
		if len(got) != len(c.want) {
			t.Errorf("%s: %d scans, want %d", name, len(got), len(c.want))
			continue
		}
		for i := range got {
			if got[i] != c.want[i] {
				t.Errorf("%s: scan %d has %d intervals, want %d", name, i, got[i], c.want[i])
			}
		}
	}
}

func TestLongIndexGoesOnInFurtherSegments(t *testing.T) {
	f := newPhoto(rand.New(rand.NewPCG(3, 4)), 8*200, 8*200, layouts["gray"])
	var w writer
	data, err := w.file(nil, f, Options{Form: Marked, Interval: 1})
	if err != nil {
		t.Fatal(err)
	}
	if got := checkIndex(t, data); got[0] != 200*200 {
		t.Errorf("%d intervals", got[0])
	}
	if n := bytes.Count(data, []byte(indexName)); n != 2 {
		t.Errorf("%d segments", n)
	}
}

func TestIntervalsTooLongForTheIndexHaveNone(t *testing.T) {
	for _, lengths := range [][]int{{5}, {1 << 16, 1}} {
		if fitsIndex(lengths) {
			t.Errorf("an index of %v", lengths)
		}
	}
}

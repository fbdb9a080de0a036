package transcode

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"testing"

	"github.com/dsbuild/dsbuild/internal/codec/jpeg"
)

// tablesIn returns the content of a file's DHT segment.
func tablesIn(t *testing.T, data []byte) []byte {
	t.Helper()
	at := bytes.Index(data, []byte{0xff, markerDHT})
	if at < 0 {
		t.Fatal("no tables")
	}
	return data[at+4 : at+2+int(data[at+2])<<8+int(data[at+3])]
}

func TestFilesShareTables(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	var files [][]byte
	var first, second Tally
	var tr Transcoder
	for i := range 6 {
		files = append(files, source(t, newPhoto(r, 200, 150, layouts["4:2:0"])))
		if err := tr.Count([]*Tally{&first, &second}[i%2], files[i]); err != nil {
			t.Fatal(err)
		}
	}
	second.Add(&first)
	tables := second.Tables()
	for i, data := range files {
		shared, err := tr.Transcode(nil, data, Options{Tables: tables})
		if err != nil {
			t.Fatal(err)
		}
		comparePixels(t, "shared", data, shared)
		checkIndex(t, shared)
		own, err := tr.Transcode(nil, data, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Equal(tablesIn(t, own), tablesIn(t, shared)) || len(shared) > len(own)*17/16+300 {
			t.Errorf("file %d has %d bytes with shared tables, %d with its own", i, len(shared), len(own))
		}
		again, err := tr.Transcode(nil, files[0], Options{Tables: tables})
		if err != nil || !bytes.Equal(tablesIn(t, again), tablesIn(t, shared)) {
			t.Errorf("file %d has other tables than file 0 (%v)", i, err)
		}
		banded, err := tr.Transcode(nil, data, Options{Form: Banded, Tables: tables})
		if err != nil {
			t.Fatal(err)
		}
		comparePixels(t, "banded", data, banded)
	}
}

func TestTablesThatDoNotSuitAreNotShared(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	var y Tally
	flat := newPhoto(r, 64, 64, layouts["gray"])
	clear(flat.components[0].blocks)
	var tr Transcoder
	if err := tr.Count(&y, source(t, flat)); err != nil {
		t.Fatal(err)
	}
	data := source(t, newPhoto(r, 200, 150, layouts["gray"]))
	own, err := tr.Transcode(nil, data, Options{})
	if err != nil {
		t.Fatal(err)
	}
	got, err := tr.Transcode(nil, data, Options{Tables: y.Tables()})
	if err != nil || !bytes.Equal(got, own) {
		t.Errorf("%d bytes, %d with its own tables (%v)", len(got), len(own), err)
	}
}

// The tables of no file at all still have a code for every symbol.
func TestSharedTablesAreComplete(t *testing.T) {
	var y Tally
	tables := y.Tables()
	for i := range tables.tables {
		want := 12
		if i >= tableAC {
			want = 162
		}
		if got := len(tables.tables[i].symbols); got != want {
			t.Errorf("table %d has %d symbols, want %d", i, got, want)
		}
	}
	data := source(t, newPhoto(rand.New(rand.NewPCG(5, 6)), 100, 100, layouts["4:4:4"]))
	var w writer
	var tr Transcoder
	c, err := tr.coefficients(data)
	if err != nil {
		t.Fatal(err)
	}
	f, err := newFrame(c)
	if err != nil {
		t.Fatal(err)
	}
	if w.tokens, err = f.code(f.scans(Options{Form: Marked})[0], false, nil); err != nil {
		t.Fatal(err)
	}
	for _, token := range w.tokens {
		if token != restart && tables.tables[token.table()].length[token.symbol()] == 0 {
			t.Fatalf("table %d has no code for %#x", token.table(), token.symbol())
		}
	}
}

func TestCountOfADamagedFile(t *testing.T) {
	var y Tally
	var tr Transcoder
	if err := tr.Count(&y, []byte("\xff\xd8\xff\xd9")); !errors.Is(err, jpeg.ErrDamaged) {
		t.Errorf("error %v", err)
	}
	if y != (Tally{}) {
		t.Error("something was counted")
	}
}

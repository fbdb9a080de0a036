package importer

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/dsbuild/dsbuild/dataset"
	"github.com/dsbuild/dsbuild/internal/store"
)

// importData runs an import of an archive's bytes in a folder of its own and
// returns the data set, which lies in the folder inner of the one returned.
func importData(t testing.TB, name string, data []byte, o Options) (
	outer string, dir dataset.Dir, report Report, err error) {
	t.Helper()
	outer = t.TempDir()
	dir = dataset.Dir(filepath.Join(outer, "inner"))
	o.From = filepath.Join(outer, name)
	if err := os.WriteFile(o.From, data, 0o666); err != nil {
		t.Fatal(err)
	}
	report, err = Run(t.Context(), dir, o)
	return outer, dir, report, err
}

func TestEscapesAndLinksAreRefused(t *testing.T) {
	hostile := []file{
		{name: "cat/1.png", content: picture(1)},
		{name: "../escape.png", content: picture(2)},
		{name: "cat/../../escape.png", content: picture(3)},
		{name: "/tmp/escape.png", content: picture(4)},
		{name: `..\escape.png`, content: picture(5)},
		{name: "C:/escape.png", content: picture(6)},
		{name: strings.Repeat("a/", 4000) + "escape.png", content: picture(7)},
		{name: "cat/link.png", link: "/etc/passwd"},
		{name: "outside", link: "../.."},
		{name: "cat/2.png", content: picture(8)},
	}
	want := map[string]int{reasonUnsafePath: 6, reasonLink: 2}
	for _, kind := range []string{"tar", "tar.gz", "zip"} {
		t.Run(kind, func(t *testing.T) {
			outer := t.TempDir()
			from, err := containers[kind](outer, hostile)
			if err != nil {
				t.Fatal(err)
			}
			dir := dataset.Dir(filepath.Join(outer, "inner"))
			report, err := Run(t.Context(), dir, Options{From: from})
			if err != nil || report.Stored != 2 || !maps.Equal(report.Refused, want) {
				t.Errorf("report %+v (%v), want 2 stored and refused %v", report, err, want)
			}
			checkNothingOutside(t, outer, 2)
		})
	}
}

// checkNothingOutside fails if the folder holds more than an archive and the
// data set inner, with want pictures.
func checkNothingOutside(t *testing.T, outer string, want int) {
	t.Helper()
	entries, err := os.ReadDir(outer)
	if err != nil || len(entries) != 2 {
		t.Errorf("the folder around holds %v (%v), want the archive and the data set", entries, err)
	}
	found, err := filepath.Glob(filepath.Join(outer, "inner/raw/*/*"))
	if err != nil || len(found) != want {
		t.Errorf("stored %v (%v), want %d files", found, err, want)
	}
}

func TestFolderDoesNotFollowLinks(t *testing.T) {
	outer := t.TempDir()
	secret := filepath.Join(outer, "secret.png")
	if err := os.WriteFile(secret, picture(9), 0o666); err != nil {
		t.Fatal(err)
	}
	root, err := writeFolder(outer, []file{
		{name: "cat/1.png", content: picture(1)},
		{name: "cat/secret.png", link: secret},
		{name: "all", link: outer},
	})
	if err != nil {
		t.Fatal(err)
	}
	report, err := Run(t.Context(), dataset.Dir(t.TempDir()), Options{From: root})
	if err != nil || report.Stored != 1 || report.Refused[reasonLink] != 2 {
		t.Errorf("report %+v (%v), want 1 stored and 2 links", report, err)
	}
}

func TestHardLinksAndDevicesAreRefused(t *testing.T) {
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, h := range []*tar.Header{
		{Name: "cat/", Typeflag: tar.TypeDir},
		{Name: "cat/hard.png", Typeflag: tar.TypeLink, Linkname: "/etc/passwd"},
		{Name: "cat/null.png", Typeflag: tar.TypeChar, Devmajor: 1, Devminor: 3},
		{Name: "cat/pipe.png", Typeflag: tar.TypeFifo},
	} {
		if err := w.WriteHeader(h); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	_, _, report, err := importData(t, "set.tar", b.Bytes(), Options{})
	if err != nil || report.Refused[reasonLink] != 3 || report.Files != 3 {
		t.Errorf("report %+v (%v), want 3 refused", report, err)
	}
}

// zeroBomb returns a .tar.gz of about 10 MB with one entry of 10 GiB zeros.
// Its gzip members repeat, so that it is made in no time.
func zeroBomb(t *testing.T) []byte {
	t.Helper()
	const size, memberSize = 10 << 30, 64 << 20
	var head bytes.Buffer
	w := tar.NewWriter(&head)
	err := w.WriteHeader(&tar.Header{Name: "cat/1.png", Typeflag: tar.TypeReg, Mode: 0o644, Size: size,
		Format: tar.FormatGNU})
	if err != nil {
		t.Fatal(err)
	}
	var member bytes.Buffer
	packer, err := gzip.NewWriterLevel(&member, gzip.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	zeros := make([]byte, 1<<20)
	for range memberSize / len(zeros) {
		if _, err := packer.Write(zeros); err != nil {
			t.Fatal(err)
		}
	}
	if err := packer.Close(); err != nil {
		t.Fatal(err)
	}
	return append(gzipOf(head.Bytes()), bytes.Repeat(member.Bytes(), size/memberSize)...)
}

func TestZeroBombInTarball(t *testing.T) {
	bomb := zeroBomb(t)
	for _, c := range []struct {
		opts  Options
		limit string
	}{
		{Options{}, "max_ratio"},
		{Options{MaxTotalBytes: 100 << 20}, "max_total_bytes"},
	} {
		before := allocated()
		_, dir, _, err := importData(t, "bomb.tar.gz", bomb, c.opts)
		var over *BombError
		if !errors.As(err, &over) || over.Limit != c.limit ||
			!strings.Contains(err.Error(), "bomb.tar.gz") {
			t.Errorf("error %v, want a BombError of %s", err, c.limit)
		}
		if took := allocated() - before; took > 32<<20 {
			t.Errorf("took %d MiB of memory, want less than 32", took>>20)
		}
		if _, err := os.Stat(dir.Raw()); err == nil {
			t.Error("files were stored")
		}
	}
}

func allocated() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.TotalAlloc
}

// TestZeroBombInZip has an entry that says it has 10 GiB, and one that says it
// has few bytes and inflates to 80 MB.
func TestZeroBombInZip(t *testing.T) {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	add := func(name string, content []byte, size uint64) {
		out, err := w.CreateRaw(&zip.FileHeader{Name: name, Method: zip.Deflate,
			CRC32:            crc32.ChecksumIEEE(content),
			CompressedSize64: uint64(len(content)), UncompressedSize64: size})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := out.Write(content); err != nil {
			t.Fatal(err)
		}
	}
	packed := gzipOf(append(picture(1), make([]byte, 80<<20)...))
	deflated := packed[10 : len(packed)-8]
	add("cat/honest.png", deflated, 10<<30)
	add("cat/lying.png", deflated, 600)
	out, err := w.Create("cat/good.png")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := out.Write(picture(2)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	before := allocated()
	_, _, report, err := importData(t, "bomb.zip", b.Bytes(), Options{MaxBytes: 1 << 20})
	if err != nil || report.Stored != 1 || report.Refused[store.TooLarge] < 1 || report.Files != 3 {
		t.Errorf("report %+v (%v), want one stored and two refused", report, err)
	}
	if took := allocated() - before; took > 32<<20 {
		t.Errorf("took %d MiB of memory, want less than 32", took>>20)
	}
	_, _, _, err = importData(t, "bomb.zip", b.Bytes(), Options{MaxTotalBytes: 100})
	if _, ok := errors.AsType[*BombError](err); !ok {
		t.Errorf("error %v, want a BombError", err)
	}
}

// hugePNG returns a PNG whose header says width by height and that has no
// pixels.
func hugePNG(width, height uint32) []byte {
	chunk := binary.BigEndian.AppendUint32([]byte("IHDR"), width)
	chunk = binary.BigEndian.AppendUint32(chunk, height)
	chunk = append(chunk, 8, 2, 0, 0, 0)
	data := append([]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\x0d"), chunk...)
	return binary.BigEndian.AppendUint32(data, crc32.ChecksumIEEE(chunk))
}

func TestHugeHeaderIsRefused(t *testing.T) {
	huge := file{name: "cat/huge.png", content: hugePNG(100_000, 100_000)}
	files := append(pictures("cat/1.png"), huge)
	data, err := tarOf(files)
	if err != nil {
		t.Fatal(err)
	}
	_, dir, report, err := importData(t, "set.tar", data, Options{})
	if err != nil || report.Stored != 1 || report.Refused[store.TooManyPixels] != 1 {
		t.Fatalf("report %+v (%v), want one refused for its pixels", report, err)
	}
	refused, err := dataset.ReadAll(dir.Refused())
	if err != nil || *refused[0].Reasons[0].Value != 1e10 || *refused[0].Reasons[0].Threshold != 1e8 {
		t.Errorf("refused %+v (%v), want 1e10 pixels over 1e8", refused, err)
	}
}

func TestTooManyFiles(t *testing.T) {
	data, err := tarOf(pictures("cat/1.png", "cat/2.png", "cat/3.png"))
	if err != nil {
		t.Fatal(err)
	}
	_, _, _, err = importData(t, "set.tar", data, Options{MaxFiles: 2})
	if err == nil || !strings.Contains(err.Error(), "max_files") {
		t.Errorf("error %v, want one of max_files", err)
	}
}

func TestDamagedArchivesAreNamed(t *testing.T) {
	whole, err := tarOf(pictures("cat/1.png", "dog/1.png"))
	if err != nil {
		t.Fatal(err)
	}
	packed, err := zipOf(pictures("cat/1.png"))
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{
		"cut.tar":    whole[:540],
		"cut.tar.gz": gzipOf(whole)[:100],
		"no.tgz":     gzipOf([]byte(strings.Repeat("text", 500))),
		"cut.zip":    packed[:len(packed)-30],
		"pets.rar":   []byte("Rar!\x1a\x07"),
		"empty.tar":  nil,
	} {
		_, _, _, err := importData(t, name, data, Options{})
		if err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: error %v, want one that names it", name, err)
		}
	}
}

// FuzzArchive checks that no archive makes an import write beside the data
// set, and that every offer is stored or refused, and fits a manifest.
func FuzzArchive(f *testing.F) {
	for _, files := range [][]file{
		pictures("train/cat/1.png", "test/dog/1.png"),
		{
			{name: "../1.png", content: picture(1)},
			{name: "a/b/c.gif", content: []byte("GIF89a")},
			{name: "l", link: "/"},
		},
	} {
		tarred, err := tarOf(files)
		if err != nil {
			f.Fatal(err)
		}
		zipped, err := zipOf(files)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(tarred)
		f.Add(gzipOf(tarred))
		f.Add(zipped)
	}
	opts := Options{MaxBytes: 1 << 20, MaxTotalBytes: 8 << 20, MaxFiles: 1000, KeepSplits: true}
	f.Fuzz(func(t *testing.T, data []byte) {
		outer := t.TempDir()
		o := opts.withDefaults()
		o.From = filepath.Join(outer, "set.tar")
		if err := os.WriteFile(o.From, data, 0o666); err != nil {
			t.Fatal(err)
		}
		dir := dataset.Dir(filepath.Join(outer, "inner"))
		offers, err := gather(t.Context(), dir, o)
		entries, readErr := os.ReadDir(outer)
		if readErr != nil || len(entries) > 2 {
			t.Fatalf("the folder around holds %v (%v)", entries, readErr)
		}
		if err != nil {
			return
		}
		for _, f := range offers {
			if err := f.sample.Check(); err != nil {
				t.Fatalf("%+v: %v", f.sample, err)
			}
			_, err := os.Stat(dir.Path(f.sample.FileName))
			if stored := len(f.sample.Reasons) == 0; stored != (err == nil) {
				t.Fatalf("%+v: %v", f.sample, err)
			}
		}
	})
}

// gather is the part of Run that reads the archive.
func gather(ctx context.Context, dir dataset.Dir, o Options) ([]offer, error) {
	src, err := openSource(dir, o)
	if err != nil {
		return nil, err
	}
	defer src.Close()
	l, err := survey(ctx, src, o)
	if err != nil {
		return nil, err
	}
	return collect(ctx, src, l, store.Open(dir), o)
}

// FuzzCleanPath checks that what passes for clean stays below its root.
func FuzzCleanPath(f *testing.F) {
	for _, name := range []string{
		"a/b.png", "../a", "/a", `a\b`, "C:a", "./a//b/./c", "a/\xff.png", "a\x00",
	} {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		clean, fault := cleanPath(name)
		if fault == "" && clean != "." && !filepath.IsLocal(clean) {
			t.Errorf("%q became %q, which is not local", name, clean)
		}
	})
}

func TestReadStopsAtTheLimit(t *testing.T) {
	endless := readerFunc(func(p []byte) (int, error) { return len(p), nil })
	data, err := readSized(endless, 10, 100_000)
	if err != nil || len(data) <= 100_000 || len(data) > 300_000 {
		t.Errorf("read %d bytes (%v), want just over 100000", len(data), err)
	}
	broken := readerFunc(func([]byte) (int, error) { return 0, io.ErrClosedPipe })
	if _, err := readSized(broken, 0, 10); err == nil {
		t.Error("an error was swallowed")
	}
}

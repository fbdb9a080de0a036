//go:build linux || darwin

package main

import (
	"archive/tar"
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"
	"iter"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/dsbuild/dsbuild/dataset"
)

const (
	// With DSBUILD_LARGE=1 the stages are measured at full size, else at a
	// twentieth of it.
	largeLines, largeMemory = 100_000, 500e6 // bytes
	smallLines, smallMemory = 5_000, 100e6

	newPictures = 50 // that scrape fetches on top
)

// memoryClasses is how many classes the pictures have.
const memoryClasses = 12

// TestMemoryOfStages takes a long manifest through every stage, each in a
// process of its own, and holds the most memory that any takes to a limit.
func TestMemoryOfStages(t *testing.T) {
	lines, limit := smallLines, int64(smallMemory)
	if os.Getenv("DSBUILD_LARGE") != "" {
		lines, limit = largeLines, largeMemory
	}
	work := t.TempDir()
	dir := dataset.Dir(filepath.Join(work, "set"))
	archive := filepath.Join(work, "pictures.tar")
	if err := drawArchive(archive, lines); err != nil {
		t.Fatal(err)
	}
	web := httptest.NewServer(http.HandlerFunc(servePicture))
	defer web.Close()
	known, added := filepath.Join(work, "known.jsonl"), filepath.Join(work, "new.jsonl")
	run := func(name string, args ...string) {
		t.Run(name, func(t *testing.T) { measureStage(t, dir, limit, args) })
	}
	run("import", "import", "--from", archive)
	run("import again", "import", "--from", archive)
	if err := addSources(dir, known); err != nil {
		t.Fatal(err)
	}
	if err := dataset.WriteLines(added, newEntries(web.URL)); err != nil {
		t.Fatal(err)
	}
	scrape := []string{"scrape", "--urls", known, "--urls", added, "--allow-private",
		"--interval=-1s"}
	run("scrape", scrape...)
	run("scrape again", scrape...)
	run("import over sources", "import", "--from", archive)
	run("curate", "curate")
	run("curate again", "curate")
	run("group", "curate", "--near-duplicates", "group")
	run("split", "split", "--seed", "1")
	run("split keep", "split", "--seed", "2", "--keep")
	run("split folds", "split", "--seed", "1", "--folds", "5")
	run("stats", "stats")
	run("augment", "augment", "--materialize", "1", "--xdim", "16", "--ydim", "16")
	run("train", "train", "--variants", "--epochs", "1", "--xdim", "12", "--ydim", "12",
		"--cdims", "4", "--hdims", "8")
	run("eval", "eval")
	checkLines(t, dir, lines)
}

// measureStage runs the program and fails where it took more than limit bytes
// of memory.
func measureStage(t *testing.T, dir dataset.Dir, limit int64, args []string) {
	t.Helper()
	result := filepath.Join(t.TempDir(), "usage.json")
	all := append([]string{"-test.run=^TestMeasuredProcess$", "--", "--quiet", "--dir", string(dir)},
		args...)
	cmd := exec.CommandContext(t.Context(), os.Args[0], all...)
	cmd.Env = append(os.Environ(), usageFile+"="+result)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	data, err := os.ReadFile(result)
	if err != nil {
		t.Fatal(err)
	}
	var used usage
	if err := json.Unmarshal(data, &used); err != nil {
		t.Fatal(err)
	}
	t.Logf("peak %d MB, processor time %.1f s", used.Peak/1e6, used.Seconds)
	if used.Peak > limit {
		t.Errorf("%s took %d MB, want at most %d", args[0], used.Peak/1e6, limit/1e6)
	}
}

// usageFile is the variable that tells TestMeasuredProcess what it is for.
const usageFile = "DSBUILD_USAGE_FILE"

// A usage is what a process used.
type usage struct {
	Peak    int64   // bytes of memory
	Seconds float64 // of processor time
}

// TestMeasuredProcess is what measureStage runs in a process of its own, which
// holds little memory: what the system counts of a program starts with the size
// of the process that starts it.
func TestMeasuredProcess(t *testing.T) {
	result := os.Getenv(usageFile)
	if result == "" {
		t.Skip("it is a part of TestMemoryOfStages")
	}
	cmd := exec.CommandContext(t.Context(), "dsbuild", flag.Args()...)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	state := cmd.ProcessState
	used := usage{
		Peak:    int64(state.SysUsage().(*syscall.Rusage).Maxrss),
		Seconds: (state.UserTime() + state.SystemTime()).Seconds(),
	}
	if runtime.GOOS == "linux" {
		used.Peak <<= 10 // from KiB
	}
	data, err := json.Marshal(used)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(result, data, 0o644); err != nil {
		t.Fatal(err)
	}
}

// checkLines makes sure that nothing was measured which was not there: the
// manifests have a line for nearly every picture.
func checkLines(t *testing.T, dir dataset.Dir, lines int) {
	t.Helper()
	for path, want := range map[string]int{
		dir.Collected():          lines + newPictures,
		dir.Curated():            lines * 98 / 100,
		dir.Split(dataset.Train): lines * 78 / 100,
		dir.Augmented():          lines * 78 / 100,
	} {
		n := 0
		err := dataset.ForEach(path, func(dataset.Sample) error { n++; return nil })
		if err != nil || n < want {
			t.Errorf("%s has %d lines (%v), want at least %d", path, n, err, want)
		}
	}
}

// className names the class of picture i.
func className(i int) string { return fmt.Sprintf("class %02d", i%memoryClasses) }

// drawArchive writes a tar archive of n distinct pictures.
func drawArchive(path string, n int) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer f.Close()
	archive := tar.NewWriter(f)
	p := &painter{}
	for i := range n {
		data, format, err := p.paint(i)
		if err != nil {
			return err
		}
		header := tar.Header{
			Name: fmt.Sprintf("%s/picture %06d.%s", className(i), i, format),
			Mode: 0o644, Size: int64(len(data)),
		}
		if err := archive.WriteHeader(&header); err != nil {
			return err
		}
		if _, err := archive.Write(data); err != nil {
			return err
		}
	}
	if err := archive.Close(); err != nil {
		return err
	}
	return f.Close()
}

// A painter paints small pictures fast. It is its own png.EncoderBufferPool.
type painter struct{ buffer *png.EncoderBuffer }

func (p *painter) Get() *png.EncoderBuffer  { return p.buffer }
func (p *painter) Put(b *png.EncoderBuffer) { p.buffer = b }

// paint returns picture i as a file: blots that its class has, under blots of
// its own, with noise.
func (p *painter) paint(i int) (data []byte, format string, err error) {
	const width, height, cell = 40, 36, 8
	type blots [height/cell + 2][width/cell + 2][3]float64
	draw := func(key dataset.Key) (b blots) {
		rng := key.Rand("blots")
		for y := range b {
			for x := range b[y] {
				for c := range b[y][x] {
					b[y][x][c] = rng.Float64()
				}
			}
		}
		return b
	}
	shared, own := draw(dataset.Key{Sample: className(i)}), draw(dataset.Key{Epoch: i})
	noise := dataset.Key{Epoch: i}.Rand("noise")
	m := image.NewRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			a, b := &shared[y/cell], &own[y/cell]
			grain := noise.Float64() * 20
			var levels [3]uint8
			for c := range levels {
				right := float64(x%cell) / cell
				class := a[x/cell][c]*(1-right) + a[x/cell+1][c]*right
				self := b[x/cell][c]*(1-right) + b[x/cell+1][c]*right
				levels[c] = uint8(20 + 90*class + 110*self + grain)
			}
			m.SetRGBA(x, y, color.RGBA{levels[0], levels[1], levels[2], 255})
		}
	}
	var file bytes.Buffer
	if i/memoryClasses%2 == 0 {
		err = jpeg.Encode(&file, m, nil)
		return file.Bytes(), "jpg", err
	}
	encoder := png.Encoder{CompressionLevel: png.BestSpeed, BufferPool: p}
	err = encoder.Encode(&file, m)
	return file.Bytes(), "png", err
}

// addSources gives the samples of a data set what a search tells of pictures,
// and lists these in a file as scrape reads it.
func addSources(dir dataset.Dir, list string) error {
	return dataset.WriteFile(list, func(list io.Writer) error {
		return dataset.WriteFile(dir.Collected(), func(manifest io.Writer) error {
			entries, samples := json.NewEncoder(list), json.NewEncoder(manifest)
			return dataset.ForEach(dir.Collected(), func(s dataset.Sample) error {
				s.Original, s.Source = "", sourceOf(s)
				return errors.Join(samples.Encode(s), entries.Encode(entryOf(s)))
			})
		})
	})
}

// An entry is a line of a list of URLs.
type entry struct {
	URL        string `json:"url"`
	Class      string `json:"class"`
	Page       string `json:"page"`
	License    string `json:"license"`
	LicenseURL string `json:"license_url"`
	Creator    string `json:"creator"`
	Title      string `json:"title"`
}

func entryOf(s dataset.Sample) entry {
	from := s.Source
	return entry{
		URL: from.URL, Class: s.Label, Page: from.Page, License: from.License,
		LicenseURL: from.LicenseURL, Creator: from.Creator, Title: from.Title,
	}
}

// sourceOf makes up where a sample came from.
func sourceOf(s dataset.Sample) *dataset.Source {
	id := s.SHA256
	return &dataset.Source{
		URL:    "https://pictures.example/" + id[:5] + "/" + id[5:16] + "_" + id[16:26] + "_b.jpg",
		Page:   "https://pictures.example/photos/" + id[26:38] + "/" + id[38:49],
		Engine: "urls", License: "CC BY-SA 2.0",
		LicenseURL: "https://creativecommons.org/licenses/by-sa/2.0/",
		Creator:    "photographer " + id[49:52],
		Title:      "A picture of " + s.Label + " in the garden, taken in summer, number " + id[52:58],
	}
}

// newEntries lists the pictures that servePicture serves at an address.
func newEntries(address string) iter.Seq[entry] {
	return func(yield func(entry) bool) {
		for i := range newPictures {
			one := entry{URL: fmt.Sprintf("%s/%d", address, i), Class: className(i)}
			if !yield(one) {
				return
			}
		}
	}
}

// servePicture answers with the picture of the path's number, which no archive
// has.
func servePicture(w http.ResponseWriter, r *http.Request) {
	i, err := strconv.Atoi(strings.TrimPrefix(r.URL.Path, "/"))
	if err != nil { // robots.txt
		http.NotFound(w, r)
		return
	}
	data, _, err := new(painter).paint(largeLines + i)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	_, _ = w.Write(data) // the scraper tells what it got
}

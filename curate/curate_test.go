package curate

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/image/draw"

	"github.com/dsbuild/dsbuild/dataset"
)

// faults are pictures with one of each fault beside good ones.
func faults() []picture {
	large := scene("large", 200, 150)
	gray := image.NewNRGBA(image.Rect(0, 0, 80, 80))
	draw.Draw(gray, gray.Rect, image.NewUniform(color.Gray{120}), image.Point{}, draw.Src)
	whole := asJPEG(scene("cut", 160, 120), 90)
	torn := asPNG(scene("torn", 90, 70))
	torn[len(torn)/2] ^= 0xff
	darken := func(v float64) float64 { return v * 0.04 }
	brighten := func(v float64) float64 { return 245 + v*0.04 }
	return []picture{
		{"cat", "good-1", asJPEG(scene("good-1", 120, 90), 90)},
		{"cat", "good-2", asPNG(scene("good-2", 60, 90))},
		{"dog", "good-3", asJPEG(scene("good-3", 400, 300), 60)},
		{"cat", "large", asJPEG(large, 95)},
		{"cat", "smaller", asJPEG(scaled(large, 100, 75), 95)},
		{"cat", "pressed", asJPEG(large, 30)},
		{"cat", "truncated", whole[:len(whole)*6/10]},
		{"cat", "unreadable", torn},
		{"dog", "dark", asJPEG(mapped(scene("dark", 90, 90), darken), 90)},
		{"dog", "bright", asPNG(mapped(scene("bright", 90, 90), brighten))},
		{"dog", "flat", asJPEG(gray, 90)},
		{"dog", "tiny", asPNG(scene("tiny", 20, 25))},
		{"dog", "banner", asPNG(scene("banner", 400, 50))},
		{"dog", "blurred", asJPEG(soft(scene("blurred", 180, 180)), 90)},
		{"cat", "both-cat", asJPEG(scene("both", 120, 120), 90)},
		{"dog", "both-dog", asJPEG(scene("both", 120, 120), 90)},
		{"cat", "alike-cat", asJPEG(scene("alike", 120, 100), 90)},
		{"dog", "alike-dog", asJPEG(scaled(scene("alike", 120, 100), 60, 50), 90)},
		{"cat", "copied", asPNG(scene("copied", 70, 70))},
		{"cat", "copied-again", asPNG(scene("copied", 70, 70))},
	}
}

func TestEachFaultHasItsReason(t *testing.T) {
	dir := newSet(t, faults()...)
	got := runOn(t, dir, Options{})
	want := map[string]string{
		"smaller": NearDuplicate, "pressed": NearDuplicate,
		"truncated": Truncated, "unreadable": Unreadable,
		"dark": TooDark, "bright": TooBright, "flat": NoContent,
		"tiny": TooSmall, "banner": AspectRatio, "blurred": Blurred,
		"both-cat": Conflict, "both-dog": Conflict, "alike-cat": Conflict, "alike-dog": Conflict,
		"copied-again": Duplicate,
	}
	first := map[string]string{}
	counts := map[string]int{}
	for name, s := range got.rejected {
		first[name] = s.Reasons[0].Name
		counts[s.Reasons[0].Name]++
	}
	if !maps.Equal(first, want) {
		t.Errorf("rejected for\n%v\nwant\n%v", first, want)
	}
	kept := slices.Sorted(maps.Keys(got.kept))
	if want := []string{"copied", "good-1", "good-2", "good-3", "large"}; !slices.Equal(kept, want) {
		t.Errorf("kept %v, want %v", kept, want)
	}
	if got.report.Kept != 5 || !maps.Equal(got.report.Rejected, counts) {
		t.Errorf("report %+v, want 5 kept and %v", got.report, counts)
	}
}

func TestReasonsSayWhatTheyAreBasedOn(t *testing.T) {
	dir := newSet(t, faults()...)
	got := runOn(t, dir, Options{})
	for _, c := range []struct{ name, of string }{
		{"smaller", "large"}, {"pressed", "large"}, {"copied-again", "copied"},
		{"both-cat", "both-dog"}, {"both-dog", "both-cat"},
		{"alike-cat", "alike-dog"}, {"alike-dog", "alike-cat"},
	} {
		if of := got.rejected[c.name].Reasons[0].Of; of != fileName(t, dir, c.of) {
			t.Errorf("%s equals %q, want the file of %s", c.name, of, c.of)
		}
	}
	tiny := got.rejected["tiny"].Reasons[0]
	if *tiny.Value != 20 || *tiny.Threshold != 32 {
		t.Errorf("tiny has %v, want 20 under 32", tiny)
	}
	for _, name := range []string{
		"dark", "bright", "flat", "banner", "blurred", "smaller", "alike-cat",
	} {
		for _, r := range got.rejected[name].Reasons {
			if r.Value == nil || r.Threshold == nil {
				t.Errorf("%s: reason %v has no numbers", name, r)
			}
		}
	}
	if reasons := got.reasons("flat"); !slices.Equal(reasons, []string{NoContent, Blurred}) {
		t.Errorf("flat has %v, want every reason", reasons)
	}
	copied := got.rejected["copied-again"]
	if want := fileName(t, dir, "copied") + "#2"; copied.FileName != want || len(copied.Copies) != 0 {
		t.Errorf("copy is %+v, want file_name %s", copied, want)
	}
}

func TestOutcomeDependsOnNeitherWorkersNorCache(t *testing.T) {
	dir := newSet(t, faults()...)
	runOn(t, dir, Options{Workers: 1})
	want := verdicts(t, dir)
	runOn(t, dir, Options{Workers: 1})
	if got := verdicts(t, dir); got != want {
		t.Errorf("with a cache the verdicts are\n%s\nwant\n%s", got, want)
	}
	if err := os.RemoveAll(filepath.Dir(dir.Features())); err != nil {
		t.Fatal(err)
	}
	runOn(t, dir, Options{Workers: 8})
	if got := verdicts(t, dir); got != want {
		t.Errorf("with 8 workers the verdicts are\n%s\nwant\n%s", got, want)
	}
}

func TestRunAfterACancelledOneEndsTheSame(t *testing.T) {
	dir := newSet(t, faults()...)
	runOn(t, dir, Options{})
	want := verdicts(t, dir)
	for _, stopAt := range []int{1, 5, 15} {
		if err := os.RemoveAll(filepath.Dir(dir.Features())); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		_, err := Run(ctx, dir, Options{Progress: func(done, _ int) {
			if done == stopAt {
				cancel()
			}
		}})
		cancel()
		if err == nil {
			t.Error("a cancelled run returned no error")
		}
		if got := verdicts(t, dir); got != want {
			t.Error("a cancelled run changed the manifests")
		}
		runOn(t, dir, Options{})
		if got := verdicts(t, dir); got != want {
			t.Errorf("the run after gave\n%s\nwant\n%s", got, want)
		}
	}
}

func TestProgressCountsEveryImage(t *testing.T) {
	dir := newSet(t, faults()...)
	for range 2 { // without a cache, and with one
		var done []int
		runOn(t, dir, Options{Progress: func(d, total int) {
			if total != 19 {
				t.Errorf("total %d, want 19", total)
			}
			done = append(done, d)
		}})
		if !slices.IsSorted(done) || len(done) != 19 || done[18] != 19 {
			t.Errorf("progress %v, want 1 to 19", done)
		}
	}
}

func TestFilesThatAreGoneOrChanged(t *testing.T) {
	dir := newSet(t,
		picture{"cat", "gone", asPNG(scene("gone", 50, 50))},
		picture{"cat", "changed", asPNG(scene("changed", 50, 50))},
		picture{"cat", "good", asPNG(scene("good", 50, 50))})
	if err := os.Remove(dir.Path(fileName(t, dir, "gone"))); err != nil {
		t.Fatal(err)
	}
	changed := asPNG(scene("another", 50, 50))
	if err := os.WriteFile(dir.Path(fileName(t, dir, "changed")), changed, 0o666); err != nil {
		t.Fatal(err)
	}
	got := runOn(t, dir, Options{})
	if got.report.Kept != 1 || got.report.Rejected[Unreadable] != 2 {
		t.Errorf("report %+v, want one kept and two unreadable", got.report)
	}
	if d := got.rejected["changed"].Reasons[0].Detail; !strings.Contains(d, "not those collected") {
		t.Errorf("changed: %s", d)
	}
	if d := got.rejected["gone"].Reasons[0].Detail; strings.Contains(d, string(dir)) {
		t.Errorf("gone: %s names a folder of this machine", d)
	}
}

// hugePNG returns a PNG without pixels whose header says side by side.
func hugePNG(side uint32) []byte {
	data := asPNG(scene("huge", 4, 4))
	binary.BigEndian.PutUint32(data[16:], side)
	binary.BigEndian.PutUint32(data[20:], side)
	binary.BigEndian.PutUint32(data[29:], crc32.ChecksumIEEE(data[12:29]))
	return data
}

func TestHugeImagesAreNotDecoded(t *testing.T) {
	dir := newSet(t, picture{"cat", "huge", hugePNG(60_000)})
	got := runOn(t, dir, Options{})
	reason := got.rejected["huge"].Reasons[0]
	if reason.Name != TooManyPixels || *reason.Value != 36e8 || *reason.Threshold != 1e8 {
		t.Errorf("huge is rejected for %v, want 36e8 pixels over 1e8", reason)
	}
	small := newSet(t, picture{"cat", "small", asPNG(scene("small", 100, 100))})
	for _, want := range []int{1, 0, 1} { // the limit is not of what is cached
		limit := int64(1000)
		if want == 1 {
			limit = 20_000
		}
		if got := runOn(t, small, Options{MaxPixels: limit}); got.report.Kept != want {
			t.Errorf("limit %d keeps %d, want %d", limit, got.report.Kept, want)
		}
	}
}

func TestNothingCollected(t *testing.T) {
	_, err := Run(t.Context(), dataset.Dir(t.TempDir()), Options{})
	if err == nil || !strings.Contains(err.Error(), "dsbuild import") {
		t.Errorf("error %v, want one that says what to run", err)
	}
}

// TestSharedSetsAreSpared holds the defaults to at most one reject in a
// hundred real pictures.
func TestSharedSetsAreSpared(t *testing.T) {
	for _, set := range []string{"signs", "clothing/val"} {
		var pictures []picture
		files, err := filepath.Glob(filepath.Join("../../shared/data", set, "*", "*"))
		if err != nil || len(files) == 0 {
			t.Skip("the shared data sets are not here")
		}
		for _, file := range files {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			label := filepath.Base(filepath.Dir(file))
			pictures = append(pictures, picture{label, filepath.Base(file), data})
		}
		got := runOn(t, newSet(t, pictures...), Options{})
		if got.report.Kept < len(files)*99/100 {
			t.Errorf("%s: of %d pictures the report is %+v", set, len(files), got.report)
		}
	}
}

func ExampleRun() {
	folder, err := os.MkdirTemp("", "dsbuild")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(folder)
	dir := dataset.Dir(folder)
	err = collectInto(dir, []picture{
		{"corgi", "good.jpg", asJPEG(scene("good", 120, 90), 90)},
		{"corgi", "tiny.png", asPNG(scene("tiny", 20, 25))},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	report, err := Run(context.Background(), dir, Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(report.Kept, report.Rejected)
	for s, err := range dataset.ReadManifest(dir.Rejected()) {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(s.Original, s.Reasons)
	}
	// Output:
	// 1 map[too_small:1]
	// tiny.png [too_small 20 (limit 32)]
}

// FuzzMeasureFile checks that no file breaks the measuring, and that what is
// measured can be compared and stored.
func FuzzMeasureFile(f *testing.F) {
	f.Add(asPNG(scene("a", 9, 5)))
	f.Add(asJPEG(scene("b", 17, 3), 50))
	f.Add(hugePNG(70_000))
	f.Add([]byte("GIF89a"))
	limits := limitsOf(Options{MaxPixels: 1 << 16})
	f.Fuzz(func(t *testing.T, data []byte) {
		found, thumb := measureFile(data, limits)
		again, _ := measureFile(bytes.Clone(data), limits)
		if found != again {
			t.Fatalf("measured %+v, then %+v", found, again)
		}
		if (found.problem == "") != (thumb != nil) {
			t.Fatalf("problem %q with a thumbnail of %d bytes", found.problem, len(thumb))
		}
		q := found.quality
		if !(q.sharpness >= 0) || !(q.entropy >= 0 && q.entropy <= 8) || q.dark > q.bright {
			t.Fatalf("quality %+v", q)
		}
		if found.problem == "" && !found.look.blank && correlation(thumb, thumb) < 0.999 {
			t.Fatalf("a thumbnail is not like itself")
		}
	})
}

package dataset

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// A manifest line with every kind of field, known and unknown, in the order
// in which dsbuild writes them.
const fullLine = `{"file_name":"raw/corgi/3f2a9c0011223344.jpg","label":"corgi","split":"train",` +
	`"sha256":"3f2a","width":500,"height":375,"channels":3,"format":"jpeg","bytes":50647,` +
	`"original":"IMG_1.JPG","group":"g1","boxes":[{"x":12,"y":30.5,"w":200,"h":180,"label":"corgi"}],` +
	`"mask":"masks/3f2a9c.png","source":{"url":"https://example.org/a?b=1&c=<2>",` +
	`"page":"https://example.org/","engine":"openverse","license":"CC BY 2.0",` +
	`"fetched_at":"2026-11-24T09:00:00Z","etag":"x"},` +
	`"copies":[{"original":"IMG_2.JPG","split":"test"}],` +
	`"reasons":[{"reason":"too_small","value":20,"threshold":32}],"camera":{"iso":100},"zoom":2}`

func TestManifestRoundTrip(t *testing.T) {
	path := filepath.Join(t.TempDir(), "manifests", "collected.jsonl")
	if err := os.Mkdir(filepath.Dir(path), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(fullLine+"\n\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	samples, err := ReadAll(path)
	if err != nil {
		t.Fatal(err)
	}
	if got := samples[0].Boxes[0].Y; got != 30.5 {
		t.Errorf("box y = %v, want 30.5", got)
	}
	if err := WriteManifest(path, slices.Values(samples)); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != fullLine+"\n" {
		t.Errorf("round trip gave\n%s\nwant\n%s", got, fullLine)
	}
}

func TestReadManifestNamesTheLine(t *testing.T) {
	good := `{"file_name":"raw/a/1.png","label":"a"}`
	for _, c := range []struct{ name, line, want string }{
		{"torn", `{"file_name":"raw/a`, "ends too early"},
		{"type", `{"file_name":"raw/a/1.png","label":"a","width":"wide"}`, `field "width" is a JSON string, not a whole number`},
		{"no name", `{"label":"a"}`, "file_name is missing"},
		{"no label", `{"file_name":"raw/a/1.png"}`, "label is missing"},
		{"escape", `{"file_name":"raw/../../etc/passwd","label":"a"}`, "leads out of"},
		{"absolute", `{"file_name":"/etc/passwd","label":"a"}`, "leads out of"},
		{"backslash", `{"file_name":"raw\\a","label":"a"}`, "forward slashes"},
		{"mask", `{"file_name":"a.png","label":"a","mask":"../m.png"}`, "leads out of"},
		{"split", `{"file_name":"a.png","label":"a","split":"dev"}`, `split "dev" is not one of`},
		{"folder label", `{"file_name":"a.png","label":"../a"}`, "label"},
		{"negative", `{"file_name":"a.png","label":"a","width":-1}`, "negative"},
		{"array", `[1]`, "not an object"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var err error
			for _, e := range DecodeManifest("m.jsonl", strings.NewReader(good+"\n\n"+c.line+"\n")) {
				err = e
			}
			var line *LineError
			if !errors.As(err, &line) || line.Line != 3 {
				t.Fatalf("error %v, want one of line 3", err)
			}
			if !strings.Contains(err.Error(), "m.jsonl:3: ") || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %q, want m.jsonl:3: and %q", err, c.want)
			}
		})
	}
}

func TestReadManifestRefusesEndlessLine(t *testing.T) {
	r := strings.NewReader(`{"file_name":"` + strings.Repeat("a", maxLineBytes))
	for _, err := range DecodeManifest("m", r) {
		if err == nil || !strings.Contains(err.Error(), "m:1: line is longer") {
			t.Errorf("error %v, want a line that is too long", err)
		}
	}
}

func TestReadAllRefusesRepeatedNames(t *testing.T) {
	path := filepath.Join(t.TempDir(), "m.jsonl")
	line := `{"file_name":"raw/a/1.png","label":"a"}` + "\n"
	if err := os.WriteFile(path, []byte(line+line), 0o666); err != nil {
		t.Fatal(err)
	}
	if _, err := ReadAll(path); err == nil || !strings.Contains(err.Error(), "m.jsonl:2: ") {
		t.Errorf("error %v, want one that names line 2", err)
	}
}

func TestReadManifestOfMissingFile(t *testing.T) {
	if _, err := ReadAll(filepath.Join(t.TempDir(), "none")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("error %v, want fs.ErrNotExist", err)
	}
}

func TestWriteManifestKeepsTheOldOneOnError(t *testing.T) {
	path := filepath.Join(t.TempDir(), "m.jsonl")
	a := Sample{FileName: "a.png", Label: "a"}
	b := Sample{FileName: "b.png", Label: "a"}
	if err := WriteManifest(path, slices.Values([]Sample{a, b})); err != nil {
		t.Fatal(err)
	}
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for name, samples := range map[string][]Sample{
		"unsorted": {b, a},
		"repeated": {a, a},
		"invalid":  {{FileName: "x.png"}},
	} {
		if err := WriteManifest(path, slices.Values(samples)); err == nil {
			t.Errorf("%s samples were written", name)
		}
	}
	after, err := os.ReadFile(path)
	if err != nil || !bytes.Equal(before, after) {
		t.Errorf("manifest is %q (%v), want it as it was", after, err)
	}
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(entries) != 1 {
		t.Errorf("folder holds %v (%v), want only the manifest", entries, err)
	}
}

func TestClassesSuggestTheNearest(t *testing.T) {
	classes := ClassesOf([]Sample{{Label: "husky"}, {Label: "corgi"}, {Label: "husky"}})
	if want := (Classes{"corgi", "husky"}); !reflect.DeepEqual(classes, want) {
		t.Fatalf("classes %v, want %v", classes, want)
	}
	if i, err := classes.Index("husky"); i != 1 || err != nil {
		t.Errorf("husky has index %d, %v; want 1", i, err)
	}
	_, err := classes.Index("corgy")
	if want := `label "corgy" is not in dataset.json (did you mean "corgi"?)`; err == nil || err.Error() != want {
		t.Errorf("error %v, want %s", err, want)
	}
}

func TestInfoRoundTrip(t *testing.T) {
	dir := Dir(t.TempDir())
	if _, err := ReadInfo(dir); !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), "dsbuild split") {
		t.Errorf("error %v, want one that says what to run", err)
	}
	want := Info{
		Classes:     Classes{"a", "b"},
		Counts:      map[string]map[Split]int{"a": {Train: 8, Val: 1, Test: 1}, "b": {Train: 8}},
		Seed:        7,
		Fingerprint: Fingerprint([]Sample{{FileName: "a.png", Label: "a", Split: Train}}),
	}
	if err := WriteInfo(dir, want); err != nil {
		t.Fatal(err)
	}
	got, err := ReadInfo(dir)
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("read %+v (%v), want %+v", got, err, want)
	}
}

func ExampleReadManifest() {
	folder, err := os.MkdirTemp("", "dsbuild")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(folder)
	dir := Dir(folder)
	samples := []Sample{
		{FileName: "raw/husky/aa.jpg", Label: "husky"},
		{FileName: "raw/corgi/bb.jpg", Label: "corgi"},
	}
	Sort(samples)
	if err := WriteManifest(dir.Collected(), slices.Values(samples)); err != nil {
		fmt.Println(err)
		return
	}
	for s, err := range ReadManifest(dir.Collected()) {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(s.Label, s.FileName)
	}
	// Output:
	// corgi raw/corgi/bb.jpg
	// husky raw/husky/aa.jpg
}

// FuzzManifest checks that what can be read can be written and read again as
// the same.
func FuzzManifest(f *testing.F) {
	f.Add([]byte(fullLine))
	f.Add([]byte(`{"file_name":"a","label":"b","LABEL":"c","x":1}`))
	f.Add([]byte(`{"file_name":"a","label":"b","source":null,"copies":[null]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var samples []Sample
		for s, err := range DecodeManifest("fuzz", bytes.NewReader(data)) {
			if err != nil {
				return
			}
			samples = append(samples, s)
		}
		for _, s := range samples {
			line, err := marshal(s)
			if err != nil {
				t.Fatalf("%+v cannot be written: %v", s, err)
			}
			again, err := parseSample(line)
			if err != nil {
				t.Fatalf("%s cannot be read again: %v", line, err)
			}
			twice, err := marshal(again)
			if err != nil || !bytes.Equal(line, twice) {
				t.Fatalf("%s became %s (%v)", line, twice, err)
			}
		}
	})
}

package recipe

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"
)

type shares struct {
	Train float64 `yaml:"train"`
	Val   float64 `yaml:"val"`
}

type section struct {
	shares `yaml:",inline"`
	Keep   bool            `yaml:"keep"`
	Folds  int             `yaml:"folds"`
	Hook   func()          `yaml:"-"`
	Extra  map[string]uint `yaml:"extra"`
}

type document struct {
	Seed    uint64         `yaml:"seed"`
	Split   section        `yaml:"split"`
	Classes []string       `yaml:"classes"`
	Range   [2]float64     `yaml:"range"`
	Fill    uint8          `yaml:"fill"`
	Wait    time.Duration  `yaml:"wait"`
	Mode    mode           `yaml:"mode"`
	Steps   steps          `yaml:"steps"`
	Other   *section       `yaml:"other"`
	Any     any            `yaml:"any"`
	Node    yaml.Node      `yaml:"node"`
	Sources []shares       `yaml:"sources"`
	Plain   map[string]any // named by its lower-case name
}

// A mode reads a text.
type mode string

func (m *mode) UnmarshalText(text []byte) error {
	if string(text) != "keep" && string(text) != "reject" {
		return fmt.Errorf("%q is not one of keep, reject", text)
	}
	*m = mode(text)
	return nil
}

// steps read themselves, as a pipeline of transforms does.
type steps []string

func (s *steps) UnmarshalYAML(node *yaml.Node) error {
	var items []yaml.Node
	if err := DecodeNode(node, &items); err != nil {
		return err
	}
	for _, item := range items {
		if item.Kind != yaml.MappingNode {
			*s = append(*s, item.Value)
			continue
		}
		var parameters shares
		if name := item.Content[0]; name.Value != "crop" {
			return Errorf(name, "step %q is not known", name.Value)
		}
		if err := DecodeNode(item.Content[1], &parameters); err != nil {
			return Under("crop", &item, err)
		}
		if parameters.Val < 0 {
			return Under("crop", &item, errors.New("val is negative"))
		}
		*s = append(*s, fmt.Sprint("crop ", parameters.Train))
	}
	return nil
}

func TestDecodeFillsAllKinds(t *testing.T) {
	const text = `
seed: 18446744073709551615
split:
  train: 1
  keep: yes
  folds: 1e1
  extra: {a: 1, 2: 0x10}
classes: [pug, 007, true, "no"]
range: [.5, 1_0]
fill: 255
wait: 1m30s
mode: keep
steps: [flip, crop: {train: 3}]
other: &other {train: 0.25}
any: {deep: [1, x]}
node: [5]
sources:
  - {<<: *other, val: 2}
  - <<: [{val: 7}, *other]
    train: 9
plain:
`
	got := document{Split: section{Folds: 3, shares: shares{Val: 0.5}}}
	if err := Decode("r", []byte(text), &got); err != nil {
		t.Fatal(err)
	}
	if got.Node.Kind != yaml.SequenceNode || got.Node.Content[0].Value != "5" {
		t.Errorf("the node is %+v", got.Node)
	}
	got.Node = yaml.Node{}
	want := document{
		Seed: 1<<64 - 1,
		Split: section{shares: shares{Train: 1, Val: 0.5}, Keep: true, Folds: 10,
			Extra: map[string]uint{"a": 1, "2": 16}},
		Classes: []string{"pug", "007", "true", "no"},
		Range:   [2]float64{0.5, 10},
		Fill:    255,
		Wait:    90 * time.Second,
		Mode:    "keep",
		Steps:   steps{"flip", "crop 3"},
		Other:   &section{shares: shares{Train: 0.25}},
		Any:     map[string]any{"deep": []any{1, "x"}},
		Sources: []shares{{0.25, 2}, {9, 7}},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got\n%+v\nwant\n%+v", got, want)
	}
}

func TestNothingSaidChangesNothing(t *testing.T) {
	for _, text := range []string{"", "\n# a comment\n", "---\n", "split:\n  # train: 1\n", "~"} {
		got := document{Seed: 3, Split: section{Keep: true}}
		if err := Decode("r", []byte(text), &got); err != nil {
			t.Errorf("%q: %v", text, err)
		}
		if got.Seed != 3 || !got.Split.Keep {
			t.Errorf("%q changed the values to %+v", text, got)
		}
	}
}

func TestFaultsNameLineAndKey(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"split:\n  tran: 1", `r.yaml:2: split.tran is not a known key (did you mean "train"?)`},
		{"other:\n  zebra: 1", `r.yaml:2: other.zebra is not a known key ` +
			`(known: train, val, keep, folds, extra)`},
		{"Hook: 1", `r.yaml:1: Hook is not a known key`},
		{"seed: 1\nseed: 2", `r.yaml:2: seed stands twice, first in line 1`},
		{"split:\n\n  train: lots", `r.yaml:3: split.train is "lots", not a number`},
		{"split: 5", `r.yaml:1: split is 5, not keys with values`},
		{"split: {folds: 1.5}", `r.yaml:1: split.folds is 1.5, not a whole number`},
		{"split: {folds: 1e30}", `split.folds is 1e30, not a whole number`},
		{"split: {keep: maybe}", `split.keep is "maybe", not true or false`},
		{"split: {keep: {a: b}}", `split.keep is keys with values, not true or false`},
		{"split: {train: }", `split.train has no value`},
		{"seed: -1", `seed is -1, not a whole number of 0 or more`},
		{"fill: 256", `fill is 256, not a whole number from 0 to 255`},
		{"classes: pug", `classes is "pug", not a list`},
		{"classes:\n- a\n- [b]", `r.yaml:3: classes[1] is a list, not a text`},
		{"range: [1]", `range is a list of 1, not of 2`},
		{"range: [1, x]", `range[1] is "x", not a number`},
		{"wait: 30", `wait is 30, not a time with its unit, such as 30s or 1m30s`},
		{"mode: maybe", `r.yaml:1: mode: "maybe" is not one of keep, reject`},
		{"mode: [a]", `mode is a list, not a text`},
		{"steps:\n- crop: {train: x}", `r.yaml:2: steps.crop.train is "x", not a number`},
		{"steps:\n- crop: {val: -1}", `r.yaml:2: steps.crop: val is negative`},
		{"steps:\n- flip\n- shear: {}", `r.yaml:3: steps: step "shear" is not known`},
		{"sources: [{train: 1}, {vall: 1}]", `sources[1].vall is not a known key (did you mean "val"?)`},
		{"split: {extra: {a: b}}", `split.extra.a is "b", not a whole number`},
		{"[1, 2]", `r.yaml:1: is a list, not keys with values`},
		{"? [a]\n: b", `a list cannot be a key`},
		{"split:\n\ttrain: 1", `r.yaml:2: found character that cannot start any token (indent with`},
		{"a: b: c", `r.yaml: mapping values are not allowed`},
		{"seed: *x", `unknown anchor 'x'`},
		{"seed: 1\n---\nseed: 2", `r.yaml:2: a second document starts here`},
		{"seed: \x01", `control characters`},
	} {
		var got document
		err := Decode("r.yaml", []byte(c.text), &got)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: error\n%v\nwant\n%s", c.text, err, c.want)
		}
	}
}

func TestAllFaultsAreToldUpToANumber(t *testing.T) {
	var got document
	err := Decode("r", []byte("sed: 1\nsplit: {train: x, vall: 1}\nseed: 4"), &got)
	const want = `r:1: sed is not a known key (did you mean "seed"?)
r:2: split.train is "x", not a number
r:2: split.vall is not a known key (did you mean "val"?)`
	if err == nil || err.Error() != want {
		t.Errorf("error\n%v\nwant\n%s", err, want)
	}
	fault, ok := errors.AsType[*Error](err)
	if !ok || fault.File != "r" || fault.Line != 1 || fault.Key != "sed" {
		t.Errorf("the first fault is %+v", fault)
	}
	err = Decode("r", []byte(strings.Repeat("- {bad: 1}\n", 100)), &[]shares{})
	if n := strings.Count(err.Error(), "\n") + 1; n != maxFaults {
		t.Errorf("%d faults are told, want %d", n, maxFaults)
	}
}

func TestBombsAreRefused(t *testing.T) {
	lol := "any:\n- &a0 [x, x]\n"
	for i := range 40 {
		lol += fmt.Sprintf("- &a%d [*a%d, *a%d]\n", i+1, i, i)
	}
	for name, c := range map[string]struct{ text, want string }{
		"aliases": {lol, "more than 100000 values"},
		"itself":  {"any: &a [*a]", "contains itself"},
		"depth":   {"any: " + strings.Repeat("[", 500) + strings.Repeat("]", 500), "nested more than"},
		"deeper":  {"any: " + strings.Repeat("[", 200_000), "r: exceeded max depth"},
		"bytes":   {"# " + strings.Repeat("x", maxBytes), "larger than 1 MiB"},
		"merges":  {"any: &a {<<: *a}", "contains itself"},
	} {
		t.Run(name, func(t *testing.T) {
			var got document
			err := Decode("r", []byte(c.text), &got)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %.200v, want %q", err, c.want)
			}
		})
	}
}

func TestRead(t *testing.T) {
	path := filepath.Join(t.TempDir(), "dsbuild.yaml")
	var got document
	if err := Read(path, &got); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("error %v, want fs.ErrNotExist", err)
	}
	if err := os.WriteFile(path, []byte("seed: 5\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := Read(path, &got); err != nil || got.Seed != 5 {
		t.Errorf("seed is %d (%v), want 5", got.Seed, err)
	}
	if err := Read(path, got); err == nil || !strings.Contains(err.Error(), "not a pointer") {
		t.Errorf("error %v, want one about the pointer", err)
	}
}

// FuzzDecode checks that any bytes give values or errors that name the file.
func FuzzDecode(f *testing.F) {
	for _, seed := range []string{
		"seed: 1\nsplit: {train: .8, val: x}\n", "classes: [a, b]\nrange: [1, 2]\nwait: 3s",
		"steps:\n- flip\n- crop: {train: 1}\n", "any: &a {b: *a}\nother: {<<: [*a, {train: 1}]}",
		"? {a: b}\n: c\n", "!!binary x: !!float y\n", "seed: 0o17\nfill: 1e2\nmode: !!int 3", "\xff\xfe",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var got document
		err := Decode("fuzz.yaml", data, &got)
		each(err, func(e error) {
			if !strings.HasPrefix(e.Error(), "fuzz.yaml") {
				t.Errorf("error %q does not name the file", e)
			}
		})
	})
}

func ExampleDecode() {
	var r struct {
		Seed  uint64 `yaml:"seed"`
		Split struct {
			Train float64 `yaml:"train"`
			Val   float64 `yaml:"val"`
		} `yaml:"split"`
	}
	err := Decode("dsbuild.yaml", []byte("seed: 7\nsplit:\n  tran: 0.9\n  val: lots\n"), &r)
	fmt.Println(r.Seed)
	fmt.Println(err)
	// Output:
	// 7
	// dsbuild.yaml:3: split.tran is not a known key (did you mean "train"?)
	// dsbuild.yaml:4: split.val is "lots", not a number
}

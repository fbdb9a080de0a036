package main

import (
	"bytes"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/dsbuild/dsbuild/curate"
	"github.com/dsbuild/dsbuild/dataset"
	"github.com/dsbuild/dsbuild/internal/demosite"
)

func TestDemoShowsWhatBecameOfEverything(t *testing.T) {
	dir := dataset.Dir(t.TempDir())
	var out, errs bytes.Buffer
	s := setting{streams: newStreams(&out, &errs, false, true), dir: dir}
	if err := runDemo(t.Context(), s, smallSite); err != nil {
		t.Fatalf("%v\n%s", err, &out)
	}
	for _, want := range []string{
		"\nserved        offers  kept  became\n",
		"\ngood              30    30\n",
		"\nexact_copy         4     0  duplicate 4\n",
		"\nforbidden          4     0  robots 4\n",
		"   dsbuild init --dir pets --class cat --class dog\n",
		dir.Path("sheets/classes/cup.png"),
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the demo does not say %q", want)
		}
	}
	for _, path := range []string{"sheets/rejected.png", "sheets/augmented.png",
		"sheets/classes/fish.png", "runs/baseline/confusion.png"} {
		if _, err := os.Stat(dir.Path(path)); err != nil {
			t.Error(err)
		}
	}
	if t.Failed() {
		t.Log(&out)
	}
}

func TestFatesFindOutWhatWentWrong(t *testing.T) {
	site, err := demosite.New(smallSite)
	if err != nil {
		t.Fatal(err)
	}
	found := fates{}
	for _, kind := range demosite.Kinds() {
		for _, path := range site.Paths(kind) {
			found[path] = deserved[kind]
		}
	}
	if err := checkFates(site, found); err != nil {
		t.Fatalf("all have what they deserve, and yet: %v", err)
	}
	for _, c := range []struct {
		kind demosite.Kind
		fate string
		want string
	}{
		{demosite.Blurred, fateKept,
			"of 4 offers of kind blurred not all are blurred: blurred 3, kept 1"},
		{demosite.Good, curate.Blurred,
			"of 30 offers of kind good not all are kept: kept 29, blurred 1"},
		{demosite.Tiny, fateNone,
			"of 4 offers of kind tiny not all are too_small: too_small 3, never found 1"},
	} {
		path := site.Paths(c.kind)[0]
		before := found[path]
		found[path] = c.fate
		if c.fate == fateNone {
			delete(found, path)
		}
		if err := checkFates(site, found); err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("error %v, want %s", err, c.want)
		}
		found[path] = before
	}
}

func TestCopiesShareOneFate(t *testing.T) {
	found := fates{}
	p := picture{fate: fateKept, paths: []string{"/img/copy.jpg", "/img/good.jpg"}}
	p.share(found, map[string]bool{"/img/good.jpg": true})
	if found["/img/good.jpg"] != fateKept || found["/img/copy.jpg"] != curate.Duplicate {
		t.Errorf("fates %v, want the good one kept and its copy a duplicate", found)
	}
}

func TestRejectSheetShowsEveryReason(t *testing.T) {
	groups := map[string][]dataset.Sample{
		"a": make([]dataset.Sample, 100), "b": make([]dataset.Sample, 2), "c": make([]dataset.Sample, 9),
	}
	for name, samples := range groups {
		for i := range samples {
			samples[i].Label = name
		}
	}
	for _, c := range []struct {
		most int
		want []int // of a, b, c
	}{{3, []int{1, 1, 1}}, {12, []int{5, 2, 5}}, {50, []int{39, 2, 9}}, {500, []int{100, 2, 9}}} {
		got := make([]int, 3)
		for _, s := range inTurn(groups, c.most) {
			got[s.Label[0]-'a']++
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("of %d places the groups have %v, want %v", c.most, got, c.want)
		}
	}
}

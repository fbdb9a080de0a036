package curate

import (
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/dsbuild/dsbuild/dataset"
)

func TestRestoredImagesAreKept(t *testing.T) {
	dir := newSet(t, faults()...)
	var names []string
	for _, original := range []string{"tiny", "smaller", "alike-cat"} {
		names = append(names, fileName(t, dir, original))
	}
	if err := Restore(dir, names, "ann"); err != nil {
		t.Fatal(err)
	}
	got := runOn(t, dir, Options{})
	for _, name := range []string{"tiny", "smaller", "alike-cat", "large"} {
		if s, ok := got.kept[name]; !ok || len(s.Reasons) != 0 {
			t.Errorf("%s is %+v, want it kept without reasons", name, s)
		}
	}
	if got.report.Restored != 3 || !slices.Equal(got.reasons("alike-dog"), []string{Conflict}) {
		t.Errorf("report %+v, alike-dog %v; want 3 restored and the other still in conflict",
			got.report, got.reasons("alike-dog"))
	}
}

func TestRefusingOneSettlesAConflict(t *testing.T) {
	dir := newSet(t, faults()...)
	var refused []string
	for _, name := range []string{"both-dog", "alike-cat", "large"} {
		refused = append(refused, fileName(t, dir, name))
	}
	if err := Decide(dir, dataset.Refuse, refused, "ann"); err != nil {
		t.Fatal(err)
	}
	got := runOn(t, dir, Options{})
	for _, name := range []string{"both-cat", "alike-dog", "pressed"} { // pressed is now the largest
		if _, ok := got.kept[name]; !ok {
			t.Errorf("%s is rejected: %v", name, got.reasons(name))
		}
	}
	for _, name := range []string{"both-dog", "alike-cat", "large"} {
		if r := got.reasons(name); len(r) == 0 || r[0] != Decided {
			t.Errorf("%s is rejected for %v, want the decision first", name, r)
		}
	}
	if r := got.rejected["smaller"].Reasons[0]; r.Of != fileName(t, dir, "pressed") {
		t.Errorf("smaller is near to %s, want pressed", r.Of)
	}
	if err := Decide(dir, dataset.Clear, refused, "bob"); err != nil {
		t.Fatal(err)
	}
	if _, ok := runOn(t, dir, Options{}).kept["large"]; !ok {
		t.Error("large is rejected still, though the decision was cleared")
	}
}

func TestRestoreRefusesUnknownFiles(t *testing.T) {
	dir := newSet(t, faults()...)
	tiny := fileName(t, dir, "tiny")
	for name, want := range map[string]string{
		tiny[:len(tiny)-1]:                "did you mean \"" + tiny + "\"",
		"raw/none/1.png":                  "is not in",
		fileName(t, dir, "copied") + "#2": "is a copy",
	} {
		err := Restore(dir, []string{tiny, name}, "ann")
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want %q", name, err, want)
		}
	}
	if _, err := os.Stat(dir.Decisions()); err == nil {
		t.Error("decisions were noted all the same")
	}
}

func TestGroupedNearDuplicatesStay(t *testing.T) {
	dir := newSet(t, faults()...)
	got := runOn(t, dir, Options{NearDuplicates: GroupNear})
	groups := map[string]int{}
	for _, name := range []string{"large", "smaller", "pressed"} {
		groups[got.kept[name].Group]++
	}
	if len(groups) != 1 || groups[""] != 0 || got.report.Grouped != 3 {
		t.Errorf("groups %v, report %+v; want the three in one", groups, got.report)
	}
	if g := got.kept["good-1"].Group; g != "" {
		t.Errorf("good-1 is in group %q, want none", g)
	}
	if got.report.Rejected[NearDuplicate] != 0 || got.report.Rejected[Conflict] != 4 {
		t.Errorf("rejected %v, want no near duplicate and 4 conflicts", got.report.Rejected)
	}
}

func TestGroupsTakeInThoseThatWereThere(t *testing.T) {
	sample := func(group string) *item { return &item{sample: &dataset.Sample{Group: group}} }
	a, b, c, d, e := sample("zebra"), sample(""), sample("ant"), sample("zebra"), sample("")
	e.digest = digest{9}
	items := []*item{a, b, c, d, e}
	join(b, c)
	join(d, b)
	nameGroups(items)
	var got []string
	for _, it := range items {
		got = append(got, it.sample.Group)
	}
	if want := []string{"ant", "ant", "ant", "ant", ""}; !slices.Equal(got, want) {
		t.Errorf("groups %v, want %v", got, want)
	}
}

func TestSkippedChecksAreNotMade(t *testing.T) {
	dir := newSet(t, faults()...)
	all := runOn(t, dir, Options{})
	for _, check := range optional {
		got := runOn(t, dir, Options{Skip: []string{check}})
		for name := range got.rejected {
			if slices.Contains(got.reasons(name), check) {
				t.Errorf("%s is rejected for %s, which is skipped", name, check)
			}
		}
		others := maps.Clone(got.report.Rejected)
		if others[check] != 0 || got.report.Kept < all.report.Kept {
			t.Errorf("without %s: %+v, with it %+v", check, got.report, all.report)
		}
	}
}

func TestOptionsAreChecked(t *testing.T) {
	for _, c := range []struct {
		opts Options
		want string
	}{
		{Options{MinSide: -1}, "min_side"},
		{Options{MaxAspect: 0.5}, "max_aspect"},
		{Options{NearDistance: 65}, "near_distance"},
		{Options{NearCorrelation: 1.5}, "near_correlation"},
		{Options{NearDuplicates: "drop"}, "near_duplicates"},
		{Options{Skip: []string{"blured"}}, `did you mean "blurred"`},
		{Options{Skip: []string{Truncated}}, "skip"},
	} {
		_, err := Run(t.Context(), dataset.Dir(t.TempDir()), c.opts)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: error %v, want one of %s", c.opts, err, c.want)
		}
	}
}

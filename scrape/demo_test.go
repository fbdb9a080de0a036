package scrape

import (
	"context"
	"errors"
	"maps"
	"net/url"
	"os"
	"reflect"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/dsbuild/dsbuild/dataset"
	"github.com/dsbuild/dsbuild/internal/demosite"
	"github.com/dsbuild/dsbuild/internal/fetch"
	"github.com/dsbuild/dsbuild/internal/store"
)

// skipTime is a clock on which waiting takes no time.
type skipTime struct {
	mu  sync.Mutex
	now time.Time
}

func (c *skipTime) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *skipTime) Sleep(ctx context.Context, d time.Duration) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(max(d, 0))
	return ctx.Err()
}

func startSite(t *testing.T) *demosite.Site {
	t.Helper()
	site, err := demosite.Start(t.Context(), demosite.Options{
		Seed: 3, PerClass: 15, Classes: []string{"cup", "fish"},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := site.Close(); err != nil {
			t.Error(err)
		}
	})
	return site
}

// demoOptions are those that collect all of a demo site.
func demoOptions(site *demosite.Site) Options {
	o := Options{
		AllowPrivate: true, Interval: -1, Openverse: site.URL(), clock: &skipTime{},
	}
	for _, class := range site.Classes() {
		o.Sources = append(o.Sources,
			SourceSpec{Class: class, Page: site.URL() + site.Gallery(class)},
			SourceSpec{Class: class, Query: class})
	}
	return o
}

// manifests returns the bytes of what a run writes for others.
func manifests(t *testing.T, dir dataset.Dir) [2]string {
	t.Helper()
	var texts [2]string
	for i, path := range []string{dir.Collected(), dir.Refused()} {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		texts[i] = string(data)
	}
	return texts
}

// offersIn returns the paths of all offers of a manifest, each with its line.
func offersIn(t *testing.T, path string) map[string]dataset.Sample {
	t.Helper()
	samples, err := dataset.ReadAll(path)
	if err != nil {
		t.Fatal(err)
	}
	lines := map[string]dataset.Sample{}
	for _, s := range samples {
		for _, source := range sourcesOf(&s) {
			u, err := url.Parse(source.URL)
			if err != nil {
				t.Fatal(err)
			}
			lines[u.Path] = s
		}
	}
	return lines
}

func TestDemoSite(t *testing.T) {
	site := startSite(t)
	dir := dataset.Dir(t.TempDir())
	report, err := Run(t.Context(), dir, demoOptions(site))
	if err != nil {
		t.Fatal(err)
	}
	collected, refused := offersIn(t, dir.Collected()), offersIn(t, dir.Refused())
	reasons := map[demosite.Kind]string{
		demosite.HTML:      store.NotAnImage,
		demosite.NotFound:  string(fetch.Status),
		demosite.Forbidden: string(fetch.Robots),
	}
	want := map[string]int{}
	served := 0
	for _, kind := range demosite.Kinds() {
		for _, path := range site.Paths(kind) {
			name, isFault := reasons[kind]
			s, ok := collected[path]
			if isFault {
				s, ok = refused[path]
				want[name]++
				ok = ok && s.Reasons[0].Name == name && !s.Reasons[0].Temporary
			}
			if !ok {
				t.Errorf("%s (%s) became %+v", path, kind, s)
			}
		}
	}
	for kind, n := range site.Served() {
		if !slices.Contains([]demosite.Kind{
			demosite.RateLimited, demosite.ServerError, demosite.Slow}, kind) {
			served += n
		}
	}
	if report.Found != served || !maps.Equal(report.Refused, want) {
		t.Errorf("report is %+v, want %d found, refused %v", report, served, want)
	}
	if report.Collected()+want[store.NotAnImage]+want["http_status"]+want["robots"] != served {
		t.Errorf("report %+v does not add up to %d", report, served)
	}
	if n := site.Requested("/private/"); n != 0 {
		t.Errorf("%d requests for what robots.txt forbids", n)
	}
	if n := site.Requested("/small/"); n != 0 {
		t.Errorf("%d requests for the smaller pictures of a srcset", n)
	}
	for _, r := range site.Requests() {
		if r.UserAgent != fetch.UserAgent() {
			t.Fatalf("%s was asked by %q", r.Path, r.UserAgent)
		}
	}
}

func TestOriginIsRecorded(t *testing.T) {
	site := startSite(t)
	dir := dataset.Dir(t.TempDir())
	o := demoOptions(site)
	if _, err := Run(t.Context(), dir, o); err != nil {
		t.Fatal(err)
	}
	engines := map[string]int{}
	both := 0
	for _, s := range offersIn(t, dir.Collected()) {
		engines[s.Source.Engine]++
		if s.Source.Engine == "openverse" && (s.Source.License == "" || s.Source.LicenseURL == "" ||
			s.Source.Creator == "" || s.Source.Title == "" || s.Source.Page == "") {
			t.Errorf("%+v lacks what the search tells", s.Source)
		}
		if s.Source.Engine == "gallery" && s.Source.License != "" {
			both++
		}
	}
	if engines["gallery"] == 0 || engines["openverse"] == 0 {
		t.Errorf("engines are %v", engines)
	}
	if both == 0 {
		t.Error("no picture of a gallery has the licence that the search knows")
	}
}

func TestRerunAsksForNoPictureAgain(t *testing.T) {
	site := startSite(t)
	dir := dataset.Dir(t.TempDir())
	o := demoOptions(site)
	if _, err := Run(t.Context(), dir, o); err != nil {
		t.Fatal(err)
	}
	before, asked := manifests(t, dir), site.Requested("/img/")
	for _, name := range []string{"nothing", "the log"} {
		report, err := Run(t.Context(), dir, o)
		if err != nil || report.Stored+report.Copies != 0 || report.Known == 0 {
			t.Errorf("after losing %s: report %+v (%v), want all known", name, report, err)
		}
		if manifests(t, dir) != before {
			t.Errorf("after losing %s: the manifests changed", name)
		}
		if n := site.Requested("/img/"); n != asked {
			t.Errorf("after losing %s: %d pictures were asked for again", name, n-asked)
		}
		// Without the log what was refused is asked for again, and refused.
		if err := os.Remove(dir.Log("scrape")); err != nil {
			t.Fatal(err)
		}
		asked += len(site.Paths(demosite.HTML)) + len(site.Paths(demosite.NotFound))
	}
}

func TestLostFileIsFetchedAgain(t *testing.T) {
	site := startSite(t)
	dir := dataset.Dir(t.TempDir())
	o := demoOptions(site)
	if _, err := Run(t.Context(), dir, o); err != nil {
		t.Fatal(err)
	}
	before, asked := manifests(t, dir), site.Requested("/img/")
	path := site.Paths(demosite.Tiny)[0]
	lost := offersIn(t, dir.Collected())[path].FileName
	if err := os.Truncate(dir.Path(lost), 3); err != nil {
		t.Fatal(err)
	}
	if _, err := Run(t.Context(), dir, o); err != nil {
		t.Fatal(err)
	}
	if n := site.Requested("/img/"); n != asked+1 || manifests(t, dir) != before {
		t.Errorf("%d pictures were asked for, want the lost one", n-asked)
	}
	if info, err := os.Stat(dir.Path(lost)); err != nil || info.Size() == 3 {
		t.Errorf("%s was not repaired (%v)", lost, err)
	}
}

func TestManifestsDoNotDependOnWorkers(t *testing.T) {
	site := startSite(t)
	var first [2]string
	for i, workers := range []int{1, 8, 3} {
		dir := dataset.Dir(t.TempDir())
		o := demoOptions(site)
		o.Workers, o.PerHost = workers, workers
		for j := range o.Sources {
			o.Sources[j].Want = 11 // which both cut short, in the middle of a page
		}
		if _, err := Run(t.Context(), dir, o); err != nil {
			t.Fatal(err)
		}
		got := manifests(t, dir)
		if i == 0 {
			first = got
		} else if got != first {
			t.Errorf("%d workers write other manifests than one", workers)
		}
	}
}

func TestCutAndRerunEndsTheSame(t *testing.T) {
	site := startSite(t)
	whole := dataset.Dir(t.TempDir())
	o := demoOptions(site)
	if _, err := Run(t.Context(), whole, o); err != nil {
		t.Fatal(err)
	}
	want := manifests(t, whole)
	for _, k := range []int{1, 2, 7, 20, 41, 60} {
		dir := dataset.Dir(t.TempDir())
		for _, at := range []int{k, k / 2} { // twice in a row
			ctx, cancel := context.WithCancel(t.Context())
			cut := o
			cut.Progress = func(done, _ int) {
				if done == at {
					cancel()
				}
			}
			_, err := Run(ctx, dir, cut)
			cancel()
			if err != nil && !errors.Is(err, context.Canceled) {
				t.Fatal(err)
			}
			checkRecorded(t, dir)
		}
		if _, err := Run(t.Context(), dir, o); err != nil {
			t.Fatal(err)
		}
		if manifests(t, dir) != want {
			t.Errorf("cut at picture %d: the manifests differ from an undisturbed run's", k)
		}
	}
}

// checkRecorded compares the manifests with the log: after an interruption, all
// that was taken is recorded.
func checkRecorded(t *testing.T, dir dataset.Dir) {
	t.Helper()
	collected, refused := offersIn(t, dir.Collected()), offersIn(t, dir.Refused())
	for n, err := range dataset.ReadLedger[note](dir.Log("scrape")) {
		if err != nil {
			t.Fatal(err)
		}
		if n.URL == "" { // the report at the end of a run
			continue
		}
		u, err := url.Parse(n.URL)
		if err != nil {
			t.Fatal(err)
		}
		_, kept := collected[u.Path]
		_, no := refused[u.Path]
		if kept != (n.Sample != nil) || no != (n.Reason != nil) {
			t.Errorf("%s: noted as %+v, collected %v, refused %v", n.URL, n.result, kept, no)
		}
	}
}

func TestWantTakesTheFirst(t *testing.T) {
	site := startSite(t)
	all, some := dataset.Dir(t.TempDir()), dataset.Dir(t.TempDir())
	o := demoOptions(site)
	o.Sources = o.Sources[:1]
	if _, err := Run(t.Context(), all, o); err != nil {
		t.Fatal(err)
	}
	o.Sources = slices.Clone(o.Sources)
	o.Sources[0].Want = 9
	asked := site.Requested("/img/")
	report, err := Run(t.Context(), some, o)
	if err != nil || report.Collected() != 9 || report.Sources[0].Taken != 9 {
		t.Errorf("report %+v (%v), want 9 taken", report, err)
	}
	n := site.Requested("/img/") - asked
	asked9 := 9 + report.Refused["http_status"] + report.Refused[store.NotAnImage]
	if n != asked9 {
		t.Errorf("%d pictures were asked for, want %d", n, asked9)
	}
	full := offersIn(t, all.Collected())
	for path, s := range offersIn(t, some.Collected()) {
		same := full[path]
		if !reflect.DeepEqual(fileOf(&s), fileOf(&same)) {
			t.Errorf("%s is another file than without a limit", path)
		}
	}
}

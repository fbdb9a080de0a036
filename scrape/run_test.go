package scrape

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/dsbuild/dsbuild/dataset"
	"github.com/dsbuild/dsbuild/internal/store"
)

// hugePNG is a header that promises 100000 x 100000 pixels.
func hugePNG(t *testing.T) string {
	data := []byte(picture(t, 1))
	binary.BigEndian.PutUint32(data[16:], 100_000)
	binary.BigEndian.PutUint32(data[20:], 100_000)
	return string(data)
}

func TestHostileAnswersAreRefused(t *testing.T) {
	w := newWeb(t, map[string]string{
		"/robots.txt": "User-agent: *\nDisallow: /no",
		"/good":       picture(t, 10),
		"/meta":       "redirect http://169.254.169.254/latest/meta-data/",
		"/loopback":   "redirect http://[::1]:1/x.jpg",
		"/file":       "redirect file:///etc/passwd",
		"/loop":       "redirect /loop",
		"/robots":     "redirect /no/1.jpg",
		"/huge":       hugePNG(t),
		"/html":       "<p>log in",
		"/empty":      "",
		"/long":       strings.Repeat("x", 1<<16),
	})
	w.answers["/to"] = "redirect /good"
	reasons := map[string]string{
		"/meta": "private_address", "/loopback": "private_address", "/file": "bad_url",
		"/loop": "too_many_redirects", "/robots": "robots", "/no/1.jpg": "robots",
		"/huge": store.TooManyPixels, "/html": store.NotAnImage, "/empty": store.NotAnImage,
		"/long": store.TooLarge, "/gone": "http_status",
	}
	var addresses []string
	for a := range reasons {
		addresses = append(addresses, a)
	}
	o := w.options(t, w.listOf(t, append(addresses, "/to")...))
	o.MaxBytes = 1 << 15
	dir := dataset.Dir(t.TempDir())
	report, err := Run(t.Context(), dir, o)
	if err != nil || report.Stored != 1 || report.Retry != 0 {
		t.Errorf("report %+v (%v), want one stored", report, err)
	}
	refused := w.lines(t, dir.Refused())
	for address, name := range reasons {
		s := refused[address]
		if len(s.Reasons) != 1 || s.Reasons[0].Name != name || s.Reasons[0].Temporary {
			t.Errorf("%s is refused for %+v, want %s", address, s.Reasons, name)
		}
	}
	if r := refused["/gone"].Reasons[0]; *r.Value != 404 {
		t.Errorf("the dead link is told as %s", r)
	}
	if kept := w.lines(t, dir.Collected())["/to"]; kept.Width != 10 {
		t.Errorf("the good picture is %+v", kept)
	}
	if n := w.requests("/no/1.jpg"); n != 0 {
		t.Errorf("%d requests for what robots.txt forbids", n)
	}
}

// What failed in a way that can pass is asked for again at the next run, and
// what a run with other limits would take, too.
func TestRerunRetriesWhatCanPass(t *testing.T) {
	down := true
	good := picture(t, 10)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path == "/robots.txt":
			http.NotFound(w, r)
		case down && r.URL.Path == "/busy":
			w.WriteHeader(http.StatusServiceUnavailable)
		case down && r.URL.Path == "/stall":
			if _, err := io.WriteString(w, good[:9]); err == nil {
				_ = http.NewResponseController(w).Flush() // the client may hang up
			}
			<-r.Context().Done()
		default:
			fmt.Fprint(w, good)
		}
	}))
	t.Cleanup(server.Close)
	w := &web{Server: server}
	dir := dataset.Dir(t.TempDir())
	slow := w.options(t, w.listOf(t, "/stall"))
	slow.Timeout, slow.Retries = 50*time.Millisecond, -1
	report, err := Run(t.Context(), dir, slow)
	if err != nil || report.Retry != 1 || report.Refused["timeout"] != 1 {
		t.Errorf("report %+v (%v), want a timeout", report, err)
	}
	o := w.options(t, w.listOf(t, "/busy", "/large"))
	o.Retries, o.MaxBytes = -1, 16
	report, err = Run(t.Context(), dir, o)
	want := map[string]int{"http_status": 1, "too_large": 1}
	if err != nil || report.Retry != 1 || !reflect.DeepEqual(report.Refused, want) {
		t.Errorf("report %+v (%v), want %v", report, err, want)
	}
	down, o.MaxBytes, o.Sources = false, 0, append(o.Sources, slow.Sources...)
	report, err = Run(t.Context(), dir, o)
	if err != nil || report.Stored != 1 || report.Copies != 2 || len(report.Refused) != 0 {
		t.Errorf("report %+v (%v), want all three", report, err)
	}
	if refused := w.lines(t, dir.Refused()); len(refused) != 0 {
		t.Errorf("still refused: %v", refused)
	}
}

func TestRobotsThatDoesNotComeCanPass(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusInternalServerError)
	}))
	t.Cleanup(server.Close)
	w := &web{Server: server}
	dir := dataset.Dir(t.TempDir())
	report, err := Run(t.Context(), dir, w.options(t, w.listOf(t, "/a.jpg")))
	if err != nil || report.Refused["robots"] != 1 || report.Retry != 1 {
		t.Errorf("report %+v (%v)", report, err)
	}
}

func TestFaultsOfSourcesDoNotStopOthers(t *testing.T) {
	w := newWeb(t, map[string]string{"/a": picture(t, 3), "/g": "<p>nothing", "/v1/": ""})
	o := w.options(t, SourceSpec{Class: "pug", Page: "/g"}, w.listOf(t, "/a"),
		SourceSpec{Class: "pug", Query: "pug"})
	report, err := Run(t.Context(), dataset.Dir(t.TempDir()), o)
	faults, ok := errors.AsType[*SourcesError](err)
	if !ok || len(faults.Errs) != 2 || !errors.Is(err, ErrNoImages) || report.Collected() != 1 {
		t.Fatalf("report %+v (%v), want one picture and two faults", report, err)
	}
	for i, n := range []int{1, 0, 1} {
		if len(report.Sources[i].Errors) != n {
			t.Errorf("source %d tells %v", i, report.Sources[i].Errors)
		}
	}
	if text := err.Error(); !strings.Contains(text, w.URL+"/g: no image found") {
		t.Errorf("the error is %q", text)
	}
}

func TestOneFetchForAllSourcesOfAClass(t *testing.T) {
	w := newWeb(t, map[string]string{
		"/g":     "<img src=a.png><img src=a.png><img src=b.png>",
		"/a.png": picture(t, 3), "/b.png": picture(t, 3),
	})
	cats := w.listOf(t, "/a.png")
	cats.Class = "cat"
	o := w.options(t, w.listOf(t, "/b.png", "/a.png"), SourceSpec{Class: "pug", Page: "/g"}, cats)
	dir := dataset.Dir(t.TempDir())
	report, err := Run(t.Context(), dir, o)
	if err != nil || report.Found != 3 || report.Stored != 2 || report.Copies != 1 {
		t.Errorf("report %+v (%v)", report, err)
	}
	if a, b := w.requests("/a.png"), w.requests("/b.png"); a != 2 || b != 1 { // once a class
		t.Errorf("asked %d and %d times", a, b)
	}
	samples, err := dataset.ReadAll(dir.Collected())
	if err != nil || len(samples) != 2 {
		t.Fatalf("%d samples (%v), want one of each class", len(samples), err)
	}
	pug := samples[1]
	if pug.Source.URL != w.URL+"/b.png" || len(pug.Copies) != 1 ||
		pug.Copies[0].Source.URL != w.URL+"/a.png" || pug.Source.Engine != "urls" {
		t.Errorf("the line is %+v of %+v", pug, pug.Source)
	}
}

// Lines and fields that others wrote survive.
func TestOtherLinesSurvive(t *testing.T) {
	w := newWeb(t, map[string]string{"/a": picture(t, 3), "/b": picture(t, 4)})
	dir := dataset.Dir(t.TempDir())
	o := w.options(t, w.listOf(t, "/a", "/b", "/gone"))
	if _, err := Run(t.Context(), dir, o); err != nil {
		t.Fatal(err)
	}
	samples, err := dataset.ReadAll(dir.Collected())
	if err != nil {
		t.Fatal(err)
	}
	samples[0].Boxes = []dataset.Box{{X: 1, Y: 1, Width: 2, Height: 2}}
	samples[0].Extra = map[string]json.RawMessage{"mood": json.RawMessage(`"calm"`)}
	samples[0].Source.Extra = map[string]json.RawMessage{"camera": json.RawMessage(`"x"`)}
	samples[1].Copies = []dataset.Origin{{Original: "mine/b.png", Split: dataset.Test}}
	other := dataset.Sample{FileName: "raw/pug/0000000000000000.jpg", Label: "pug", Original: "c.jpg"}
	samples = append(samples, other)
	dataset.Sort(samples)
	if err := dataset.WriteManifest(dir.Collected(), slices.Values(samples)); err != nil {
		t.Fatal(err)
	}
	refused := append(refusedOf(t, dir), store.Refused("pug", "x.jpg", dataset.Reason{Name: "link"}))
	dataset.Sort(refused)
	if err := dataset.WriteManifest(dir.Refused(), slices.Values(refused)); err != nil {
		t.Fatal(err)
	}
	if _, err := Run(t.Context(), dir, o); err != nil {
		t.Fatal(err)
	}
	once := manifests(t, dir)
	if _, err := Run(t.Context(), dir, o); err != nil {
		t.Fatal(err)
	}
	if manifests(t, dir) != once {
		t.Error("a further run changes the manifests")
	}
	for _, text := range []string{`"mood":"calm"`, `"camera":"x"`, `"boxes":[{`, `"mine/b.png"`,
		`"c.jpg"`} {
		if !strings.Contains(once[0], text) {
			t.Errorf("%s did not survive in\n%s", text, once[0])
		}
	}
	if n := len(refusedOf(t, dir)); n != 2 {
		t.Errorf("%d refused lines, want both", n)
	}
}

func refusedOf(t *testing.T, dir dataset.Dir) []dataset.Sample {
	t.Helper()
	samples, err := dataset.ReadAll(dir.Refused())
	if err != nil {
		t.Fatal(err)
	}
	return samples
}

func TestCancelWhileServersHang(t *testing.T) {
	asked := make(chan struct{}, 16)
	good := picture(t, 3)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/robots.txt":
			http.NotFound(w, r)
		case "/a":
			fmt.Fprint(w, good)
		default:
			asked <- struct{}{}
			<-r.Context().Done()
		}
	}))
	t.Cleanup(server.Close)
	w := &web{Server: server}
	o := w.options(t, w.listOf(t, "/a", "/b", "/c", "/d"))
	o.Workers = 1 // so that the first is there when the second hangs
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		<-asked
		cancel()
	}()
	dir := dataset.Dir(t.TempDir())
	report, err := Run(ctx, dir, o)
	if !errors.Is(err, context.Canceled) || report.Stored != 1 {
		t.Errorf("report %+v (%v), want one picture and an interruption", report, err)
	}
	if kept := w.lines(t, dir.Collected()); len(kept) != 1 {
		t.Errorf("the manifest has %v", kept)
	}
	if refused := w.lines(t, dir.Refused()); len(refused) != 0 {
		t.Errorf("an interruption refuses %v", refused)
	}
}

func TestFaultsOfTheDiskStopTheRun(t *testing.T) {
	w := newWeb(t, map[string]string{"/a": picture(t, 3)})
	dir := dataset.Dir(t.TempDir())
	if err := os.WriteFile(filepath.Join(string(dir), "raw"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	_, err := Run(t.Context(), dir, w.options(t, w.listOf(t, "/a")))
	if _, ok := errors.AsType[*SourcesError](err); err == nil || ok {
		t.Errorf("the error is %v", err)
	}
}

func TestValidate(t *testing.T) {
	good := SourceSpec{Class: "pug", Query: "pug"}
	for want, o := range map[string]Options{
		"no source":              {},
		"exactly one":            {Sources: []SourceSpec{{Class: "pug"}}},
		"exactly one of":         {Sources: []SourceSpec{{Class: "pug", Query: "x", Page: "http://y/"}}},
		"class is missing: name": {Sources: []SourceSpec{{Query: "pug"}}},
		"http or https":          {Sources: []SourceSpec{{Class: "pug", Page: "pugs.html"}}},
		"want is negative":       {Sources: []SourceSpec{{Class: "pug", Query: "pug", Want: -1}}},
		"limit":                  {Sources: []SourceSpec{good}, MaxBytes: -1},
		"workers":                {Sources: []SourceSpec{good}, Workers: -1},
		"openverse":              {Sources: []SourceSpec{good}, Openverse: "api.openverse.org"},
	} {
		if _, err := Run(t.Context(), "nowhere", o); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: %v, want an error with %q", o, err, want)
		}
	}
	if err := (Options{Sources: []SourceSpec{good, {URLs: "x.csv"}}}).Validate(); err != nil {
		t.Error(err)
	}
}

func TestOptionsFromRecipe(t *testing.T) {
	var o Options
	err := yaml.Unmarshal([]byte(`
sources:
  - {class: pug, page: "https://example.org/", depth: 2, domains: [example.org], want: 5}
interval: 1s
allow_private: true
`), &o)
	want := Options{
		Sources: []SourceSpec{{Class: "pug", Page: "https://example.org/", Depth: 2,
			Domains: []string{"example.org"}, Want: 5}},
		Interval: time.Second, AllowPrivate: true,
	}
	if err != nil || !reflect.DeepEqual(o, want) {
		t.Errorf("options are %+v (%v)", o, err)
	}
}

func ExampleRun() {
	picture := "GIF89a\x03\x00\x02\x00\x00\x00\x00;" // 3x2 pixels, as far as its header tells
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/pugs/":
			w.Header().Set("Content-Type", "text/html")
			fmt.Fprint(w, `<img src="1.gif"> <a href="2.jpg">another</a>`)
		case "/pugs/1.gif":
			fmt.Fprint(w, picture)
		default:
			http.NotFound(w, r)
		}
	}))
	defer site.Close()
	folder, err := os.MkdirTemp("", "pets-")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(folder)
	dir := dataset.Dir(folder)
	report, err := Run(context.Background(), dir, Options{
		Sources:      []SourceSpec{{Class: "pug", Page: site.URL + "/pugs/"}},
		AllowPrivate: true, // the site is on this machine
		Interval:     -1,
	})
	fmt.Println(report.Stored, report.Refused, err)
	for s, err := range dataset.ReadManifest(dir.Collected()) {
		fmt.Println(s.FileName, s.Width, s.Height, s.Source.Engine, err)
	}
	// Output:
	// 1 map[http_status:1] <nil>
	// raw/pug/b8fb65a2d0cc2834.gif 3 2 gallery <nil>
}

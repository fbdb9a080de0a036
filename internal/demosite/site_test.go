package demosite

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"image"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// small is a site that is quickly drawn in full.
var small = Options{Seed: 3, PerClass: 15, Classes: []string{"cup", "fish", "tree"}}

func newSite(t *testing.T, o Options) *Site {
	t.Helper()
	s, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func get(s *Site, path string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	s.Handler().ServeHTTP(w, httptest.NewRequest("GET", path, nil))
	return w
}

var links = regexp.MustCompile(`(?:href|src|data-src|content)="([^"]+)"|(\S+) 200w`)

// crawl follows all links from a gallery, page after page, and returns the
// paths of the pictures it meets.
func crawl(t *testing.T, s *Site, class string) map[string]bool {
	t.Helper()
	found, seen := map[string]bool{}, map[string]bool{}
	for queue := []string{s.Gallery(class)}; len(queue) > 0; {
		page := queue[0]
		queue = queue[1:]
		if seen[page] {
			continue
		}
		seen[page] = true
		w := get(s, page)
		if w.Code != http.StatusOK {
			t.Fatalf("%s answers %d", page, w.Code)
		}
		base, err := url.Parse(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, match := range links.FindAllStringSubmatch(w.Body.String(), -1) {
			link, err := base.Parse(match[1] + match[2])
			if err != nil {
				t.Fatalf("%s links to %q: %v", page, match[1], err)
			}
			switch {
			case strings.HasPrefix(link.Path, "/gallery/"):
				queue = append(queue, link.RequestURI())
			case strings.HasPrefix(link.Path, "/img/"), strings.HasPrefix(link.Path, "/private/"):
				found[link.Path] = true
			}
		}
	}
	return found
}

// search returns the paths of all results of a query, page after page.
func search(t *testing.T, s *Site, query string) map[string]bool {
	t.Helper()
	found := map[string]bool{}
	for page, pages := 1, 1; page <= pages; page++ {
		w := get(s, fmt.Sprintf("/v1/images/?q=%s&page=%d&page_size=7", query, page))
		var answer searchAnswer
		if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil {
			t.Fatalf("page %d: %v: %s", page, err, w.Body)
		}
		pages = answer.PageCount
		for _, r := range answer.Results {
			link, err := url.Parse(r.URL)
			if err != nil {
				t.Fatal(err)
			}
			found[link.Path] = true
		}
	}
	return found
}

// What a crawl of the galleries and the search find is what the site counts.
func TestServedIsWhatCanBeFound(t *testing.T) {
	s := newSite(t, small)
	found := map[Kind]int{}
	for _, class := range s.Classes() {
		paths := crawl(t, s, class)
		gallery := len(paths)
		maps.Copy(paths, search(t, s, class))
		if len(paths) == gallery {
			t.Errorf("the search adds nothing to the gallery of %s", class)
		}
		for path := range paths {
			for _, kind := range Kinds() {
				if slices.Contains(s.Paths(kind), path) {
					found[kind]++
				}
			}
		}
	}
	for kind, n := range s.Served() {
		if n == 0 || found[kind] != n {
			t.Errorf("%s: %d can be found, Served says %d", kind, found[kind], n)
		}
	}
}

func TestGoodPicturesDecode(t *testing.T) {
	s := newSite(t, small)
	formats := map[string]int{}
	for _, kind := range []Kind{Good, ExactCopy, NearCopy, TwoClasses, Blurred, Dark, Bright, Tiny,
		Banner, Flat, Forbidden} {
		for _, path := range s.Paths(kind) {
			f := s.byPath[path].file()
			img, format, err := image.Decode(bytes.NewReader(f.data))
			if err != nil {
				t.Errorf("%s: %v", path, err)
				continue
			}
			formats[format]++
			if size := img.Bounds().Size(); size != image.Pt(f.width, f.height) ||
				"image/"+format != f.mime {
				t.Errorf("%s is a %s of size %v, not %s of %dx%d",
					path, format, size, f.mime, f.width, f.height)
			}
		}
	}
	if len(formats) != 3 {
		t.Errorf("formats are %v, want JPEG, PNG and GIF", formats)
	}
}

func TestBrokenItems(t *testing.T) {
	s := newSite(t, small)
	for _, kind := range []Kind{Truncated, HTML} {
		for _, path := range s.Paths(kind) {
			w := get(s, path)
			if mime := w.Header().Get("Content-Type"); w.Code != http.StatusOK ||
				!strings.HasPrefix(mime, "image/") {
				t.Errorf("%s answers %d with %s", path, w.Code, mime)
			}
			if _, _, err := image.Decode(w.Body); err == nil {
				t.Errorf("%s is a whole image", path)
			}
		}
	}
	for _, path := range s.Paths(NotFound) {
		if w := get(s, path); w.Code != http.StatusNotFound {
			t.Errorf("%s answers %d", path, w.Code)
		}
	}
}

func TestHitchesPass(t *testing.T) {
	s := newSite(t, small)
	for kind, status := range map[Kind]int{
		RateLimited: http.StatusTooManyRequests,
		ServerError: http.StatusInternalServerError,
	} {
		for _, path := range s.Paths(kind) {
			first := get(s, path)
			if after := first.Header().Get("Retry-After"); first.Code != status ||
				(after == "1") != (kind == RateLimited) {
				t.Errorf("%s first answers %d, Retry-After %q", path, first.Code, after)
			}
			second := get(s, path)
			whole := bytes.Equal(second.Body.Bytes(), s.byPath[path].file().data)
			if second.Code != http.StatusOK || !whole {
				t.Errorf("%s then answers %d with %d bytes", path, second.Code, second.Body.Len())
			}
		}
	}
	path := s.Paths(Slow)[0]
	w := get(s, path)
	if !w.Flushed || !bytes.Equal(w.Body.Bytes(), s.byPath[path].file().data) {
		t.Errorf("%s: flushed is %v, %d bytes", path, w.Flushed, w.Body.Len())
	}
}

func TestSameSeedSameBytes(t *testing.T) {
	a, b := newSite(t, small), newSite(t, small)
	other := small
	other.Seed++
	c := newSite(t, other)
	changed := 0
	for path, it := range a.byPath {
		data := it.file().data
		if !bytes.Equal(data, b.byPath[path].file().data) {
			t.Errorf("%s differs between two sites of one seed", path)
		}
		if it.kind == Good && !bytes.Equal(data, c.byPath[path].file().data) {
			changed++
		}
	}
	if want := a.Served()[Good]; changed != want {
		t.Errorf("another seed changed %d of %d good pictures", changed, want)
	}
	for _, class := range a.Classes() {
		x, y := get(a, a.Gallery(class)), get(b, b.Gallery(class))
		if x.Body.String() != y.Body.String() {
			t.Errorf("the galleries of %s differ between two sites of one seed", class)
		}
	}
}

func TestSearchAnswersAsOpenverse(t *testing.T) {
	s := newSite(t, small)
	for _, c := range []struct {
		query  string
		status int
		body   string
	}{
		{"q=fish", 200, `"page_size":20,"page":1`},
		{"q=two+fish", 200, `"license":"by"`},
		{"q=walrus", 200, `{"result_count":0,"page_count":0,"page_size":20,"page":1,"results":[]}`},
		{"q=fish&page_size=21", 401, `{"detail":"page_size may not exceed 20 for anonymous requests"}`},
		{"q=fish&page_size=0", 400, `{"detail":`},
		{"q=fish&page=2", 400, `{"detail":"invalid page"}`},
		{"q=fish&page=x", 400, `{"detail":`},
	} {
		w := get(s, "/v1/images/?"+c.query)
		if w.Code != c.status || !strings.Contains(w.Body.String(), c.body) {
			t.Errorf("%s: %d %.200s, want %d with %s", c.query, w.Code, w.Body, c.status, c.body)
		}
	}
}

func TestGalleryEnds(t *testing.T) {
	s := newSite(t, small)
	for _, path := range []string{
		"/gallery/fish/?page=99", "/gallery/fish/?page=0", "/gallery/fish/?page=x",
		"/gallery/walrus/", "/gallery/fish/fish-001", "/small/fish/gone-1.jpg", "/img/fish/no.jpg",
	} {
		if w := get(s, path); w.Code != http.StatusNotFound {
			t.Errorf("%s answers %d", path, w.Code)
		}
	}
}

func TestValidate(t *testing.T) {
	if err := (Options{}).Validate(); err != nil {
		t.Error(err)
	}
	for want, o := range map[string]Options{
		"fewer than":  {PerClass: 3},
		"two classes": {Classes: []string{"fish"}},
		`"fisch"`:     {Classes: []string{"fisch", "tree"}},
		"twice":       {Classes: []string{"fish", "fish"}},
	} {
		if _, err := New(o); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: %v, want an error with %q", o, err, want)
		}
	}
}

func TestStartLogsAndCloses(t *testing.T) {
	s, err := Start(t.Context(), small)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for _, path := range []string{"/robots.txt", "/gallery/fish/?page=2", "/small/fish/x.jpg"} {
		resp, err := http.Get(s.URL() + path)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		if err != nil {
			t.Fatal(err)
		}
		if path == "/robots.txt" && !strings.Contains(string(body), "Disallow: /private/") {
			t.Errorf("robots.txt is %q", body)
		}
	}
	log := s.Requests()
	if len(log) != 3 || log[1].Path != "/gallery/fish/" || log[1].Query != "page=2" ||
		log[1].UserAgent == "" {
		t.Errorf("the log is %+v", log)
	}
	if s.Requested("/private/") != 0 || s.Requested("/gallery/") != 1 {
		t.Errorf("the log counts %d and %d", s.Requested("/private/"), s.Requested("/gallery/"))
	}
	for range 2 {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
	if resp, err := http.Get(s.URL()); err == nil {
		resp.Body.Close()
		t.Error("a closed site answers")
	}
}

func ExampleStart() {
	site, err := Start(context.Background(), Options{Seed: 1, PerClass: 20})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer site.Close()
	resp, err := http.Get(site.URL() + site.Gallery("fish"))
	if err != nil {
		fmt.Println(err)
		return
	}
	resp.Body.Close()
	fmt.Println(resp.Status, site.Served()[Good], site.Requested("/private/"))
	// Output: 200 OK 120 0
}

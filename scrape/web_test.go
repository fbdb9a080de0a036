package scrape

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/dsbuild/dsbuild/dataset"
)

// A web is a server of answers by path and query. Answers that start with < are
// HTML. It has no robots.txt unless it is given one.
type web struct {
	*httptest.Server
	answers map[string]string

	mu    sync.Mutex
	asked map[string]int
}

func newWeb(t *testing.T, answers map[string]string) *web {
	t.Helper()
	w := &web{answers: answers, asked: map[string]int{}}
	w.Server = httptest.NewServer(http.HandlerFunc(w.serve))
	t.Cleanup(w.Close)
	return w
}

func (w *web) serve(out http.ResponseWriter, r *http.Request) {
	address := r.URL.RequestURI()
	w.mu.Lock()
	w.asked[address]++
	answer, ok := w.answers[address]
	w.mu.Unlock()
	to, isRedirect := strings.CutPrefix(answer, "redirect ")
	switch {
	case !ok:
		http.NotFound(out, r)
	case isRedirect:
		http.Redirect(out, r, to, http.StatusFound)
	default:
		if strings.HasPrefix(answer, "<") {
			out.Header().Set("Content-Type", "text/html")
		}
		fmt.Fprint(out, answer)
	}
}

func (w *web) requests(address string) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.asked[address]
}

// options are those for a run over this web alone.
func (w *web) options(t *testing.T, sources ...SourceSpec) Options {
	t.Helper()
	place, err := netip.ParseAddrPort(strings.TrimPrefix(w.URL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	for i := range sources {
		if sources[i].Page != "" {
			sources[i].Page = w.URL + sources[i].Page
		}
	}
	return Options{
		Sources: sources, Openverse: w.URL, Interval: -1,
		clock: &skipTime{}, exempt: []netip.AddrPort{place},
	}
}

// listOf writes a list of the web's addresses, and returns its source.
func (w *web) listOf(t *testing.T, addresses ...string) SourceSpec {
	t.Helper()
	var lines strings.Builder
	for _, a := range addresses {
		fmt.Fprintln(&lines, w.URL+a)
	}
	path := filepath.Join(t.TempDir(), "urls.txt")
	if err := os.WriteFile(path, []byte(lines.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	return SourceSpec{Class: "pug", URLs: path}
}

// picture returns a PNG that differs for each width.
func picture(t *testing.T, width int) string {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, width, 8))); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// found runs a source and returns the paths of its candidates, and its errors.
func (w *web) found(t *testing.T, spec SourceSpec) (paths []string, errs []error) {
	t.Helper()
	o := w.options(t, spec).withDefaults()
	client := o.client()
	defer client.Close()
	source, query := o.source(client, o.Sources[0])
	for c, err := range source.Search(t.Context(), query) {
		if err != nil {
			errs = append(errs, err)
			continue
		}
		paths = append(paths, strings.TrimPrefix(c.Source.URL, w.URL))
	}
	return paths, errs
}

// lines returns the samples of a manifest by their URL, without the web's own.
func (w *web) lines(t *testing.T, path string) map[string]dataset.Sample {
	t.Helper()
	samples, err := dataset.ReadAll(path)
	if err != nil {
		t.Fatal(err)
	}
	byURL := map[string]dataset.Sample{}
	for _, s := range samples {
		byURL[strings.TrimPrefix(s.Source.URL, w.URL)] = s
	}
	return byURL
}

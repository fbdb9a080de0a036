package fetch

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

// robotsServer answers robots.txt with a status and a text.
func robotsServer(t *testing.T, status int, text string) *logged {
	return serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/robots.txt" {
			w.WriteHeader(status)
			fmt.Fprint(w, text)
		}
	})
}

func TestRobotsRules(t *testing.T) {
	for name, c := range map[string]struct{ text, path, forbidden string }{
		"for all":       {"User-agent: *\nDisallow: /private/", "/public/a", "/private/a"},
		"for this one":  {"User-agent: dsbuild\nDisallow: /a\n\nUser-agent: *\nDisallow: /", "/b", "/a"},
		"allowed again": {"User-agent: *\nDisallow: /a/\nAllow: /a/b/", "/a/b/c", "/a/c"},
		"wildcard":      {"User-agent: *\nDisallow: /*.png$", "/a.png?x", "/a.png"},
		"query":         {"User-agent: *\nDisallow: /s?b=1&a=2", "/s?a=2&b=1", "/s?b=1&a=2"},
		"faulty lines": {
			"Disallow: /\n\xff\xfe\nUser-agent: *\nCrawl-delay: soon\nDisallow: /a", "/b", "/a"},
		"byte order": {"\xef\xbb\xbfUser-agent: *\r\nDisallow: /a # not this", "/b", "/a"},
	} {
		s := robotsServer(t, http.StatusOK, c.text)
		client := newClient(t, Options{}, s)
		if _, err := client.Get(t.Context(), s.URL+c.path); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		_, err := client.Get(t.Context(), s.URL+c.forbidden)
		wantError(t, err, Robots, false)
		path, _, _ := strings.Cut(c.forbidden, "?")
		if c.path[:2] != c.forbidden[:2] && s.requests(path) != 0 {
			t.Errorf("%s: what is forbidden was asked for", name)
		}
		if n := s.requests("/robots.txt"); n != 1 {
			t.Errorf("%s: robots.txt was asked for %d times", name, n)
		}
	}
}

func TestRobotsThatDoesNotCome(t *testing.T) {
	for status, allowed := range map[int]bool{
		404: true, 403: true, 410: true, 204: true, 429: false, 500: false, 503: false,
	} {
		s := robotsServer(t, status, "")
		_, err := newClient(t, Options{Retries: 1}, s).Get(t.Context(), s.URL+"/a")
		if allowed {
			if err != nil {
				t.Errorf("%d forbids: %v", status, err)
			}
			continue
		}
		if fault := wantError(t, err, Robots, true); fault.Status != status {
			t.Errorf("%d is told as %+v", status, fault)
		}
		if s.requests("/a") != 0 || s.requests("/robots.txt") != 2 {
			t.Errorf("%d: asked for %v", status, s.asked)
		}
	}
}

func TestRobotsOnEveryHop(t *testing.T) {
	inner := robotsServer(t, http.StatusOK, "User-agent: *\nDisallow: /a")
	s := serve(t, withoutRobots(func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, inner.URL+"/a", http.StatusFound)
	}))
	_, err := newClient(t, Options{}, s, inner).Get(t.Context(), s.URL)
	wantError(t, err, Robots, false)
	if inner.requests("/a") != 0 {
		t.Error("a redirect got around robots.txt")
	}
}

func TestLongRobotsIsCutNotRefused(t *testing.T) {
	long := "User-agent: *\nDisallow: /a\n" + strings.Repeat("# and so on\n", maxRobotsBytes/10)
	s := robotsServer(t, http.StatusOK, long)
	c := newClient(t, Options{MaxBytes: 100}, s)
	_, err := c.Get(t.Context(), s.URL+"/a")
	wantError(t, err, Robots, false)
	if _, err := c.Get(t.Context(), s.URL+"/b"); err != nil {
		t.Error(err)
	}
}

func TestCrawlDelay(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"2": 4 * time.Second, "0.5": 2 * time.Second, "900": 20 * time.Second, "-1": 2 * time.Second,
	} {
		clock := newClock()
		s := robotsServer(t, http.StatusOK, "User-agent: *\nCrawl-delay: "+text)
		c := newClient(t, Options{Clock: clock, Interval: time.Second}, s)
		for range 3 {
			if _, err := c.Get(t.Context(), s.URL); err != nil {
				t.Fatal(err)
			}
		}
		// After robots.txt itself the interval is a second; two pauses follow.
		if slept := clock.total() - time.Second; slept != want {
			t.Errorf("%s: waited for %v, want %v", text, slept, want)
		}
	}
}

func TestOriginsAreForgotten(t *testing.T) {
	r := newRobots(newClient(t, Options{}))
	for i := range 2 * maxOrigins {
		r.get(fmt.Sprintf("http://%d.example.org", i))
	}
	if len(r.known) != maxOrigins {
		t.Errorf("%d origins are kept, want %d", len(r.known), maxOrigins)
	}
}

func FuzzRobots(f *testing.F) {
	for _, text := range []string{
		"", "User-agent: *\nDisallow: /private/\n", "user-agent:dsbuild\nallow:/*a$\ncrawl-delay:1e9",
		"\xef\xbb\xbfUser-agent: a\nUser-agent: b\n\nDisallow: *\nSitemap: x", "Disallow: /\n\x00",
	} {
		f.Add([]byte(text), "/a/b?c=d")
	}
	f.Fuzz(func(t *testing.T, text []byte, path string) {
		group, err := parseRobots(text)
		if err != nil {
			t.Skip()
		}
		group.Test(path)
		if group.CrawlDelay < 0 {
			t.Errorf("crawl delay is %v", group.CrawlDelay)
		}
	})
}

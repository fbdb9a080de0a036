package fetch

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func TestGet(t *testing.T) {
	s := serve(t, withoutRobots(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/old" {
			http.Redirect(w, r, "/new", http.StatusMovedPermanently)
			return
		}
		w.Header().Set("Content-Type", "text/plain")
		fmt.Fprint(w, r.UserAgent())
	}))
	answer, err := newClient(t, Options{}, s).Get(t.Context(), s.URL+"/old")
	if err != nil {
		t.Fatal(err)
	}
	if answer.URL != s.URL+"/new" || answer.Header.Get("Content-Type") != "text/plain" {
		t.Errorf("answer is %+v", answer)
	}
	if agent := string(answer.Body); agent != UserAgent() ||
		!strings.HasPrefix(agent, "dsbuild/") ||
		!strings.HasSuffix(agent, " (+https://github.com/dsbuild/dsbuild)") {
		t.Errorf("the server was told %q", agent)
	}
}

func TestStatusIsTold(t *testing.T) {
	s := serve(t, withoutRobots(http.NotFound))
	_, err := newClient(t, Options{}, s).Get(t.Context(), s.URL+"/x")
	if fault := wantError(t, err, Status, false); fault.Status != 404 || s.requests("/x") != 1 {
		t.Errorf("%v after %d requests, want 404 after one", fault, s.requests("/x"))
	}
}

func TestTemporaryStatusIsAskedAgain(t *testing.T) {
	for status, again := range map[int]bool{
		408: true, 429: true, 500: true, 502: true, 503: true, 504: true,
		400: false, 401: false, 403: false, 410: false, 501: false,
	} {
		s := serve(t, withoutRobots(func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(status)
		}))
		_, err := newClient(t, Options{Retries: 2}, s).Get(t.Context(), s.URL+"/x")
		want := 1
		if again {
			want = 3
		}
		wantError(t, err, Status, again)
		if n := s.requests("/x"); n != want {
			t.Errorf("%d: asked for %d times, want %d", status, n, want)
		}
	}
}

func TestRetryAfterIsHonoured(t *testing.T) {
	for text, c := range map[string]struct {
		wait  time.Duration
		comes bool
	}{
		"7":                             {7 * time.Second, true},
		"Tue, 24 Nov 2026 09:00:09 GMT": {9 * time.Second, true},
		"86400":                         {0, false}, // too long to wait
		"soon":                          {0, true},  // the usual pause
	} {
		clock := newClock()
		var first atomic.Bool
		s := serve(t, withoutRobots(func(w http.ResponseWriter, r *http.Request) {
			if !first.Swap(true) {
				w.Header().Set("Retry-After", text)
				w.WriteHeader(http.StatusTooManyRequests)
			}
		}))
		_, err := newClient(t, Options{Clock: clock, Interval: -1}, s).Get(t.Context(), s.URL+"/x")
		if (err == nil) != c.comes {
			t.Errorf("%s: %v", text, err)
		}
		if slept := clock.total(); slept < c.wait || slept > c.wait+time.Second {
			t.Errorf("%s: waited for %v, want about %v", text, slept, c.wait)
		}
	}
}

// One server's wish to be left alone goes for all requests to it.
func TestRetryAfterPausesTheHost(t *testing.T) {
	clock := newClock()
	h := newHosts(Options{Clock: clock, PerHost: 2})
	h.pause("a", 5*time.Second)
	for name, want := range map[string]time.Duration{"a": 5 * time.Second, "b": 0} {
		if wait := h.get(name).reserve(clock.Now()); wait != want {
			t.Errorf("host %s waits for %v, want %v", name, wait, want)
		}
	}
}

func TestBackoffIsJitteredAndBounded(t *testing.T) {
	seen := map[time.Duration]bool{}
	for attempt := range 100 {
		d := backoff("http://example.org/", attempt)
		if d < 0 || d > mostPause || (attempt == 0 && d > firstPause) {
			t.Errorf("pause %d is %v", attempt, d)
		}
		if d != backoff("http://example.org/", attempt) {
			t.Error("the pause is not the same each time")
		}
		seen[d] = true
	}
	if len(seen) < 95 {
		t.Errorf("only %d of 100 pauses differ", len(seen))
	}
}

func TestIntervalBetweenRequests(t *testing.T) {
	clock := newClock()
	s := serve(t, withoutRobots(func(http.ResponseWriter, *http.Request) {}))
	c := newClient(t, Options{Clock: clock, Interval: 3 * time.Second}, s)
	for range 4 {
		if _, err := c.Get(t.Context(), s.URL); err != nil {
			t.Fatal(err)
		}
	}
	if slept := clock.total(); slept != 12*time.Second { // robots.txt was the first request
		t.Errorf("five requests took %v", slept)
	}
}

func TestRequestsAtATime(t *testing.T) {
	var running, most atomic.Int64
	both := make(chan struct{}, 2)
	release := make(chan struct{})
	s := serve(t, withoutRobots(func(http.ResponseWriter, *http.Request) {
		n := running.Add(1)
		defer running.Add(-1)
		for old := most.Load(); n > old && !most.CompareAndSwap(old, n); old = most.Load() {
		}
		select {
		case both <- struct{}{}:
		default:
		}
		<-release
	}))
	c := newClient(t, Options{PerHost: 2, Interval: -1}, s)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if _, err := c.Get(t.Context(), s.URL); err != nil {
				t.Error(err)
			}
		})
	}
	<-both
	<-both
	close(release)
	wg.Wait()
	if most.Load() != 2 {
		t.Errorf("%d requests ran at a time, want 2", most.Load())
	}
}

// What is given to other libraries obeys the same rules.
func TestSharedClient(t *testing.T) {
	var asked atomic.Int64
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path == "/robots.txt":
			fmt.Fprint(w, "User-agent: *\nDisallow: /private/")
		case asked.Add(1) == 1:
			w.WriteHeader(http.StatusServiceUnavailable)
		default:
			w.Header().Set("Content-Type", "application/gzip")
			fmt.Fprint(w, "page")
		}
	})
	shared := newClient(t, Options{}, s).HTTP()
	resp, err := shared.Get(s.URL + "/page")
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(resp.Body)
	if err != nil || string(body) != "page" || !resp.Uncompressed {
		t.Errorf("body %q (%v), uncompressed %v", body, err, resp.Uncompressed)
	}
	_, err = shared.Get(s.URL + "/private/x")
	wantError(t, err, Robots, false)
	_, err = shared.Post(s.URL, "text/plain", strings.NewReader("x"))
	wantError(t, err, BadURL, false)
}

func TestSystemClock(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	if err := (systemClock{}).Sleep(ctx, time.Nanosecond); err != nil {
		t.Error(err)
	}
	cancel()
	if err := (systemClock{}).Sleep(ctx, time.Hour); err != context.Canceled {
		t.Errorf("an ended wait gives %v", err)
	}
}

func FuzzRetryAfter(f *testing.F) {
	now := time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
	for _, text := range []string{
		"", "0", "1", " 120 ", "-1", "1.5", "18446744073709551615", "Tue, 24 Nov 2026 09:00:09 GMT",
		"Tuesday, 24-Nov-26 09:00:09 GMT", "Tue Nov 24 09:00:09 2026", "soon",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if d := retryAfter(text, now); d < 0 {
			t.Errorf("%q is read as %v", text, d)
		}
	})
}

func ExampleClient_Get() {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/corgi.jpg" {
			http.NotFound(w, r)
			return
		}
		fmt.Fprint(w, "\xff\xd8\xff")
	}))
	defer server.Close()
	client := New(Options{AllowPrivate: true, Interval: -1})
	defer client.Close()
	for _, path := range []string{"/corgi.jpg", "/pug.jpg"} {
		answer, err := client.Get(context.Background(), server.URL+path)
		if err != nil {
			fmt.Println(strings.TrimPrefix(err.Error(), server.URL))
			continue
		}
		fmt.Println(path, len(answer.Body), "bytes")
	}
	// Output:
	// /corgi.jpg 3 bytes
	// /pug.jpg: the server answers 404 Not Found
}

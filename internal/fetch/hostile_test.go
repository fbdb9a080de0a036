package fetch

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"
)

func TestEndlessBodyIsCut(t *testing.T) {
	s := serve(t, withoutRobots(func(w http.ResponseWriter, r *http.Request) {
		for r.Context().Err() == nil {
			if _, err := w.Write(make([]byte, 1<<16)); err != nil {
				return
			}
		}
	}))
	_, err := newClient(t, Options{MaxBytes: 1 << 20}, s).Get(t.Context(), s.URL)
	if fault := wantError(t, err, TooLarge, false); fault.Limit != 1<<20 {
		t.Errorf("the limit is %d", fault.Limit)
	}
}

func TestBodyOfTheLimitPasses(t *testing.T) {
	s := serve(t, withoutRobots(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, "12345678")
	}))
	c := newClient(t, Options{MaxBytes: 8}, s)
	if answer, err := c.Get(t.Context(), s.URL); err != nil || string(answer.Body) != "12345678" {
		t.Errorf("answer %+v (%v)", answer, err)
	}
	_, err := c.Get(WithMaxBytes(t.Context(), 7), s.URL)
	wantError(t, err, TooLarge, false)
}

// A huge Content-Length is neither believed nor waited for.
func TestDeclaredSizeIsRefusedAtOnce(t *testing.T) {
	s := serve(t, withoutRobots(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", "1000000000000")
		w.WriteHeader(http.StatusOK)
		if err := http.NewResponseController(w).Flush(); err != nil {
			return
		}
		<-r.Context().Done()
	}))
	_, err := newClient(t, Options{}, s).Get(t.Context(), s.URL)
	wantError(t, err, TooLarge, false)
}

func TestGzipBomb(t *testing.T) {
	var member bytes.Buffer
	z := gzip.NewWriter(&member)
	if _, err := z.Write(make([]byte, 1<<20)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	bomb := bytes.Repeat(member.Bytes(), 1<<10) // gzip members may follow each other
	s := serve(t, withoutRobots(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		_, _ = w.Write(bomb) // the client may hang up
	}))
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := newClient(t, Options{MaxBytes: 1 << 20}, s).Get(t.Context(), s.URL)
	runtime.ReadMemStats(&after)
	wantError(t, err, TooLarge, false)
	if took := after.TotalAlloc - before.TotalAlloc; took > 32<<20 {
		t.Errorf("a bomb of a gigabyte took %d MiB", took>>20)
	}
}

func TestSlowServers(t *testing.T) {
	const short, long = 50 * time.Millisecond, time.Hour
	write := func(w http.ResponseWriter, text string) {
		if _, err := io.WriteString(w, text); err == nil {
			_ = http.NewResponseController(w).Flush() // the client may hang up
		}
	}
	s := serve(t, withoutRobots(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/stall":
			write(w, "the beginning")
			<-r.Context().Done()
		case "/dribble":
			for r.Context().Err() == nil {
				write(w, ".")
			}
		case "/header":
			<-r.Context().Done()
		}
	}))
	for path, o := range map[string]Options{
		"/stall":   {StallTimeout: short, HeaderTimeout: long, Timeout: long},
		"/dribble": {StallTimeout: long, HeaderTimeout: long, Timeout: short},
		"/header":  {StallTimeout: long, HeaderTimeout: short, Timeout: long},
	} {
		clock := newClock()
		o.Retries, o.MaxBytes, o.Interval, o.Clock = 1, 1<<40, -1, clock
		_, err := newClient(t, o, s).Get(WithoutRobots(t.Context()), s.URL+path)
		wantError(t, err, Timeout, true)
		if n := len(clock.slept); n != 1 {
			t.Errorf("%s: %d pauses before a retry, want one", path, n)
		}
	}
}

// raw answers with bytes that a Go server would not send.
func raw(t *testing.T, answer string) http.HandlerFunc {
	return withoutRobots(func(w http.ResponseWriter, r *http.Request) {
		conn, rw, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		defer conn.Close()
		writeRaw(rw, answer)
	})
}

func writeRaw(rw *bufio.ReadWriter, answer string) {
	if _, err := rw.WriteString(answer); err == nil {
		_ = rw.Flush() // the client may hang up
	}
}

func TestBrokenAnswers(t *testing.T) {
	for name, answer := range map[string]string{
		"short body":   "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort",
		"huge header":  "HTTP/1.1 200 OK\r\nX-Long: " + strings.Repeat("x", 1<<20) + "\r\n\r\n",
		"not HTTP":     "220 mail.example.org ESMTP\r\n",
		"no answer":    "",
		"cut gzip":     "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n\x1f\x8b\x08\x00\x00",
		"bad chunking": "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
		"two lengths":  "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
	} {
		s := serve(t, raw(t, answer))
		_, err := newClient(t, Options{Retries: 1}, s).Get(t.Context(), s.URL+"/x")
		fault := wantError(t, err, Network, true)
		if strings.Contains(fault.Detail, "127.0.0.1") {
			t.Errorf("%s: the detail changes from run to run: %q", name, fault.Detail)
		}
		if n := s.requests("/x"); n < 2 { // the transport may try a fresh connection, too
			t.Errorf("%s: asked for %d times, want a retry", name, n)
		}
	}
}

// More bytes than declared are not part of the answer.
func TestLongBodyEndsWhereDeclared(t *testing.T) {
	s := serve(t, raw(t, "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nConnection: close\r\n\r\nabcdef"))
	answer, err := newClient(t, Options{}, s).Get(t.Context(), s.URL)
	if err != nil || string(answer.Body) != "abc" {
		t.Errorf("answer %+v (%v), want abc", answer, err)
	}
}

func TestNobodyListens(t *testing.T) {
	s := serve(t, func(http.ResponseWriter, *http.Request) {})
	c := newClient(t, Options{}, s)
	s.Close()
	_, err := c.Get(t.Context(), s.URL)
	wantError(t, err, Network, true)
}

func TestBadAddresses(t *testing.T) {
	c := newClient(t, Options{})
	for _, address := range []string{
		"", "corgi.jpg", "ftp://example.org/", "file:///etc/passwd", "http://", "http://[::1", "data:,x",
	} {
		_, err := c.Get(t.Context(), address)
		wantError(t, err, BadURL, false)
	}
}

func TestCancel(t *testing.T) {
	asked := make(chan struct{}, 1)
	s := serve(t, withoutRobots(func(w http.ResponseWriter, r *http.Request) {
		asked <- struct{}{}
		<-r.Context().Done()
	}))
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		<-asked
		cancel()
	}()
	_, err := newClient(t, Options{}, s).Get(ctx, s.URL)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("the error is %v", err)
	}
	if _, ok := errors.AsType[*Error](err); ok {
		t.Errorf("an interruption is told as a fault of the server: %v", err)
	}
}

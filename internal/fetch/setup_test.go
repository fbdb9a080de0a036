package fetch

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"
)

// fakeClock is a clock on which waiting takes no time, and is remembered.
type fakeClock struct {
	mu    sync.Mutex
	now   time.Time
	slept []time.Duration
}

func newClock() *fakeClock {
	return &fakeClock{now: time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)}
}

func (c *fakeClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *fakeClock) Sleep(ctx context.Context, d time.Duration) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if d > 0 {
		c.slept = append(c.slept, d)
		c.now = c.now.Add(d)
	}
	return ctx.Err()
}

// total is how long the clock made others wait.
func (c *fakeClock) total() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	var sum time.Duration
	for _, d := range c.slept {
		sum += d
	}
	return sum
}

// A logged server counts what it is asked.
type logged struct {
	*httptest.Server
	mu    sync.Mutex
	asked map[string]int
}

// serve answers on loopback with a handler. Without one for robots.txt there
// is none.
func serve(t *testing.T, handler http.HandlerFunc) *logged {
	t.Helper()
	s := &logged{asked: map[string]int{}}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.asked[r.URL.Path]++
		s.mu.Unlock()
		handler(w, r)
	}))
	t.Cleanup(s.Close)
	return s
}

// withoutRobots answers robots.txt with 404, and all else by the handler.
func withoutRobots(handler http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/robots.txt" {
			http.NotFound(w, r)
			return
		}
		handler(w, r)
	}
}

func (s *logged) requests(path string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.asked[path]
}

// address is where the server listens.
func (s *logged) address(t *testing.T) netip.AddrPort {
	t.Helper()
	place, err := netip.ParseAddrPort(strings.TrimPrefix(s.URL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	return place
}

// newClient returns a client that may ask these servers, and no others of the
// local network.
func newClient(t *testing.T, o Options, servers ...*logged) *Client {
	t.Helper()
	if o.Clock == nil {
		o.Clock = newClock()
	}
	for _, s := range servers {
		o.Exempt = append(o.Exempt, s.address(t))
	}
	c := New(o)
	t.Cleanup(c.Close)
	return c
}

// wantError fails the test unless err is an *Error of a kind.
func wantError(t *testing.T, err error, kind Kind, temporary bool) *Error {
	t.Helper()
	fault, ok := errors.AsType[*Error](err)
	if !ok || fault.Kind != kind || fault.Temporary != temporary {
		t.Fatalf("the error is %#v (%v), want kind %s, temporary %v", err, err, kind, temporary)
	}
	return fault
}

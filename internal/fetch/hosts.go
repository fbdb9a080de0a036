package fetch

import (
	"context"
	"sync"
	"time"
)

// hosts keeps the pace of requests to each host.
type hosts struct {
	clock    Clock
	interval time.Duration
	perHost  int

	mu    sync.Mutex
	known map[string]*host
}

// A host is a server, by its name and port.
type host struct {
	slots chan struct{} // one element for each request under way

	mu       sync.Mutex
	interval time.Duration
	next     time.Time // when the next request may start
}

func newHosts(o Options) *hosts {
	return &hosts{
		clock: o.Clock, interval: o.Interval, perHost: o.PerHost, known: map[string]*host{},
	}
}

func (h *hosts) get(name string) *host {
	h.mu.Lock()
	defer h.mu.Unlock()
	one, ok := h.known[name]
	if !ok {
		one = &host{slots: make(chan struct{}, h.perHost), interval: h.interval}
		h.known[name] = one
	}
	return one
}

// enter waits until a request to the host may start. The request is over when
// leave is called.
func (h *hosts) enter(ctx context.Context, name string) (leave func(), err error) {
	one := h.get(name)
	select {
	case one.slots <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	leave = func() { <-one.slots }
	if err := h.clock.Sleep(ctx, one.reserve(h.clock.Now())); err != nil {
		leave()
		return nil, err
	}
	return leave, nil
}

// reserve takes the next moment at which a request may start, and returns how
// far off it is.
func (o *host) reserve(now time.Time) time.Duration {
	o.mu.Lock()
	defer o.mu.Unlock()
	start := o.next
	if start.Before(now) {
		start = now
	}
	o.next = start.Add(o.interval)
	return start.Sub(now)
}

// pause lets no request to the host start for a while.
func (h *hosts) pause(name string, d time.Duration) {
	one := h.get(name)
	until := h.clock.Now().Add(d)
	one.mu.Lock()
	defer one.mu.Unlock()
	if one.next.Before(until) {
		one.next = until
	}
}

// slow makes the interval of a host at least d.
func (h *hosts) slow(name string, d time.Duration) {
	one := h.get(name)
	one.mu.Lock()
	defer one.mu.Unlock()
	one.interval = max(one.interval, d)
}

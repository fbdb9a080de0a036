package fetch

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"sync"

	"github.com/temoto/robotstxt"
)

const (
	// maxRobotsBytes is how much of a robots.txt is read; RFC 9309, section
	// 2.5, asks for 500 KiB at least.
	maxRobotsBytes = 512 << 10
	// maxOrigins bounds how many of them are kept.
	maxOrigins = 256
)

// robots knows what each origin's robots.txt says.
type robots struct {
	client *Client

	mu    sync.Mutex
	known map[string]*ruling
}

// A ruling is what one robots.txt says, or why nobody knows.
type ruling struct {
	turn  chan struct{} // holds one element while it is being asked for
	asked bool
	group *robotstxt.Group // nil where all is allowed
	fault *Error           // why nothing may be asked for now
}

func newRobots(c *Client) *robots { return &robots{client: c, known: map[string]*ruling{}} }

// get returns the ruling for an origin. Where there are too many, any other is
// forgotten, and would be asked for again.
func (r *robots) get(origin string) *ruling {
	r.mu.Lock()
	defer r.mu.Unlock()
	one, ok := r.known[origin]
	if !ok {
		for other := range r.known {
			if len(r.known) < maxOrigins {
				break
			}
			delete(r.known, other)
		}
		one = &ruling{turn: make(chan struct{}, 1)}
		r.known[origin] = one
	}
	return one
}

// check returns the *Error that keeps an address from being asked for, or the
// context's.
func (r *robots) check(ctx context.Context, u *url.URL) error {
	one := r.get(originOf(u))
	select {
	case one.turn <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-one.turn }()
	if !one.asked {
		group, fault, err := r.ask(ctx, u)
		if err != nil {
			return err
		}
		one.group, one.fault, one.asked = group, fault, true
	}
	if one.fault != nil {
		refusal := *one.fault
		refusal.URL, refusal.Err = u.String(), one.fault
		return &refusal
	}
	if one.group == nil || one.group.Test(pathOf(u)) {
		return nil
	}
	return &Error{URL: u.String(), Kind: Robots, Detail: "robots.txt forbids it"}
}

// pathOf is what the rules of a robots.txt are compared with.
func pathOf(u *url.URL) string {
	path := u.EscapedPath()
	if path == "" {
		path = "/"
	}
	if u.RawQuery != "" {
		path += "?" + u.RawQuery
	}
	return path
}

// ask fetches the robots.txt of an address's origin. As RFC 9309, section
// 2.3.1, has it, one that is not there allows all, and one that a server
// cannot give for now forbids all for now. The error is the context's.
func (r *robots) ask(ctx context.Context, u *url.URL) (*robotstxt.Group, *Error, error) {
	unruled := context.WithValue(ctx, limitKey{},
		limit{bytes: maxRobotsBytes, truncate: true, noRobots: true})
	answer, err := r.client.Get(unruled, originOf(u)+"/robots.txt")
	if ctx.Err() != nil {
		return nil, nil, ctx.Err()
	}
	if err != nil {
		return nil, r.refusal(err), nil
	}
	group, err := parseRobots(answer.Body)
	if err != nil {
		return nil, nil, nil // one that no program can read forbids nothing
	}
	if group.CrawlDelay > 0 {
		r.client.hosts.slow(u.Host, min(group.CrawlDelay, r.client.options.MaxCrawlDelay))
	}
	return group, nil, nil
}

// refusal says why nothing may be asked of an origin whose robots.txt did not
// come, or returns nil where that allows all.
func (r *robots) refusal(err error) *Error {
	fault, ok := errors.AsType[*Error](err)
	if !ok {
		return &Error{Kind: Network, Temporary: true, Detail: "robots.txt did not come", Err: err}
	}
	switch fault.Kind {
	case Status:
		if fault.Status < 500 && fault.Status != http.StatusTooManyRequests {
			return nil
		}
		return &Error{
			Kind: Robots, Status: fault.Status, Temporary: true, Err: err,
			Detail: fmt.Sprintf("robots.txt answers %d, and so forbids all for now", fault.Status),
		}
	case Redirects, BadURL:
		return nil
	}
	refusal := *fault
	return &refusal
}

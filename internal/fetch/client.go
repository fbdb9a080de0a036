package fetch

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
)

// A Client asks servers for answers. It is safe for concurrent use, and one is
// meant to be shared by all that asks in a run, as what it knows of hosts is
// in it.
type Client struct {
	options Options
	door    *http.Transport
	http    *http.Client
	hosts   *hosts
	robots  *robots
}

// New returns a client. Close it when it has done its work.
func New(o Options) *Client {
	o = o.withDefaults()
	c := &Client{options: o, door: newDoor(o), hosts: newHosts(o)}
	c.robots = newRobots(c)
	c.http = &http.Client{
		Transport: transport{c},
		CheckRedirect: func(req *http.Request, via []*http.Request) error {
			if len(via) > o.MaxRedirects {
				return &Error{
					URL: via[0].URL.String(), Kind: Redirects,
					Detail: fmt.Sprintf("it leads on and on, over %d redirects", o.MaxRedirects),
				}
			}
			return nil
		},
	}
	return c
}

// Close closes the connections that are kept open.
func (c *Client) Close() { c.door.CloseIdleConnections() }

// HTTP returns the client that does the work, for libraries that want one. It
// reads bodies whole before it returns, and answers of any status are given
// as they are once they do not ask for a retry; StatusError makes errors of
// them. Its errors wrap an *Error. The caller must not change it.
func (c *Client) HTTP() *http.Client { return c.http }

// An Answer is what a server sent.
type Answer struct {
	URL    string // after redirects
	Header http.Header
	Body   []byte // owned by the caller
}

// Get asks for an address and returns the answer if it is a success. Errors
// are an *Error or the context's.
func (c *Client) Get(ctx context.Context, address string) (*Answer, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, &Error{URL: address, Kind: BadURL, Detail: "it is not an address", Err: err}
	}
	resp, err := c.http.Do(req)
	if err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return nil, classify(ctx, address, err)
	}
	defer resp.Body.Close()
	final := resp.Request.URL.String()
	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		return nil, StatusError(final, resp.StatusCode)
	}
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, classify(ctx, final, err)
	}
	return &Answer{URL: final, Header: resp.Header, Body: body}, nil
}

// A limit is what one context allows beside the client's options.
type limit struct {
	bytes    int64
	truncate bool // cut the body at the limit instead of refusing it
	noRobots bool
}

type limitKey struct{}

func limitOf(ctx context.Context) limit {
	l, _ := ctx.Value(limitKey{}).(limit)
	return l
}

// WithMaxBytes bounds the bodies of requests made with the context.
func WithMaxBytes(ctx context.Context, n int64) context.Context {
	l := limitOf(ctx)
	l.bytes = n
	return context.WithValue(ctx, limitKey{}, l)
}

// WithoutRobots makes requests with the context pay no heed to robots.txt.
// That is for the interfaces that are made for programs, whose own terms hold.
func WithoutRobots(ctx context.Context) context.Context {
	l := limitOf(ctx)
	l.noRobots = true
	return context.WithValue(ctx, limitKey{}, l)
}

// transport makes one hop: robots.txt, pace, attempts, body.
type transport struct{ *Client }

// RoundTrip implements http.RoundTripper.
func (t transport) RoundTrip(req *http.Request) (*http.Response, error) {
	if err := checkRequest(req); err != nil {
		return nil, err
	}
	ctx := req.Context()
	if !limitOf(ctx).noRobots {
		if err := t.robots.check(ctx, req.URL); err != nil {
			return nil, err
		}
	}
	for attempt := 0; ; attempt++ {
		resp, fault := t.attempt(req)
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		again, err := t.retry(ctx, req.URL, attempt, fault)
		if err != nil {
			return nil, err
		}
		if again {
			continue
		}
		if resp == nil {
			return nil, fault
		}
		return resp, nil
	}
}

// checkRequest refuses what this client does not do.
func checkRequest(req *http.Request) error {
	fault := ""
	switch {
	case req.URL.Scheme != "http" && req.URL.Scheme != "https":
		fault = fmt.Sprintf("it leads to %q, which is neither http nor https", req.URL.Scheme)
	case req.URL.Hostname() == "":
		fault = "it names no host"
	case req.Method != http.MethodGet || (req.Body != nil && req.Body != http.NoBody):
		fault = "only GET without a body is asked"
	default:
		return nil
	}
	return &Error{URL: req.URL.String(), Kind: BadURL, Detail: fault}
}

// attempt makes one request and reads the answer. The fault is nil for an
// answer that need not be asked for again; one of an answer with a status
// comes along with it.
func (t transport) attempt(req *http.Request) (*http.Response, *Error) {
	address := req.URL.String()
	leave, err := t.hosts.enter(req.Context(), req.URL.Host)
	if err != nil {
		return nil, classify(req.Context(), address, err)
	}
	defer leave()
	w := watch(req.Context(), t.options.Timeout, t.options.StallTimeout)
	defer w.end()

	own := req.Clone(w.ctx)
	own.Header.Set("User-Agent", t.options.UserAgent)
	resp, err := t.door.RoundTrip(own)
	if err != nil {
		return nil, classify(w.ctx, address, err)
	}
	defer resp.Body.Close()
	body, err := t.readBody(w, resp, limitOf(req.Context()))
	if err != nil {
		return nil, classify(w.ctx, address, err)
	}
	resp.Request = req
	resp.Body = io.NopCloser(bytes.NewReader(body))
	resp.ContentLength = int64(len(body))
	// Nobody needs to unpack this body a second time, without a limit.
	resp.Uncompressed = true
	if canPass(resp.StatusCode) {
		fault := StatusError(address, resp.StatusCode)
		fault.after = retryAfter(resp.Header.Get("Retry-After"), t.options.Clock.Now())
		return resp, fault
	}
	return resp, nil
}

// originOf is the part of an address that a robots.txt holds for.
func originOf(u *url.URL) string { return u.Scheme + "://" + u.Host }

package fetch

import (
	"context"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/dsbuild/dsbuild/dataset"
)

// Bounds of the pause before an attempt: up to half a second before the second
// one, twice as much before each further one.
const (
	firstPause = 500 * time.Millisecond
	mostPause  = 30 * time.Second
)

// retry waits where a request is to be made again, and tells whether it is.
func (c *Client) retry(ctx context.Context, u *url.URL, attempt int, fault *Error) (bool, error) {
	if fault == nil || !fault.Temporary || attempt >= c.options.Retries {
		return false, nil
	}
	if fault.after > c.options.MaxRetryAfter {
		return false, nil
	}
	if fault.after > 0 { // what it asks for goes for all requests
		c.hosts.pause(u.Host, fault.after)
	}
	pause := max(backoff(u.String(), attempt), fault.after)
	return true, c.options.Clock.Sleep(ctx, pause)
}

// backoff is the pause before the attempt after this one: anything between
// nothing and a bound that doubles ("full jitter": Brooker, Exponential Backoff
// And Jitter, 2015). It is drawn by the address, so that requests that failed
// together do not come together again.
func backoff(address string, attempt int) time.Duration {
	bound := min(firstPause<<min(attempt, 16), mostPause)
	rng := dataset.Key{Epoch: attempt, Sample: address}.Rand("backoff")
	return time.Duration(rng.Int64N(int64(bound)))
}

// retryAfter reads the header Retry-After: seconds, or a date (RFC 9110,
// section 10.2.3). It is 0 where there is none, or one that says nothing.
func retryAfter(text string, now time.Time) time.Duration {
	text = strings.TrimSpace(text)
	if seconds, err := strconv.ParseUint(text, 10, 64); err == nil {
		return time.Duration(min(seconds, uint64(math.MaxInt64/time.Second))) * time.Second
	}
	if date, err := http.ParseTime(text); err == nil {
		return max(date.Sub(now), 0)
	}
	return 0
}

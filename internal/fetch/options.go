package fetch

import (
	"cmp"
	"context"
	"fmt"
	"net"
	"net/netip"
	"runtime/debug"
	"strings"
	"time"
)

// Agent is the name under which robots.txt may speak of this client.
const Agent = "dsbuild"

// Options bound what a Client does. A zero value stands for the default named.
type Options struct {
	// UserAgent is what servers are told; default UserAgent().
	UserAgent string
	// AllowPrivate lets connections go to loopback, private and other special
	// addresses, but for link-local ones, where clouds keep the secrets of a
	// machine; and through the proxy that the environment names. Without it
	// no proxy is used: it would make the connections, and check nothing.
	AllowPrivate bool
	// Exempt are servers of the local network that may be asked all the same.
	Exempt []netip.AddrPort

	// Interval is the least time between the starts of two requests to one
	// host; default 200 ms, negative for none.
	Interval time.Duration
	// PerHost is how many requests to one host run at a time; default 4.
	PerHost int
	// MaxCrawlDelay bounds the Crawl-delay that a robots.txt can ask for;
	// default 10 s.
	MaxCrawlDelay time.Duration

	// Retries is how often a request that failed in a way that can pass is
	// made again; default 3, negative for never.
	Retries int
	// MaxRetryAfter is how long a server's Retry-After is waited for; default
	// 60 s. One that asks for more is not asked again.
	MaxRetryAfter time.Duration

	ConnectTimeout time.Duration // of dialling, and of TLS; default 10 s
	HeaderTimeout  time.Duration // from request to header; default 20 s
	StallTimeout   time.Duration // between two pieces of a body; default 15 s
	Timeout        time.Duration // of a request with its body; default 60 s

	MaxBytes     int64 // of a body, unpacked; default 32 MiB
	MaxRedirects int   // default 10; negative for none

	// Clock tells the time and waits; default the system's.
	Clock Clock
	// Resolver looks up host names; default the system's.
	Resolver *net.Resolver
}

// A Clock tells the time and waits. Sleep returns early, with the context's
// error, when that ends.
type Clock interface {
	Now() time.Time
	Sleep(ctx context.Context, d time.Duration) error
}

func (o Options) withDefaults() Options {
	if o.UserAgent == "" {
		o.UserAgent = UserAgent()
	}
	o.Interval = cmp.Or(o.Interval, 200*time.Millisecond)
	o.PerHost = cmp.Or(o.PerHost, 4)
	o.MaxCrawlDelay = cmp.Or(o.MaxCrawlDelay, 10*time.Second)
	o.Retries = cmp.Or(o.Retries, 3)
	o.MaxRetryAfter = cmp.Or(o.MaxRetryAfter, 60*time.Second)
	o.ConnectTimeout = cmp.Or(o.ConnectTimeout, 10*time.Second)
	o.HeaderTimeout = cmp.Or(o.HeaderTimeout, 20*time.Second)
	o.StallTimeout = cmp.Or(o.StallTimeout, 15*time.Second)
	o.Timeout = cmp.Or(o.Timeout, 60*time.Second)
	o.MaxBytes = cmp.Or(o.MaxBytes, 32<<20)
	o.MaxRedirects = cmp.Or(o.MaxRedirects, 10)
	o.Interval = max(o.Interval, 0)
	o.Retries = max(o.Retries, 0)
	o.MaxRedirects = max(o.MaxRedirects, 0)
	if o.Clock == nil {
		o.Clock = systemClock{}
	}
	return o
}

// UserAgent returns the honest name of this program, with its version and
// where to read about it.
func UserAgent() string {
	version := "devel"
	if info, ok := debug.ReadBuildInfo(); ok {
		if tagged, ok := strings.CutPrefix(info.Main.Version, "v"); ok {
			version = tagged
		}
	}
	return fmt.Sprintf("%s/%s (+https://github.com/dsbuild/dsbuild)", Agent, version)
}

type systemClock struct{}

func (systemClock) Now() time.Time { return time.Now() }

func (systemClock) Sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

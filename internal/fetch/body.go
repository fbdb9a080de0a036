package fetch

import (
	"context"
	"io"
	"net/http"
	"slices"
	"time"
)

// maxErrorBytes is how much of an answer that is no success is read.
const maxErrorBytes = 64 << 10

// A watchdog ends a request that takes too long, or whose body stalls.
type watchdog struct {
	ctx    context.Context
	cancel context.CancelCauseFunc
	total  *time.Timer
	stall  *time.Timer // runs while a body is read
	pause  time.Duration
}

func watch(ctx context.Context, total, stall time.Duration) *watchdog {
	w := &watchdog{pause: stall}
	w.ctx, w.cancel = context.WithCancelCause(ctx)
	w.total = time.AfterFunc(total, func() { w.cancel(errTotal) })
	return w
}

// watched reads from r, and starts to count at each piece that comes.
func (w *watchdog) watched(r io.Reader) io.Reader {
	w.stall = time.AfterFunc(w.pause, func() { w.cancel(errStall) })
	return readerFunc(func(p []byte) (int, error) {
		n, err := r.Read(p)
		if n > 0 {
			w.stall.Reset(w.pause)
		}
		return n, err
	})
}

func (w *watchdog) end() {
	w.total.Stop()
	if w.stall != nil {
		w.stall.Stop()
	}
	w.cancel(nil)
}

type readerFunc func(p []byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

// readBody reads a body, unpacked, up to its limit.
func (t transport) readBody(w *watchdog, resp *http.Response, l limit) ([]byte, error) {
	most, truncate := t.options.MaxBytes, l.truncate
	if l.bytes > 0 {
		most = l.bytes
	}
	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		most, truncate = min(most, maxErrorBytes), true
	}
	if resp.ContentLength > most && !truncate {
		return nil, tooLarge(resp.Request.URL.String(), most)
	}
	body, err := readSized(w.watched(resp.Body), resp.ContentLength, most)
	if err != nil {
		return nil, err
	}
	if int64(len(body)) > most {
		if !truncate {
			return nil, tooLarge(resp.Request.URL.String(), most)
		}
		body = body[:most]
	}
	return body, nil
}

// readSized reads to the end of r, at most one byte more than most. The size is
// what the server said, which is not believed beyond a first megabyte.
func readSized(r io.Reader, size, most int64) ([]byte, error) {
	body := make([]byte, 0, min(max(size, 4<<10), most, 1<<20)+1)
	for {
		if len(body) == cap(body) {
			body = slices.Grow(body, 64<<10)
		}
		n, err := r.Read(body[len(body):cap(body)])
		body = body[:len(body)+n]
		if err == io.EOF || int64(len(body)) > most {
			return body, nil
		}
		if err != nil {
			return nil, err
		}
	}
}

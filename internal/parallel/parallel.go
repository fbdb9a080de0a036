// Package parallel forks work over a few goroutines and joins them again.
//
// Work is cut into chunks whose size the caller fixes, so neither the chunks
// nor anything summed within them depends on how many threads there are:
//
//	parallel.For(threads, len(x), 4096, func(lo, hi int) { square(x[lo:hi]) })
package parallel

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// For calls f for the chunks [0,grain), [grain,2*grain) … of [0,n), the last
// one shorter where n is no multiple, from up to threads goroutines at a time,
// and returns when all calls have. Threads below 1 stand for as many as the
// program may run at once. f must not panic.
func For(threads, n, grain int, f func(lo, hi int)) {
	if n <= 0 {
		return
	}
	grain = max(grain, 1)
	chunks := (n-1)/grain + 1
	threads = min(Threads(threads), chunks)
	if threads == 1 {
		for chunk := range chunks {
			lo := chunk * grain
			f(lo, lo+min(grain, n-lo))
		}
		return
	}
	var next atomic.Int64
	work := func() {
		for {
			chunk := int(next.Add(1) - 1)
			if chunk >= chunks {
				return
			}
			lo := chunk * grain
			f(lo, lo+min(grain, n-lo))
		}
	}
	var others sync.WaitGroup
	for range threads - 1 {
		others.Go(work)
	}
	work()
	others.Wait()
}

// Threads returns the number of goroutines that a request for threads means.
func Threads(threads int) int {
	if threads < 1 {
		return runtime.GOMAXPROCS(0)
	}
	return threads
}

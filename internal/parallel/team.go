package parallel

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// A Team is a set of goroutines that stay, for work that comes in many small
// pieces: its For allocates nothing. One goroutine at a time may use a Team.
//
// Between two pieces a worker keeps watch for some microseconds before it goes
// to sleep, since to wake it takes longer than many a piece does. And who is
// late is not waited for: For returns when all chunks are done.
type Team struct {
	round            atomic.Uint64 // odd while there is work
	next             atomic.Int64  // chunk
	n, grain, chunks int
	f                func(worker, lo, hi int)
	inside           atomic.Int32 // workers that may be at work, the caller not counted
	waiting          atomic.Bool  // the caller sleeps until it is told to look who is inside
	done             chan struct{}
	helpers          []*helper // workers 1, 2 …; worker 0 is the caller
	living           sync.WaitGroup
}

// A helper is a worker that is not the caller.
type helper struct {
	asleep atomic.Bool
	wake   chan struct{}
}

// NewTeam starts a team of as many workers as Threads(threads) tells, the
// caller of For being one. Close ends it.
func NewTeam(threads int) *Team {
	t := &Team{done: make(chan struct{}, 1), helpers: make([]*helper, Threads(threads)-1)}
	for i := range t.helpers {
		h := &helper{wake: make(chan struct{}, 1)}
		t.helpers[i] = h
		t.living.Go(func() { t.help(h, i+1) })
	}
	return t
}

// Size returns the number of workers.
func (t *Team) Size() int { return len(t.helpers) + 1 }

// Close ends the team's goroutines and waits for them.
func (t *Team) Close() {
	for _, h := range t.helpers {
		close(h.wake)
	}
	t.living.Wait()
	t.helpers = nil
}

// For calls f for the chunks of [0,n) as the function For does, and tells it
// which worker, from 0 to Size()-1, makes the call: workers may have scratch
// memory of their own. f must not panic.
func (t *Team) For(n, grain int, f func(worker, lo, hi int)) {
	if n <= 0 {
		return
	}
	t.n, t.grain, t.f = n, max(grain, 1), f
	t.chunks = (n-1)/t.grain + 1
	t.next.Store(0)
	helpers := min(len(t.helpers), t.chunks-1)
	if helpers == 0 {
		t.work(0)
		t.f = nil
		return
	}
	t.round.Add(1)
	for _, h := range t.helpers[:helpers] {
		if h.asleep.CompareAndSwap(true, false) {
			h.wake <- struct{}{}
		}
	}
	t.work(0)
	t.round.Add(1)
	t.join()
	t.f = nil
}

// join returns when nobody is inside. Being told so is no more than a hint: a
// helper that was the last one of an earlier round may tell it only now.
func (t *Team) join() {
	for {
		for range watches {
			if t.inside.Load() == 0 {
				return
			}
			runtime.Gosched()
		}
		t.waiting.Store(true)
		if t.inside.Load() == 0 && t.waiting.CompareAndSwap(true, false) {
			return
		}
		<-t.done
	}
}

// work takes chunks until none is left.
func (t *Team) work(worker int) {
	for {
		chunk := int(t.next.Add(1) - 1)
		if chunk >= t.chunks {
			return
		}
		lo := chunk * t.grain
		t.f(worker, lo, lo+min(t.grain, t.n-lo))
	}
}

// help works in each round that it is in time for, until the team is closed.
func (t *Team) help(h *helper, worker int) {
	for seen := uint64(0); ; {
		round, ok := t.await(h, seen)
		if !ok {
			return
		}
		seen = round
		t.inside.Add(1)
		if t.round.Load() == round { // and stays so until nobody is inside
			t.work(worker)
		}
		if t.inside.Add(-1) == 0 && t.waiting.CompareAndSwap(true, false) {
			t.done <- struct{}{}
		}
	}
}

// watches is how often a worker looks for work before it goes to sleep: for
// some tens of microseconds, in which it leaves the processor to others.
const watches = 200

// await returns the number of a round of work after the one seen, or false when
// the team is closed.
func (t *Team) await(h *helper, seen uint64) (round uint64, ok bool) {
	for {
		for range watches {
			if round = t.round.Load(); round%2 == 1 && round != seen {
				return round, true
			}
			runtime.Gosched()
		}
		h.asleep.Store(true)
		if round = t.round.Load(); round%2 == 1 && round != seen &&
			h.asleep.CompareAndSwap(true, false) {
			return round, true
		}
		if _, ok = <-h.wake; !ok {
			return 0, false
		}
	}
}

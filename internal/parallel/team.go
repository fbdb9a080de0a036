package parallel

import (
	"sync"
	"sync/atomic"
)

// A Team is a set of goroutines that stay, for work that comes in many small
// pieces: its For allocates nothing. One goroutine at a time may use a Team.
type Team struct {
	next     atomic.Int64
	n, grain int
	f        func(worker, lo, hi int)
	wake     []chan struct{} // of workers 1, 2 …; worker 0 is the caller
	working  sync.WaitGroup
	living   sync.WaitGroup
}

// NewTeam starts a team of as many workers as Threads(threads) tells, the
// caller of For being one. Close ends it.
func NewTeam(threads int) *Team {
	t := &Team{wake: make([]chan struct{}, Threads(threads)-1)}
	for i := range t.wake {
		t.wake[i] = make(chan struct{}, 1)
		t.living.Go(func() {
			for range t.wake[i] {
				t.work(i + 1)
				t.working.Done()
			}
		})
	}
	return t
}

// Size returns the number of workers.
func (t *Team) Size() int { return len(t.wake) + 1 }

// Close ends the team's goroutines and waits for them.
func (t *Team) Close() {
	for _, wake := range t.wake {
		close(wake)
	}
	t.living.Wait()
	t.wake = nil
}

// For calls f for the chunks of [0,n) as the function For does, and tells it
// which worker, from 0 to Size()-1, makes the call: workers may have scratch
// memory of their own. f must not panic.
func (t *Team) For(n, grain int, f func(worker, lo, hi int)) {
	if n <= 0 {
		return
	}
	t.n, t.grain, t.f = n, max(grain, 1), f
	t.next.Store(0)
	helpers := min(len(t.wake), (n+t.grain-1)/t.grain-1)
	t.working.Add(helpers)
	for _, wake := range t.wake[:helpers] {
		wake <- struct{}{}
	}
	t.work(0)
	t.working.Wait()
	t.f = nil
}

// work takes chunks until none is left.
func (t *Team) work(worker int) {
	for {
		lo := int(t.next.Add(1)-1) * t.grain
		if lo >= t.n {
			return
		}
		t.f(worker, lo, min(lo+t.grain, t.n))
	}
}

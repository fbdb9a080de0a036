package parallel

import (
	"math"
	"runtime"
	"sync/atomic"
	"testing"
)

func TestTeamVisitsEveryChunkOnce(t *testing.T) {
	for _, threads := range []int{1, 2, 7} {
		team := NewTeam(threads)
		if team.Size() != threads {
			t.Errorf("team of %d, want %d", team.Size(), threads)
		}
		for _, c := range []struct{ n, grain int }{{0, 4}, {1, 4}, {4, 4}, {9, 4}, {100, 1}, {5, 0},
			{9, math.MaxInt}} {
			seen := make([]atomic.Int32, c.n)
			busy := make([]atomic.Bool, threads)
			team.For(c.n, c.grain, func(worker, lo, hi int) {
				if busy[worker].Swap(true) {
					t.Errorf("worker %d makes two calls at a time", worker)
				}
				if lo%max(c.grain, 1) != 0 || hi-lo > max(c.grain, 1) {
					t.Errorf("n %d, grain %d: chunk [%d,%d)", c.n, c.grain, lo, hi)
				}
				for i := lo; i < hi; i++ {
					seen[i].Add(1)
				}
				busy[worker].Store(false)
			})
			for i := range seen {
				if times := seen[i].Load(); times != 1 {
					t.Errorf("threads %d, n %d, grain %d: %d visited %d times",
						threads, c.n, c.grain, i, times)
				}
			}
		}
		team.Close()
	}
}

func TestTeamAllocatesNothing(t *testing.T) {
	team := NewTeam(2)
	defer team.Close()
	var sum atomic.Int64
	f := func(_, lo, hi int) { sum.Add(int64(hi - lo)) }
	if n := testing.AllocsPerRun(100, func() { team.For(1000, 10, f) }); n != 0 {
		t.Errorf("For allocates %v times", n)
	}
}

// Rounds that follow one another at once, or after the workers went to sleep,
// are each done whole before For returns.
func TestTeamFinishesEveryRound(t *testing.T) {
	team := NewTeam(4)
	defer team.Close()
	values := make([]int, 64)
	for round := range 3000 {
		n := 1 + round%len(values)
		team.For(n, 1+round%3, func(_, lo, hi int) {
			for i := lo; i < hi; i++ {
				values[i]++
			}
		})
		for i, v := range values[:n] {
			if v != 1 {
				t.Fatalf("round %d: element %d was visited %d times", round, i, v)
			}
		}
		clear(values)
		if round%500 == 0 {
			for range 10 * watches { // for the workers to fall asleep
				runtime.Gosched()
			}
		}
	}
}

// A helper that was the last to leave an earlier round, and is held up before it
// says so, must not end the wait for those who are at work in this one.
func TestTeamIsNotFooledByLateWord(t *testing.T) {
	team := &Team{done: make(chan struct{}, 1)}
	team.inside.Store(1)
	var returned atomic.Bool
	tell := func() bool {
		for !team.waiting.CompareAndSwap(true, false) {
			if returned.Load() {
				return false
			}
			runtime.Gosched()
		}
		team.done <- struct{}{}
		return true
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		team.join()
		returned.Store(true)
	}()
	for range 3 {
		if !tell() {
			t.Fatal("the team returns while a helper is at work")
		}
	}
	team.inside.Add(-1)
	if team.waiting.CompareAndSwap(true, false) {
		team.done <- struct{}{}
	}
	<-ended
}

package parallel

import "sync"

// A Task is work of a Team whose operands change from run to run. A closure over
// the operands would be allocated for each run; a Task keeps its own. Several
// goroutines with a Team each may run a Task at the same time.
//
//	var square = parallel.NewTask(func(x *[]float32, worker, lo, hi int) { … })
//	square.Run(team, len(x), 4096, x)
type Task[T any] struct {
	f    func(operands *T, worker, lo, hi int)
	mu   sync.Mutex
	idle []*run[T] // as many as were in use at once
}

// run holds the operands of one run and the function that works on them.
type run[T any] struct {
	operands T
	work     func(worker, lo, hi int)
}

// NewTask returns the task of calling f for chunks as a Team's For does.
func NewTask[T any](f func(operands *T, worker, lo, hi int)) *Task[T] { return &Task[T]{f: f} }

// Run lets the team do the chunks of [0,n).
func (t *Task[T]) Run(team *Team, n, grain int, operands T) {
	r := t.take()
	r.operands = operands
	team.For(n, grain, r.work)
	var none T
	r.operands = none
	t.mu.Lock()
	t.idle = append(t.idle, r)
	t.mu.Unlock()
}

// take returns a run that is not in use.
func (t *Task[T]) take() *run[T] {
	t.mu.Lock()
	defer t.mu.Unlock()
	if n := len(t.idle) - 1; n >= 0 {
		r := t.idle[n]
		t.idle = t.idle[:n]
		return r
	}
	r := new(run[T])
	r.work = func(worker, lo, hi int) { t.f(&r.operands, worker, lo, hi) }
	return r
}

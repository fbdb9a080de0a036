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
	idle sync.Pool // of *run[T]
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
	r, _ := t.idle.Get().(*run[T])
	if r == nil {
		r = new(run[T])
		r.work = func(worker, lo, hi int) { t.f(&r.operands, worker, lo, hi) }
	}
	r.operands = operands
	team.For(n, grain, r.work)
	var none T
	r.operands = none
	t.idle.Put(r)
}

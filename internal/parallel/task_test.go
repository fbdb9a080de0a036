package parallel

import (
	"sync/atomic"
	"testing"
)

type addition struct{ to, from []int32 }

var add = NewTask(func(a *addition, _, lo, hi int) {
	for i := lo; i < hi; i++ {
		a.to[i] += a.from[i]
	}
})

func TestTaskWorksOnItsOperands(t *testing.T) {
	team := NewTeam(3)
	defer team.Close()
	for n := range 20 {
		a := addition{make([]int32, n), make([]int32, n)}
		for i := range n {
			a.from[i] = int32(i * n)
		}
		add.Run(team, n, 4, a)
		for i, v := range a.to {
			if v != a.from[i] {
				t.Errorf("element %d of %d is %d, want %d", i, n, v, a.from[i])
			}
		}
	}
}

func TestTaskAllocatesNothing(t *testing.T) {
	team := NewTeam(2)
	defer team.Close()
	var sum atomic.Int64
	count := NewTask(func(sum **atomic.Int64, _, lo, hi int) { (*sum).Add(int64(hi - lo)) })
	if n := testing.AllocsPerRun(100, func() { count.Run(team, 1000, 10, &sum) }); n != 0 {
		t.Errorf("Run allocates %v times", n)
	}
}

package main

import (
	"errors"
	"runtime"
	"testing"
)

func TestBounded(t *testing.T) {
	before := runtime.GOMAXPROCS(3)
	defer runtime.GOMAXPROCS(before)
	fault := errors.New("fault")
	for threads, want := range map[int]int{0: 3, 1: 1, 2: 2, 3: 3, 8: 3} {
		err := bounded(threads, func() error {
			if got := runtime.GOMAXPROCS(0); got != want {
				t.Errorf("%d threads: work has %d processors, want %d", threads, got, want)
			}
			return fault
		})
		if err != fault || runtime.GOMAXPROCS(0) != 3 {
			t.Errorf("%d threads: error %v, then %d processors", threads, err, runtime.GOMAXPROCS(0))
		}
	}
}

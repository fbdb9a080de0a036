package guardpage

import (
	"runtime/debug"
	"testing"
	"unsafe"
)

// faults tells whether reading an address faults.
func faults(at *float32) (faulted bool) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() { faulted = recover() != nil }()
	read = *at
	return false
}

var read float32

func TestPagesBesideFault(t *testing.T) {
	for _, n := range []int{1, 1023, 1024} {
		x := Memory[float32](t, n, true)
		if behind := unsafe.Add(unsafe.Pointer(&x[0]), 4*n); !faults((*float32)(behind)) {
			t.Errorf("what lies behind %d elements can be read", n)
		}
		x = Memory[float32](t, n, false)
		if before := unsafe.Add(unsafe.Pointer(&x[0]), -4); !faults((*float32)(before)) {
			t.Errorf("what lies before %d elements can be read", n)
		}
		if faults(&x[n-1]) {
			t.Errorf("the last of %d elements cannot be read", n)
		}
	}
}

package kernel

import (
	"fmt"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"github.com/dsbuild/dsbuild/internal/kernel/ceiling"
	"github.com/dsbuild/dsbuild/internal/kernel/isa"
)

// maxHold is how long a call may keep the scheduler waiting.
const maxHold = 100 * time.Microsecond

// TestCallsAreShort checks the work of the longest calls beside what the machine
// can do in maxHold.
func TestCallsAreShort(t *testing.T) {
	defer func(was isa.Variant) { current = was }(current)
	for _, v := range available {
		current = v
		lanes := map[isa.Variant]int{isa.Generic: 1, isa.AVX2: 8, isa.AVX512: 16}[v]
		speed := ceiling.GFLOPS(v)
		for _, columns := range []int{1, 16, 17, 32} {
			for rows := 1; rows <= tileRows(false); rows++ {
				for _, depth := range []int{1, 16, 100, maxSteps} {
					s := strip{Product: &Product{Depth: depth, Offsets: noOffset}, width: columns}
					b := bunch{rows: rows, tiles: 1 << 30}
					vectors := ceil(min(columns, tileColumns()), vectorColumns) * vectorColumns / lanes
					work := s.mostTiles(b) * rows * vectors * depth
					name := fmt.Sprintf("%v: tiles of %d x %d, depth %d", v, rows, columns, depth)
					if v != isa.Generic && work > maxMultiplies {
						t.Errorf("%s: a call multiplies %d vectors", name, work)
					}
					took := time.Duration(float64(2*work*lanes) / speed)
					if v != isa.Generic && took > maxHold {
						t.Errorf("%s: a call takes %v at least", name, took)
					}
				}
			}
		}
	}
}

func ceil(n, by int) int { return (n + by - 1) / by }

// TestOthersRunBesideMultiply lets a goroutine tick while the only processor
// works on one product for a time in which the runtime wants to change over
// several times.
func TestOthersRunBesideMultiply(t *testing.T) {
	if current == isa.Generic {
		t.Skip("plain Go can be interrupted anywhere")
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	var ticks atomic.Int64
	var over atomic.Bool
	done := make(chan struct{})
	go func() {
		defer close(done)
		for !over.Load() {
			ticks.Add(1)
			runtime.Gosched()
		}
	}()
	const depth, lines = maxSteps, 5000
	p := Product{ // the same rows again and again
		Lines: lines, Rows: 14, Columns: 32, Depth: depth,
		A: Matrix{Data: make([]float32, depth), Depth: 1},
		B: Panels{Data: make([]float32, depth*PanelColumns), Depth: PanelColumns},
		C: make([]float32, 14*32), CRow: 32,
	}
	before := ticks.Load()
	Multiply(p)
	during := ticks.Load() - before
	over.Store(true)
	<-done
	if during == 0 {
		t.Errorf("nothing else ran during %d tiles", lines)
	}
}

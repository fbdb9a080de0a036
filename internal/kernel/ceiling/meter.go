package ceiling

import (
	"slices"
	"time"

	"github.com/dsbuild/dsbuild/internal/kernel/isa"
)

// A Meter measures runs of a kernel, and between them the ceiling, so that both
// have the same neighbours on the machine. The zero values of Bytes and BF16
// are what most kernels need.
type Meter struct {
	Variant isa.Variant
	Workers int     // cores that a run uses
	Flops   float64 // of one run
	Bytes   float64 // that one run moves, for kernels that memory bounds
	BF16    bool    // the ceiling is that of bfloat16

	runs    []time.Duration
	ceiling float64
	checked time.Time
}

// checkEvery is how often the ceiling is measured.
const checkEvery = 20 * time.Millisecond

// Measure runs the kernel once.
func (m *Meter) Measure(run func()) {
	if time.Since(m.checked) > checkEvery {
		if m.BF16 {
			m.ceiling = max(m.ceiling, BF16())
		} else {
			m.ceiling = max(m.ceiling, GFLOPS(m.Variant))
		}
		m.checked = time.Now()
	}
	start := time.Now()
	run()
	m.runs = append(m.runs, time.Since(start))
}

// Report tells the speed of the twentieth part of the runs that were fastest, in
// GFLOP/s or GB/s, and what share of the ceiling of the workers' cores it is.
func (m *Meter) Report(metric func(value float64, unit string)) {
	if len(m.runs) == 0 {
		return
	}
	slices.Sort(m.runs)
	ns := float64(max(m.runs[len(m.runs)/20].Nanoseconds(), 1))
	if m.Bytes > 0 {
		metric(m.Bytes/ns, "GB/s")
	}
	if m.Flops > 0 && m.ceiling > 0 {
		speed := m.Flops / ns
		metric(speed, "GFLOP/s")
		metric(100*speed/(m.ceiling*float64(max(m.Workers, 1))), "%ceiling")
	}
}

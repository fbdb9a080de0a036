//go:build linux || darwin

package main

import (
	"runtime"
	"syscall"
	"time"
)

// resources are what the system says that this process has taken so far.
type resources struct {
	cpu     time.Duration // of all threads
	peakRSS int64         // bytes in memory at most
}

// taken asks the system.
func taken() resources {
	var r syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &r); err != nil {
		return resources{}
	}
	unit := int64(1 << 10)
	if runtime.GOOS == "darwin" {
		unit = 1
	}
	cpu := time.Duration(r.Utime.Nano() + r.Stime.Nano())
	return resources{cpu: cpu, peakRSS: int64(r.Maxrss) * unit}
}

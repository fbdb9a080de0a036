//go:build linux || darwin

package main

import (
	"bufio"
	"bytes"
	"os"
	"strconv"
	"syscall"
	"time"
)

// resources are what the system says that this process has taken so far.
type resources struct {
	cpu     time.Duration // of all threads
	peakRSS int64         // bytes in memory at most; 0 where the system does not tell
}

// taken asks the system.
func taken() resources {
	var r syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &r); err != nil {
		return resources{}
	}
	return resources{
		cpu: time.Duration(r.Utime.Nano() + r.Stime.Nano()), peakRSS: peakRSS(int64(r.Maxrss)),
	}
}

// peakRSS returns the most memory that this program has had. Linux counts in
// its figure for getrusage what the process had before it became this program,
// so there /proc is asked; elsewhere the figure is right, and in bytes.
func peakRSS(counted int64) int64 {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return counted
	}
	for lines := bufio.NewScanner(bytes.NewReader(status)); lines.Scan(); {
		field, isPeak := bytes.CutPrefix(lines.Bytes(), []byte("VmHWM:"))
		if !isPeak {
			continue
		}
		kib, err := strconv.ParseInt(string(bytes.Trim(field, " \tkB")), 10, 64)
		if err != nil {
			return 0
		}
		return kib << 10
	}
	return 0
}

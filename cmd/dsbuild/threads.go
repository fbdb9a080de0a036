package main

import (
	"runtime"

	"github.com/urfave/cli/v2"
)

func threadsFlag() cli.Flag {
	return &cli.IntFlag{Name: "threads", DefaultText: "one per processor",
		Usage: "use at most `N` threads; the result does not depend on it",
		Action: func(c *cli.Context, n int) error {
			return checkThreads(fullName(c), "threads", n)
		}}
}

// bounded does work on so many processors at most; below 1 it is on all of them.
// The goroutines that decode pictures and those that compute then share these:
// each kind alone has as many, so that none stands idle while there is work.
func bounded(threads int, work func() error) error {
	if before := runtime.GOMAXPROCS(0); threads > 0 && threads < before {
		runtime.GOMAXPROCS(threads)
		defer runtime.GOMAXPROCS(before)
	}
	return work()
}

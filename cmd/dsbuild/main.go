// Command dsbuild takes a person from a list of class names or a folder of
// pictures to a clean, versioned data set and a trained baseline network.
//
// In go flags and the recipe dsbuild.yaml of a data set; out come the files
// that the stages write, a result on standard output and a code from the
// table in exit.go:
//
//	dsbuild import --from photos --dir pets
//	dsbuild curate --dir pets
//	dsbuild split --dir pets
//	dsbuild train --dir pets
//	dsbuild eval --dir pets
//
// Each command has a file of its own with two functions: curateCommand says
// which flags there are and fills the stage's Options from the recipe and
// from them; runCurate runs the stage and shows its report. This is the only
// package that knows the terminal, flags and exit codes, and the only one
// that knows all of the stages.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// noticeAfter is how long a signal may seem to have had no effect.
const noticeAfter = time.Second

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, func() {
		stop() // a second signal ends the process at once
		time.AfterFunc(noticeAfter, func() {
			fmt.Fprintln(os.Stderr, "\ndsbuild: stopping (press Ctrl-C again to stop at once)")
		})
	})
	code := run(ctx, os.Args, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// run is the program: it returns the exit code.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	err := newApp(stdout, stderr).RunContext(ctx, args)
	explain(stderr, err)
	return exitCode(err)
}

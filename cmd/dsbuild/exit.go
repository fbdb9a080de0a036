package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
)

// The exit codes.
const (
	exitDone        = 0
	exitError       = 1
	exitUsage       = 2   // the call or the recipe is faulty; nothing was done
	exitPartial     = 3   // done, but some items were rejected by errors
	exitInterrupted = 130 // Ctrl-C or SIGTERM; the same call goes on from there
)

// A usageError is a fault in what the person wrote: flags or recipe.
type usageError struct {
	command string // whose help explains it, or empty for the program's
	err     error
}

func (e *usageError) Error() string { return e.err.Error() }
func (e *usageError) Unwrap() error { return e.err }

// usagef returns a usageError of a command.
func usagef(command, format string, args ...any) error {
	return &usageError{command, fmt.Errorf(format, args...)}
}

// A partialError tells that the work is done except for some items.
type partialError struct{ err error }

func (e *partialError) Error() string { return e.err.Error() }
func (e *partialError) Unwrap() error { return e.err }

// partialf returns a partialError.
func partialf(format string, args ...any) error {
	return &partialError{fmt.Errorf(format, args...)}
}

// A startOverError tells that a command was interrupted that cannot go on from
// there, and what to do instead.
type startOverError struct {
	advice string
	err    error
}

func (e *startOverError) Error() string { return e.err.Error() }
func (e *startOverError) Unwrap() error { return e.err }

// plainText returns an error's words without those of the system on a file that
// is not there, where they repeat what was said.
func plainText(err error) string {
	text := err.Error()
	if strings.Contains(text, "is not there") {
		text = strings.ReplaceAll(text, ": "+fs.ErrNotExist.Error(), "")
	}
	return text
}

// exitCode looks an error up in the table.
func exitCode(err error) int {
	var usage *usageError
	var partial *partialError
	switch {
	case err == nil:
		return exitDone
	case errors.Is(err, context.Canceled):
		return exitInterrupted
	case errors.As(err, &usage):
		return exitUsage
	case errors.As(err, &partial):
		return exitPartial
	default:
		return exitError
	}
}

// explain writes an error for a person to read, with what to do about it.
func explain(w io.Writer, err error) {
	if err == nil {
		return
	}
	if over, ok := errors.AsType[*startOverError](err); ok {
		fmt.Fprintf(w, "dsbuild: interrupted (%s)\n", over.advice)
		return
	}
	if exitCode(err) == exitInterrupted {
		fmt.Fprintln(w, "dsbuild: interrupted (run the same command again to continue)")
		return
	}
	fmt.Fprintf(w, "dsbuild: %s\n", plainText(err))
	if usage, ok := errors.AsType[*usageError](err); ok {
		fmt.Fprintf(w, "see: %s --help\n", joinWords("dsbuild", usage.command))
	}
}

// Package lock keeps two programs from changing one thing at a time.
//
// In go a file that stands for the thing and the name of it, out comes a lock
// that vanishes with its process, however that ends:
//
//	held, err := lock.Acquire("pets/.dsbuild.lock", "pets")
//	if err != nil {
//		return err // pets is in use: process 4711 is changing it
//	}
//	defer held.Release()
//
// The lock is advisory: it holds among those who ask for it.
package lock

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
)

// A HeldError tells that another process holds the lock.
type HeldError struct {
	Name string // of the thing
	PID  int    // of the holder, or 0 where it is not known
}

func (e *HeldError) Error() string {
	who := "another process"
	if e.PID > 0 {
		who = fmt.Sprintf("process %d", e.PID)
	}
	return fmt.Sprintf("%s is in use: %s is changing it (wait for that one, or end it)", e.Name, who)
}

// A Lock is the right to change a thing.
type Lock struct{ f *os.File }

// errHeld is what tryLock says of a lock that somebody else has.
var errHeld = errors.New("held")

// Acquire takes the lock that the file at path carries, without waiting. The
// file is made where it is missing, but its folder is not; when the lock is
// released it stays, empty. Where another process holds the lock the error is a
// *HeldError, which calls what the lock is for by name.
func Acquire(path, name string) (*Lock, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, err
	}
	switch err := tryLock(f); {
	case errors.Is(err, errHeld):
		return nil, errors.Join(&HeldError{Name: name, PID: readPID(f)}, f.Close())
	case err != nil:
		return nil, errors.Join(fmt.Errorf("%s: %w", f.Name(), err), f.Close())
	}
	if err := writePID(f); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return &Lock{f}, nil
}

// Release gives the lock back. It must be called once.
func (l *Lock) Release() error {
	// The number of a process that is gone would only mislead.
	return errors.Join(l.f.Truncate(0), l.f.Close())
}

func writePID(f *os.File) error {
	if err := f.Truncate(0); err != nil {
		return err
	}
	_, err := f.WriteAt([]byte(strconv.Itoa(os.Getpid())+"\n"), 0)
	return err
}

// readPID returns the holder's number, or 0 where the file does not tell it.
func readPID(f *os.File) int {
	buf := make([]byte, 32)
	n, err := f.ReadAt(buf, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return 0
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(buf[:n])))
	if err != nil {
		return 0
	}
	return pid
}

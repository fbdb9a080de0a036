// Package lock keeps two programs from changing one folder at a time.
//
// In goes a folder, out comes a lock that vanishes with its process, however
// that ends:
//
//	held, err := lock.Acquire("pets")
//	if err != nil {
//		return err // says which process is at work there
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
	"path/filepath"
	"strconv"
	"strings"
)

// FileName is the file within the folder that carries the lock. It stays when
// the lock is released, empty.
const FileName = ".dsbuild.lock"

// A HeldError tells that another process holds the lock.
type HeldError struct {
	Folder string
	PID    int // of the holder, or 0 where it is not known
}

func (e *HeldError) Error() string {
	who := "another process"
	if e.PID > 0 {
		who = fmt.Sprintf("process %d", e.PID)
	}
	return fmt.Sprintf("%s is in use: %s is changing it (wait for that one, or end it)", e.Folder, who)
}

// A Lock is the right to change a folder.
type Lock struct{ f *os.File }

// errHeld is what tryLock says of a lock that somebody else has.
var errHeld = errors.New("held")

// Acquire takes the lock of a folder, which must be there, without waiting.
// Where another process holds it the error is a *HeldError.
func Acquire(folder string) (*Lock, error) {
	f, err := os.OpenFile(filepath.Join(folder, FileName), os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, err
	}
	switch err := tryLock(f); {
	case errors.Is(err, errHeld):
		return nil, errors.Join(&HeldError{Folder: folder, PID: readPID(f)}, f.Close())
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

package lock

import (
	"errors"
	"os"

	"golang.org/x/sys/windows"
)

// tryLock takes the lock or returns errHeld. The system drops it when the
// process ends. The locked byte lies far behind the file's content, which
// others may still read.
func tryLock(f *os.File) error {
	far := &windows.Overlapped{OffsetHigh: 1 << 30}
	const flags = windows.LOCKFILE_EXCLUSIVE_LOCK | windows.LOCKFILE_FAIL_IMMEDIATELY
	err := windows.LockFileEx(windows.Handle(f.Fd()), flags, 0, 1, 0, far)
	if errors.Is(err, windows.ERROR_LOCK_VIOLATION) {
		return errHeld
	}
	return err
}

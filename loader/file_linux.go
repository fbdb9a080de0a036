package loader

import (
	"fmt"
	"io"
	"io/fs"
	"unsafe"

	"golang.org/x/sys/unix"
)

// A file reads one file after the other without allocating, once its memory
// fits the largest.
type file struct {
	data []byte
	path []byte
	stat unix.Stat_t
}

// read returns the bytes of the file of a name within a folder, valid until the
// next call.
func (f *file) read(folder, name string) ([]byte, error) {
	f.path = append(append(append(append(f.path[:0], folder...), '/'), name...), 0)
	fd, err := f.open()
	if err != nil {
		return nil, &fs.PathError{Op: "open", Path: folder + "/" + name, Err: err}
	}
	defer unix.Close(fd) // a file that was only read has nothing left to fail
	if err := unix.Fstat(fd, &f.stat); err != nil {
		return nil, &fs.PathError{Op: "stat", Path: folder + "/" + name, Err: err}
	}
	if f.stat.Mode&unix.S_IFMT != unix.S_IFREG || f.stat.Size > maxFileBytes {
		return nil, fmt.Errorf("%s/%s is not a regular file of at most 1 GiB", folder, name)
	}
	f.data = withRoom(f.data, f.stat.Size)
	for at := 0; at < len(f.data); {
		n, err := unix.Read(fd, f.data[at:])
		switch {
		case err == unix.EINTR:
		case err != nil:
			return nil, &fs.PathError{Op: "read", Path: folder + "/" + name, Err: err}
		case n == 0:
			return nil, fmt.Errorf("%s/%s: %w", folder, name, io.ErrUnexpectedEOF)
		}
		at += max(n, 0)
	}
	return f.data, nil
}

// open opens the file at f.path, which ends in a zero byte: unix.Open would
// copy it. It does not wait for what writes to a pipe.
func (f *file) open() (int, error) {
	const flags = unix.O_RDONLY | unix.O_CLOEXEC | unix.O_NONBLOCK
	here := unix.AT_FDCWD
	for {
		fd, _, errno := unix.Syscall6(unix.SYS_OPENAT, uintptr(here),
			uintptr(unsafe.Pointer(&f.path[0])), flags, 0, 0, 0)
		switch errno {
		case 0:
			return int(fd), nil
		case unix.EINTR:
		default:
			return -1, errno
		}
	}
}

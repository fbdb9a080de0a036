//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package pack

import (
	"errors"
	"fmt"
	"math"
	"os"

	"golang.org/x/sys/unix"
)

// A shard is a file mapped into memory.
type shard struct{ data []byte }

// openShard maps the file at path, which must have that many bytes.
func openShard(path string, size int64) (s shard, err error) {
	f, err := os.Open(path)
	if err != nil {
		return s, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if err := checkSize(f, size); err != nil {
		return s, err
	}
	if size == 0 {
		return s, nil
	}
	if size > math.MaxInt {
		return s, fmt.Errorf("%s: %d bytes are more than this system can map", path, size)
	}
	s.data, err = unix.Mmap(int(f.Fd()), 0, int(size), unix.PROT_READ, unix.MAP_SHARED)
	if err != nil {
		return s, fmt.Errorf("%s: %w", path, err)
	}
	return s, nil
}

// read returns bytes that the index has been checked to have.
func (s shard) read(offset int64, n int) ([]byte, error) {
	return s.data[offset : offset+int64(n) : offset+int64(n)], nil
}

func (s shard) close() error {
	if s.data == nil {
		return nil
	}
	return unix.Munmap(s.data)
}

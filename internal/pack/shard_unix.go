//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package pack

import (
	"errors"
	"fmt"
	"math"
	"os"

	"golang.org/x/sys/unix"
)

// A shard is an open file that is mapped into memory.
type shard struct {
	f    *os.File
	fd   int // of f
	data []byte
}

// openShard maps the file at path, which must have that many bytes.
func openShard(path string, size int64) (shard, error) {
	f, err := openFile(path, size)
	if err != nil {
		return shard{}, err
	}
	s := shard{f: f, fd: int(f.Fd())}
	if size == 0 {
		return s, nil
	}
	if size > math.MaxInt {
		err := fmt.Errorf("%s: %d bytes are more than this system can map", path, size)
		return shard{}, errors.Join(err, f.Close())
	}
	s.data, err = unix.Mmap(s.fd, 0, int(size), unix.PROT_READ, unix.MAP_SHARED)
	if err != nil {
		return shard{}, errors.Join(fmt.Errorf("%s: %w", path, err), f.Close())
	}
	return s, nil
}

// at returns bytes that the index has been checked to have. Memory beyond the
// end of a file that was cut short must not be touched, so the file's size is
// asked for each time.
func (s *shard) at(offset int64, n int) ([]byte, error) {
	var stat unix.Stat_t
	if err := unix.Fstat(s.fd, &stat); err != nil {
		return nil, err
	}
	if stat.Size < int64(len(s.data)) {
		return nil, errCutShort
	}
	return s.data[offset : offset+int64(n) : offset+int64(n)], nil
}

func (s *shard) close() error {
	err := s.f.Close()
	if s.data != nil {
		err = errors.Join(err, unix.Munmap(s.data))
	}
	return err
}

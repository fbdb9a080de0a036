//go:build !(darwin || dragonfly || freebsd || linux || netbsd || openbsd)

package pack

import (
	"errors"
	"os"
)

// A shard is an open file.
type shard struct{ f *os.File }

// openShard opens the file at path, which must have that many bytes.
func openShard(path string, size int64) (shard, error) {
	f, err := os.Open(path)
	if err != nil {
		return shard{}, err
	}
	if err := checkSize(f, size); err != nil {
		return shard{}, errors.Join(err, f.Close())
	}
	return shard{f}, nil
}

// read returns bytes that the index has been checked to have.
func (s shard) read(offset int64, n int) ([]byte, error) {
	data := make([]byte, n)
	_, err := s.f.ReadAt(data, offset)
	return data, err
}

func (s shard) close() error { return s.f.Close() }

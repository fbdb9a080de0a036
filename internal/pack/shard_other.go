//go:build !(darwin || dragonfly || freebsd || linux || netbsd || openbsd)

package pack

import "os"

// A shard is an open file.
type shard struct{ f *os.File }

// openShard opens the file at path, which must have that many bytes.
func openShard(path string, size int64) (shard, error) {
	f, err := openFile(path, size)
	return shard{f}, err
}

// at returns bytes that the index has been checked to have.
func (s *shard) at(offset int64, n int) ([]byte, error) {
	return s.read(nil, offset, n)
}

func (s *shard) close() error { return s.f.Close() }

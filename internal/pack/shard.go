package pack

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
)

// errCutShort says that a shard had its size when it was opened.
var errCutShort = errors.New("the shard has been cut short since it was opened")

// errNoShard says that there is an index, but not the shard that it names.
var errNoShard = errors.New("the shard is not there")

// openFile opens the file of a shard, which must have that many bytes.
func openFile(path string, size int64) (*os.File, error) {
	info, err := os.Stat(path) // opening a pipe would wait
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s: %w", path, errNoShard)
	}
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is not a regular file", path)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	if info, err = f.Stat(); err == nil && info.Size() != size {
		err = fmt.Errorf("%s has %d bytes, where the index says %d", path, info.Size(), size)
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// read reads bytes that the index has been checked to have, in memory of buf
// as far as it reaches.
func (s *shard) read(buf []byte, offset int64, n int) ([]byte, error) {
	buf = slices.Grow(buf[:0], n)[:n]
	_, err := s.f.ReadAt(buf, offset)
	if errors.Is(err, io.EOF) {
		err = errCutShort
	}
	if err != nil {
		return nil, err
	}
	return buf, nil
}

//go:build !linux

package loader

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// A file reads one file after the other into the same memory.
type file struct{ data []byte }

// read returns the bytes of the file of a name within a folder, valid until the
// next call.
func (f *file) read(folder, name string) ([]byte, error) {
	path := filepath.Join(folder, filepath.FromSlash(name))
	opened, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer opened.Close()
	info, err := opened.Stat()
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() || info.Size() > maxFileBytes {
		return nil, fmt.Errorf("%s is not a regular file of at most 1 GiB", path)
	}
	f.data = withRoom(f.data, info.Size())
	if _, err := io.ReadFull(opened, f.data); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return f.data, nil
}

// Package store keeps collected images: bytes flow in, files named by their
// own hash lie in raw/<class>/, and samples flow out.
//
// A stored file is never changed. Storing the same bytes again does nothing,
// so a run that was killed can simply be run again:
//
//	sample, err := store.Open(dir).Put("corgi", data, header)
package store

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"github.com/dsbuild/dsbuild/dataset"
	"github.com/dsbuild/dsbuild/internal/codec"
)

// nameDigits is how much of the hash names a file: 64 bits, so that among a
// million images of a class two share a name once in 37 million data sets.
const nameDigits = 16

// A Store is a folder of images in one data set. It is safe for concurrent use.
type Store struct {
	dir    dataset.Dir
	folder string

	mu       sync.Mutex
	prepared map[string]bool // folders that exist and are clear of old leavings
	fresh    map[string]bool // folders with files that are not yet durable
}

// Open returns the store of a data set's collected images, the folder raw.
// The folders are made when needed.
func Open(dir dataset.Dir) *Store { return OpenFolder(dir, "raw") }

// OpenFolder returns the store of another folder of a data set, for images
// that dsbuild makes itself.
func OpenFolder(dir dataset.Dir, folder string) *Store {
	return &Store{
		dir: dir, folder: folder, prepared: map[string]bool{}, fresh: map[string]bool{},
	}
}

// Put stores the bytes of one image under its class and returns the sample
// that describes the file. The header is what codec.Probe told of data.
// The file is durable after the next Sync.
func (s *Store) Put(label string, data []byte, header codec.Header) (dataset.Sample, error) {
	if err := dataset.CheckLabel(label); err != nil {
		return dataset.Sample{}, err
	}
	sum := sha256.Sum256(data)
	digest := hex.EncodeToString(sum[:])
	sample := dataset.Sample{
		FileName: s.folder + "/" + label + "/" + digest[:nameDigits] + codec.Extension(header.Format),
		Label:    label,
		SHA256:   digest,
		Width:    header.Width,
		Height:   header.Height,
		Channels: header.Channels,
		Format:   header.Format,
		Bytes:    int64(len(data)),
	}
	path := s.dir.Path(sample.FileName)
	switch stored, err := holds(path, data); {
	case err != nil:
		return dataset.Sample{}, err
	case stored:
		return sample, nil
	}
	if err := s.write(path, data); err != nil {
		return dataset.Sample{}, err
	}
	return sample, nil
}

// holds tells whether the file at path has these very bytes. One that a power
// cut left short does not, and is written again.
func holds(path string, data []byte) (bool, error) {
	info, err := os.Lstat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return false, nil
	case err != nil:
		return false, err
	case !info.Mode().IsRegular():
		return false, fmt.Errorf("%s is not a regular file: move it away", path)
	case info.Size() != int64(len(data)):
		return false, nil
	}
	stored, err := os.ReadFile(path)
	if err != nil {
		return false, err
	}
	return bytes.Equal(stored, data), nil
}

// write puts data beside path and renames it, so that the name never stands
// for half a file.
func (s *Store) write(path string, data []byte) error {
	folder := filepath.Dir(path)
	if err := s.touch(folder); err != nil {
		return err
	}
	f, err := os.CreateTemp(folder, dataset.TempPrefix+"*")
	if err != nil {
		return err
	}
	if _, err := f.Write(data); err != nil {
		return errors.Join(fmt.Errorf("%s: %w", path, err), f.Close(), os.Remove(f.Name()))
	}
	if err := f.Close(); err != nil {
		return errors.Join(fmt.Errorf("%s: %w", path, err), os.Remove(f.Name()))
	}
	if err := os.Chmod(f.Name(), 0o644); err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return os.Rename(f.Name(), path)
}

// touch makes a folder, once, clears it of what a killed run left half
// written, and remembers to sync it.
func (s *Store) touch(folder string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fresh[folder] = true
	if s.prepared[folder] {
		return nil
	}
	if err := os.MkdirAll(folder, 0o777); err != nil {
		return err
	}
	if err := dataset.RemoveLeftovers(folder); err != nil {
		return err
	}
	s.prepared[folder] = true
	return nil
}

// Sync makes all files put so far durable. Call it before writing a manifest
// that names them.
func (s *Store) Sync() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for folder := range s.fresh {
		if err := syncFolder(folder); err != nil {
			return fmt.Errorf("%s: %w", folder, err)
		}
		delete(s.fresh, folder)
	}
	return nil
}

package loader

import (
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/dsbuild/dsbuild/dataset"
	"github.com/dsbuild/dsbuild/internal/codec"
	"github.com/dsbuild/dsbuild/pixel"
)

// An entry is what a loader keeps of a sample.
type entry struct {
	name  string
	label int32
}

// A reader reads the manifests of one data set.
type reader struct {
	dir     dataset.Dir
	info    dataset.Info
	classes map[string]int32
}

func openReader(dir dataset.Dir) (*reader, error) {
	info, err := dataset.ReadInfo(dir)
	if err != nil {
		return nil, err
	}
	classes := make(map[string]int32, len(info.Classes))
	for i, label := range info.Classes {
		classes[label] = int32(i)
	}
	return &reader{dir, info, classes}, nil
}

// split reads the manifest of a split, which must be the one that dataset.json
// describes. Each sample is shown to check.
func (r *reader) split(split dataset.Split, check func(dataset.Sample) error) ([]entry, error) {
	path := r.dir.Split(split)
	fingerprint := dataset.NewFingerprinter()
	entries, err := r.read(path, split, "dsbuild split", func(s dataset.Sample) error {
		fingerprint.Add(s)
		return check(s)
	})
	if err != nil {
		return nil, err
	}
	return entries, r.info.VerifyFingerprint(r.dir, path, fingerprint.Sum())
}

// read reads a manifest that the named command writes. All of its samples must
// be of the split, of known classes, and pass the check.
func (r *reader) read(
	path string, split dataset.Split, command string, check func(dataset.Sample) error,
) ([]entry, error) {
	var entries []entry
	err := dataset.ForEach(path, func(s dataset.Sample) error {
		if s.Split != split {
			return fmt.Errorf("split is %q in the manifest of %s", s.Split, split)
		}
		label, ok := r.classes[s.Label]
		if !ok {
			_, err := r.info.Classes.Index(s.Label)
			return err
		}
		entries = append(entries, entry{s.FileName, label})
		return check(s)
	})
	if errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("%s is not there (run: %s): %w", path, command, err)
	}
	if err == nil && len(entries) == 0 {
		err = fmt.Errorf("%s has no samples (run: %s)", path, command)
	}
	return entries, err
}

// A scratch is memory that one worker uses for one image after the other.
type scratch struct {
	data   []byte
	plan   pixel.Plan
	images pixel.Scratch
}

// read returns the bytes of the file at path, valid until the next call.
func (s *scratch) read(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	const most = 1 << 30
	size := info.Size()
	if !info.Mode().IsRegular() || size > most {
		return nil, fmt.Errorf("%s is no regular file of at most 1 GiB", path)
	}
	if int64(cap(s.data)) < size {
		s.data = make([]byte, size+size/4)
	}
	data := s.data[:size]
	if _, err := io.ReadFull(f, data); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return data, nil
}

// A decoder turns files of a data set into images under plans.
type decoder struct {
	dir    dataset.Dir
	input  Input
	limits codec.Limits
}

// load returns the image of a file after the plan that draw puts into s for
// its size. A badImageError is one of the file; others are the program's.
func (d *decoder) load(
	s *scratch, name string, draw func(width, height int),
) (*pixel.Image, error) {
	data, err := s.read(d.dir.Path(name))
	if err != nil {
		return nil, &badImageError{name, err}
	}
	header, err := codec.Probe(data, d.limits)
	if err != nil {
		return nil, &badImageError{name, err}
	}
	draw(header.Width, header.Height)
	if w, h := s.plan.Size(header.Width, header.Height); w != d.input.Width || h != d.input.Height {
		return nil, fmt.Errorf("loader: the augmentation makes %s an image of %dx%d pixels, "+
			"and the input has %dx%d: let a crop or resize decide the size (augment.Pipeline.For)",
			name, w, h, d.input.Width, d.input.Height)
	}
	m, _, err := codec.Decode(data, d.limits)
	if err != nil {
		return nil, &badImageError{name, err}
	}
	return s.plan.Apply(m.WithChannels(d.input.Channels), &s.images), nil
}

// A badImageError says that a file holds no image that can be used.
type badImageError struct {
	name string
	err  error
}

func (e *badImageError) Error() string { return e.name + ": " + e.err.Error() }
func (e *badImageError) Unwrap() error { return e.err }

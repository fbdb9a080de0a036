package dataset

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"strings"
)

// maxLineBytes bounds one line of a manifest: far above any real sample, far
// below what a hostile file could make us hold.
const maxLineBytes = 16 << 20

// A LineError is a fault in one line of a manifest.
type LineError struct {
	Path string
	Line int // counted from 1
	Err  error
}

func (e *LineError) Error() string { return fmt.Sprintf("%s:%d: %v", e.Path, e.Line, e.Err) }
func (e *LineError) Unwrap() error { return e.Err }

// ReadManifest yields the samples of a manifest in the file's order. It stops
// at the first fault with an error that names file and line. Nothing but the
// current line is held in memory.
func ReadManifest(path string) iter.Seq2[Sample, error] {
	return func(yield func(Sample, error) bool) {
		f, err := os.Open(path)
		if err != nil {
			yield(Sample{}, err)
			return
		}
		defer f.Close()
		for sample, err := range DecodeManifest(path, f) {
			if !yield(sample, err) {
				return
			}
		}
	}
}

// DecodeManifest is ReadManifest on an open reader; name stands for the path
// in errors.
func DecodeManifest(name string, r io.Reader) iter.Seq2[Sample, error] {
	return func(yield func(Sample, error) bool) {
		for line, err := range lines(name, r) {
			var s Sample
			if err == nil {
				if s, err = parseSample(line.text); err != nil {
					err = &LineError{Path: name, Line: line.number, Err: err}
				}
			}
			if !yield(s, err) || err != nil {
				return
			}
		}
	}
}

// ForEach calls f for each sample of a manifest. It stops at the first fault;
// an error of f comes back as a LineError, too, which names file and line.
func ForEach(path string, f func(Sample) error) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	for line, err := range lines(path, file) {
		if err != nil {
			return err
		}
		s, err := parseSample(line.text)
		if err == nil {
			err = f(s)
		}
		if err != nil {
			return &LineError{Path: path, Line: line.number, Err: err}
		}
	}
	return nil
}

// ReadAll returns all samples of a manifest and also refuses a file_name that
// comes twice.
func ReadAll(path string) ([]Sample, error) {
	var samples []Sample
	first := map[string]int{}
	words := vocabulary{}
	err := ForEach(path, func(s Sample) error {
		words.share(&s)
		if before, ok := first[s.FileName]; ok {
			return fmt.Errorf("file_name %q is already in sample %d: remove one of the two lines",
				s.FileName, before)
		}
		samples = append(samples, s)
		first[s.FileName] = len(samples)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return samples, nil
}

// ReadAllIfExists is ReadAll, but a manifest that is not there has no samples.
func ReadAllIfExists(path string) ([]Sample, error) {
	samples, err := ReadAll(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return samples, err
}

// WriteManifest replaces the manifest at path atomically. The samples must
// come in order, as Sort leaves them, and each file_name once.
func WriteManifest(path string, samples iter.Seq[Sample]) error {
	return WriteFile(path, func(w io.Writer) error {
		var previous Sample
		for s := range samples {
			if err := s.Check(); err != nil {
				return fmt.Errorf("%s: %q: %w", path, s.FileName, err)
			}
			if previous.FileName != "" && Compare(previous, s) >= 0 {
				return fmt.Errorf("%s: %q comes after %q: samples must be sorted and unique",
					path, s.FileName, previous.FileName)
			}
			line, err := marshal(s)
			if err != nil {
				return fmt.Errorf("%s: %q: %w", path, s.FileName, err)
			}
			if _, err := w.Write(append(line, '\n')); err != nil {
				return fmt.Errorf("%s: %w", path, err)
			}
			previous = s
		}
		return nil
	})
}

// Check tells what keeps a sample from standing in a manifest.
func (s *Sample) Check() error {
	if err := checkFileName("file_name", s.FileName); err != nil {
		return err
	}
	if s.Mask != "" {
		if err := checkFileName("mask", s.Mask); err != nil {
			return err
		}
	}
	if err := CheckLabel(s.Label); err != nil {
		return err
	}
	if s.Split != "" {
		if _, err := ParseSplit(string(s.Split)); err != nil {
			return err
		}
	}
	if s.Width < 0 || s.Height < 0 || s.Bytes < 0 {
		return errors.New("width, height or bytes is negative")
	}
	return nil
}

// checkFileName refuses names that could lead out of the data set's folder.
func checkFileName(field, name string) error {
	switch {
	case name == "":
		return fmt.Errorf("%s is missing", field)
	case strings.ContainsAny(name, "\\\x00"):
		return fmt.Errorf("%s %q must use forward slashes", field, name)
	case strings.HasPrefix(name, "/") || !filepath.IsLocal(filepath.FromSlash(name)):
		return fmt.Errorf("%s %q leads out of the data set's folder", field, name)
	}
	return nil
}

func parseSample(text []byte) (Sample, error) {
	var s Sample
	if err := json.Unmarshal(text, &s); err != nil {
		return Sample{}, explain(err)
	}
	if err := s.Check(); err != nil {
		return Sample{}, err
	}
	return s, nil
}

// A textLine is one line of a file, without its end.
type textLine struct {
	number int
	text   []byte
}

// lines yields the lines that are not blank. The text is valid until the next.
func lines(name string, r io.Reader) iter.Seq2[textLine, error] {
	return func(yield func(textLine, error) bool) {
		scanner := bufio.NewScanner(r)
		scanner.Buffer(make([]byte, 0, 64<<10), maxLineBytes)
		number := 0
		for scanner.Scan() {
			number++
			text := bytes.TrimSpace(scanner.Bytes())
			if len(text) > 0 && !yield(textLine{number, text}, nil) {
				return
			}
		}
		if err := scanner.Err(); err != nil {
			if errors.Is(err, bufio.ErrTooLong) {
				err = fmt.Errorf("line is longer than %d MiB", maxLineBytes>>20)
			}
			yield(textLine{}, &LineError{Path: name, Line: number + 1, Err: err})
		}
	}
}

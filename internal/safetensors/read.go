package safetensors

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"slices"

	"gorgonia.org/tensor"
)

// Read reads the file at path. It takes no more memory than a few times what
// the file's size justifies.
func Read(path string) (File, error) {
	f, err := os.Open(path)
	if err != nil {
		return File{}, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return File{}, err
	}
	file, err := Decode(f, info.Size())
	if err != nil {
		return File{}, fmt.Errorf("%s: %w", path, err)
	}
	return file, nil
}

// Decode reads a file of the given size in bytes from r. It refuses whatever
// breaks the format: the tensors must fill the file, without gaps or overlaps.
func Decode(r io.Reader, size int64) (File, error) {
	entries, metadata, rest, err := decodeHeader(r, size)
	if err != nil {
		return File{}, err
	}
	if err := checkEntries(entries, rest); err != nil {
		return File{}, err
	}
	file := File{Tensors: make(map[string]*tensor.Dense, len(entries)), Metadata: metadata}
	for _, e := range entries {
		if file.Tensors[e.name], err = decodeTensor(r, e.entry); err != nil {
			return File{}, fmt.Errorf("tensor %q: %w", e.name, err)
		}
	}
	return file, nil
}

type namedEntry struct {
	entry
	name string
}

// decodeHeader returns the tensors that the header names, its metadata and
// how many bytes follow.
func decodeHeader(r io.Reader, size int64) ([]namedEntry, map[string]string, int64, error) {
	var length uint64
	if err := binary.Read(r, binary.LittleEndian, &length); err != nil || size < 8 {
		return nil, nil, 0, errors.New("is not a safetensors file: it has less than 8 bytes")
	}
	if length > maxHeaderBytes || int64(length) > size-8 {
		return nil, nil, 0, fmt.Errorf("is not a safetensors file: its header would have %d bytes, "+
			"but the file has %d", length, size)
	}
	text := make([]byte, length)
	if _, err := io.ReadFull(r, text); err != nil {
		return nil, nil, 0, fmt.Errorf("header: %w", err)
	}
	var raw map[string]json.RawMessage
	if err := json.Unmarshal(text, &raw); err != nil {
		return nil, nil, 0, fmt.Errorf("header: %w", err)
	}
	var metadata map[string]string
	var entries []namedEntry
	for name, value := range raw {
		var err error
		if name == metadataName {
			err = json.Unmarshal(value, &metadata)
		} else {
			e := namedEntry{name: name}
			strict := json.NewDecoder(bytes.NewReader(value))
			strict.DisallowUnknownFields()
			err = strict.Decode(&e.entry)
			entries = append(entries, e)
		}
		if err != nil {
			return nil, nil, 0, fmt.Errorf("header: %q: %w", name, err)
		}
	}
	return entries, metadata, size - 8 - int64(length), nil
}

// checkEntries sorts the tensors by place and checks that they fill size bytes.
func checkEntries(entries []namedEntry, size int64) error {
	slices.SortFunc(entries, func(a, b namedEntry) int {
		return cmp.Or(cmp.Compare(a.Offsets[0], b.Offsets[0]), cmp.Compare(a.Offsets[1], b.Offsets[1]),
			cmp.Compare(a.name, b.name))
	})
	var end int64
	for _, e := range entries {
		bytes := itemSize(e.Type)
		if bytes == 0 {
			return fmt.Errorf("tensor %q has type %q, but only F32 and I64 are supported", e.name, e.Type)
		}
		for _, side := range e.Shape {
			if side < 0 || side > 0 && bytes > math.MaxInt64/side {
				return fmt.Errorf("tensor %q has shape %v", e.name, e.Shape)
			}
			bytes *= side
		}
		if e.Offsets[1] > size && e.Offsets[0] >= end {
			return fmt.Errorf("is truncated: tensor %q ends at byte %d of the values, but there are only %d",
				e.name, e.Offsets[1], size)
		}
		// A tensor of no values would have any shape at no cost.
		if bytes == 0 || e.Offsets[0] != end || bytes > size-end || e.Offsets[1] != end+bytes {
			return fmt.Errorf("tensor %q of shape %v is at bytes %v, but must be at %d to %d",
				e.name, e.Shape, e.Offsets, end, end+bytes)
		}
		end += bytes
	}
	if end != size {
		return fmt.Errorf("the tensors have %d bytes, but the file has %d", end, size)
	}
	return nil
}

// decodeTensor reads the values of a tensor.
func decodeTensor(r io.Reader, e entry) (*tensor.Dense, error) {
	count := (e.Offsets[1] - e.Offsets[0]) / itemSize(e.Type)
	var data any
	if e.Type == "I64" {
		data = make([]int64, count)
	} else {
		data = make([]float32, count)
	}
	if err := binary.Read(r, binary.LittleEndian, data); err != nil {
		return nil, err
	}
	if len(e.Shape) == 0 {
		if values, ok := data.([]int64); ok {
			return tensor.New(tensor.FromScalar(values[0])), nil
		}
		return tensor.New(tensor.FromScalar(data.([]float32)[0])), nil
	}
	shape := make([]int, len(e.Shape))
	for i, side := range e.Shape {
		shape[i] = int(side)
	}
	return tensor.New(tensor.WithShape(shape...), tensor.WithBacking(data)), nil
}

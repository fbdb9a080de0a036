package safetensors

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"slices"

	"github.com/dsbuild/dsbuild/dataset"
)

// Write replaces the file at path, or leaves it untouched where it returns an
// error. The same tensors give the same bytes.
func Write(path string, f File) error {
	return dataset.WriteFile(path, func(w io.Writer) error {
		if err := Encode(w, f); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		return nil
	})
}

// Encode writes a file to w. Tensors of int64 come first, so that all values
// lie on multiples of their size, and those of a type in the order of names.
func Encode(w io.Writer, f File) error {
	type named struct {
		entry
		name string
		data any // []float32, []int64
	}
	var tensors []named
	for name, t := range f.Tensors {
		if name == metadataName {
			return fmt.Errorf("tensor %q has the name of the metadata", name)
		}
		n := named{name: name}
		for _, side := range t.Shape() {
			n.Shape = append(n.Shape, int64(side))
		}
		switch v := t.Data().(type) {
		case []float32:
			n.Type, n.data = "F32", v
		case []int64:
			n.Type, n.data = "I64", v
		case float32:
			n.Type, n.data = "F32", []float32{v}
		case int64:
			n.Type, n.data = "I64", []int64{v}
		default:
			return fmt.Errorf("tensor %q is of %v, and only float32 and int64 can be written", name, t.Dtype())
		}
		if n.Shape == nil {
			n.Shape = []int64{}
		}
		tensors = append(tensors, n)
	}
	slices.SortFunc(tensors, func(a, b named) int {
		return cmp.Or(cmp.Compare(itemSize(b.Type), itemSize(a.Type)), cmp.Compare(a.name, b.name))
	})
	header := map[string]any{}
	if len(f.Metadata) > 0 {
		header[metadataName] = f.Metadata
	}
	var end int64
	for _, t := range tensors {
		start := end
		end += int64(binary.Size(t.data))
		t.Offsets = [2]int64{start, end}
		header[t.name] = t.entry
	}
	text, err := json.Marshal(header) // in the order of names
	if err != nil {
		return err
	}
	text = append(text, bytes.Repeat([]byte(" "), -len(text)&7)...)
	if err := binary.Write(w, binary.LittleEndian, uint64(len(text))); err != nil {
		return err
	}
	if _, err := w.Write(text); err != nil {
		return err
	}
	for _, t := range tensors {
		if err := binary.Write(w, binary.LittleEndian, t.data); err != nil {
			return err
		}
	}
	return nil
}

package safetensors

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"slices"

	"gorgonia.org/tensor"

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

// A body is a tensor on its way into a file.
type body struct {
	entry
	name string
	data any // []float32 or []int64
}

// Encode writes a file to w. Tensors of int64 come first, so that all values
// lie on multiples of their size, and those of a type in the order of names.
func Encode(w io.Writer, f File) error {
	bodies, err := layOut(f.Tensors)
	if err != nil {
		return err
	}
	header := map[string]any{}
	if len(f.Metadata) > 0 {
		header[metadataName] = f.Metadata
	}
	for _, b := range bodies {
		header[b.name] = b.entry
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
	for _, b := range bodies {
		if err := binary.Write(w, binary.LittleEndian, b.data); err != nil {
			return err
		}
	}
	return nil
}

// layOut describes the tensors in the order of the file, each with its place.
func layOut(tensors map[string]*tensor.Dense) ([]body, error) {
	bodies := make([]body, 0, len(tensors))
	for name, t := range tensors {
		b, err := bodyOf(name, t)
		if err != nil {
			return nil, err
		}
		bodies = append(bodies, b)
	}
	slices.SortFunc(bodies, func(a, b body) int {
		return cmp.Or(cmp.Compare(itemSize(b.Type), itemSize(a.Type)), cmp.Compare(a.name, b.name))
	})
	var end int64
	for i := range bodies {
		start := end
		end += int64(binary.Size(bodies[i].data))
		bodies[i].Offsets = [2]int64{start, end}
	}
	return bodies, nil
}

// bodyOf describes one tensor, without its place.
func bodyOf(name string, t *tensor.Dense) (body, error) {
	if name == metadataName {
		return body{}, fmt.Errorf("tensor %q has the name of the metadata", name)
	}
	b := body{name: name}
	b.Shape = []int64{} // of a scalar, which JSON would call null
	for _, side := range t.Shape() {
		b.Shape = append(b.Shape, int64(side))
	}
	switch v := t.Data().(type) {
	case []float32:
		b.Type, b.data = "F32", v
	case []int64:
		b.Type, b.data = "I64", v
	case float32:
		b.Type, b.data = "F32", []float32{v}
	case int64:
		b.Type, b.data = "I64", []int64{v}
	default:
		return b, fmt.Errorf("tensor %q is of %v, but only float32 and int64 can be written",
			name, t.Dtype())
	}
	return b, nil
}

// Package safetensors reads and writes named tensors in the safetensors format
// of Hugging Face, which PyTorch and others open as well.
//
// A File flows in and bytes on disk flow out, or the other way round:
//
//	err := safetensors.Write(path, safetensors.File{Tensors: weights.Export()})
//	file, err := safetensors.Read(path)
//	err = weights.Import(file.Tensors)
//
// The format is 8 bytes that tell the length of a header, the header in JSON
// with type, shape and place of each tensor, and the values in little endian.
package safetensors

import (
	"gorgonia.org/tensor"
)

// A File is what a safetensors file holds. Tensors are of float32 or int64;
// one without dimensions holds a single value.
type File struct {
	Tensors  map[string]*tensor.Dense
	Metadata map[string]string // what else there is to say; may be nil
}

// metadataName is where the header keeps the metadata.
const metadataName = "__metadata__"

// maxHeaderBytes is the format's limit.
const maxHeaderBytes = 100_000_000

// An entry of the header describes one tensor.
type entry struct {
	Type    string   `json:"dtype"`
	Shape   []int64  `json:"shape"`
	Offsets [2]int64 `json:"data_offsets"` // from the end of the header
}

// itemSize returns the bytes of one value, or 0 for types that are not read.
func itemSize(dtype string) int64 {
	switch dtype {
	case "F32":
		return 4
	case "I64":
		return 8
	default:
		return 0
	}
}

package kernel

import "github.com/dsbuild/dsbuild/internal/kernel/isa"

// Variant returns the variant of the tiles in use.
func Variant() isa.Variant { return current }

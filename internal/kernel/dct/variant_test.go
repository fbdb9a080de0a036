package dct

import (
	"testing"

	"github.com/dsbuild/dsbuild/internal/kernel/isa"
)

// eachVariant runs a test with every variant that this machine has.
func eachVariant(t *testing.T, test func(t *testing.T)) {
	defer func(was isa.Variant) { current = was }(current)
	for _, v := range available {
		current = v
		t.Run(v.String(), test)
	}
}

// eachVariantOf runs a benchmark with every variant that this machine has.
func eachVariantOf(b *testing.B, name string, bench func(b *testing.B)) {
	defer func(was isa.Variant) { current = was }(current)
	for _, v := range available {
		current = v
		b.Run(name+"/"+v.String(), bench)
	}
}

// withGeneric runs f with the generic variant.
func withGeneric(f func()) {
	defer func(was isa.Variant) { current = was }(current)
	current = isa.Generic
	f()
}

package isa

import (
	"runtime"
	"slices"
	"testing"
)

func TestChoose(t *testing.T) {
	if runtime.GOARCH != "amd64" {
		t.Skip("there are no others than the generic variant")
	}
	for _, c := range []struct {
		limit        string
		avx2, avx512 bool
		available    []Variant
		current      Variant
	}{
		{"", false, false, []Variant{Generic}, Generic},
		{"", false, true, []Variant{Generic}, Generic},
		{"", true, false, []Variant{Generic, AVX2}, AVX2},
		{"", true, true, []Variant{Generic, AVX2, AVX512}, AVX512},
		{"generic", true, true, []Variant{Generic, AVX2, AVX512}, Generic},
		{"avx2", true, true, []Variant{Generic, AVX2, AVX512}, AVX2},
		{"avx512", true, false, []Variant{Generic, AVX2}, AVX2},
		{"something", true, true, []Variant{Generic, AVX2, AVX512}, AVX512},
	} {
		t.Setenv("DSBUILD_KERNEL", c.limit)
		available, current := Choose(c.avx2, c.avx512)
		if !slices.Equal(available, c.available) || current != c.current {
			t.Errorf("%+v: %v of %v", c, current, available)
		}
	}
}

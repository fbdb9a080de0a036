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

func TestCheck(t *testing.T) {
	for _, c := range []struct {
		value     string
		available []string
		want      string
	}{
		{"", names[:1], ""},
		{"generic", names[:1], ""},
		{"avx512", names, ""},
		{"avx512", names[:2], "DSBUILD_KERNEL=avx512 in the environment: " +
			"this machine runs generic, avx2 alone"},
		{"AVX2", names, "DSBUILD_KERNEL=AVX2 in the environment is not known: " +
			"there is generic, avx2, avx512"},
	} {
		got := ""
		if err := check(c.value, c.available); err != nil {
			got = err.Error()
		}
		if got != c.want {
			t.Errorf("%+v: %s", c, got)
		}
	}
	t.Setenv("DSBUILD_KERNEL", "generic")
	if err := Check(); err != nil {
		t.Error(err)
	}
}

package ceiling

import (
	"testing"

	"github.com/dsbuild/dsbuild/internal/kernel/isa"
)

func TestEveryVariantHasACeiling(t *testing.T) {
	for _, v := range []isa.Variant{isa.Generic, isa.AVX2, isa.AVX512} {
		run, flops := multiply(v)
		if speed := GFLOPS(v); (speed > 0) != (run != nil) || (flops > 0) != (run != nil) {
			t.Errorf("%v: %v GFLOP/s", v, speed)
		}
	}
	if run, _ := multiplyBF16s(); (BF16() > 0) != (run != nil) {
		t.Errorf("%v GFLOP/s with bfloat16", BF16())
	}
}

func TestMeterReports(t *testing.T) {
	m := Meter{Flops: 1e3, Bytes: 10}
	for range 3 {
		m.Measure(func() { multiplyGeneric(10) })
	}
	got := map[string]float64{}
	m.Report(func(value float64, unit string) { got[unit] = value })
	if len(got) != 3 || got["GB/s"] <= 0 || got["GFLOP/s"] <= 0 || got["%ceiling"] <= 0 {
		t.Errorf("the meter says %v", got)
	}
}

func BenchmarkCeiling(b *testing.B) {
	for _, v := range []isa.Variant{isa.Generic, isa.AVX2, isa.AVX512} {
		b.Run(v.String(), func(b *testing.B) {
			for b.Loop() {
				b.ReportMetric(GFLOPS(v), "GFLOP/s")
			}
		})
	}
	b.Run("bf16", func(b *testing.B) {
		for b.Loop() {
			b.ReportMetric(BF16(), "GFLOP/s")
		}
	})
}

package split

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/dsbuild/dsbuild/dataset"
)

func TestHundredThousandImages(t *testing.T) {
	samples := large()
	assigned, err := Stratified(samples, usual, 1)
	if err != nil {
		t.Fatal(err)
	}
	checkGroups(t, samples, assigned)
	var total Counts
	for label, c := range tally(samples, assigned) {
		if c.Total() != 500 || c.Test < 48 || c.Test > 52 || c.Val < 48 || c.Val > 52 {
			t.Errorf("%s got %+v, want about 400, 50 and 50", label, c)
		}
		total = Counts{total.Train + c.Train, total.Val + c.Val, total.Test + c.Test}
	}
	if total.Total() != len(samples) {
		t.Errorf("%d images were assigned, want %d", total.Total(), len(samples))
	}
}

// large returns 100,000 samples of 200 classes, a tenth of them in pairs.
func large() []dataset.Sample {
	var samples []dataset.Sample
	for c := range 200 {
		samples = append(samples, images(fmt.Sprintf("class%03d", c), 0, 500)...)
	}
	for i := range samples {
		if i%10 == 0 || i%10 == 1 {
			samples[i].Group = fmt.Sprint("pair", i/10)
		}
	}
	return samples
}

func BenchmarkStratified(b *testing.B) {
	samples := large()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Stratified(samples, usual, 1); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkRun(b *testing.B) {
	dir := dataset.Dir(b.TempDir())
	samples := large()
	for i := range samples {
		s := &samples[i]
		s.SHA256 = strings.Repeat("0123456789abcdef", 4)
		s.Source = &dataset.Source{URL: "https://example.org/" + s.FileName, License: "CC0"}
	}
	if err := dataset.WriteManifest(dir.Collected(), slices.Values(samples)); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Run(b.Context(), dir, Options{}); err != nil {
			b.Fatal(err)
		}
	}
}

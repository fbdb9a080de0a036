package dataset

import (
	"fmt"
	"slices"
	"testing"
	"unsafe"
)

// What many lines of a manifest have in common is held once.
func TestReadAllSharesWords(t *testing.T) {
	path := Dir(t.TempDir()).Collected()
	var samples []Sample
	for i := range 3 {
		samples = append(samples, Sample{
			FileName: fmt.Sprintf("raw/corgi/%d.jpg", i), Label: "corgi", Split: Val, Format: "jpeg",
			Source: &Source{URL: fmt.Sprintf("https://example.org/%d.jpg", i), Engine: "openverse",
				License: "CC BY 2.0", LicenseURL: "https://example.org/by", Creator: "somebody"},
		})
	}
	if err := WriteManifest(path, slices.Values(samples)); err != nil {
		t.Fatal(err)
	}
	read, err := ReadAll(path)
	if err != nil || len(read) != len(samples) {
		t.Fatalf("%d samples (%v), want %d", len(read), err, len(samples))
	}
	words := func(s Sample) []string {
		return []string{s.Label, string(s.Split), s.Format, s.Source.Engine, s.Source.License,
			s.Source.LicenseURL, s.Source.Creator}
	}
	first := words(read[0])
	for _, s := range read[1:] {
		for i, word := range words(s) {
			if word != first[i] || unsafe.StringData(word) != unsafe.StringData(first[i]) {
				t.Errorf("%q of %s is held twice", word, s.FileName)
			}
		}
	}
}

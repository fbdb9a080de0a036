package split_test

import (
	"context"
	"fmt"
	"os"
	"slices"

	"github.com/dsbuild/dsbuild/dataset"
	"github.com/dsbuild/dsbuild/split"
)

func ExampleRun() {
	folder, err := os.MkdirTemp("", "dsbuild")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(folder)
	dir := dataset.Dir(folder)
	var samples []dataset.Sample
	for i := range 30 {
		label := []string{"corgi", "husky", "husky"}[i%3]
		samples = append(samples, dataset.Sample{Label: label,
			FileName: fmt.Sprintf("raw/%s/%02d.jpg", label, i)})
	}
	dataset.Sort(samples)
	if err := dataset.WriteManifest(dir.Curated(), slices.Values(samples)); err != nil {
		fmt.Println(err)
		return
	}
	report, err := split.Run(context.Background(), dir, split.Options{Seed: 1})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, row := range report.Rows() {
		fmt.Println(row.Label, row.Train, row.Val, row.Test)
	}
	// Output:
	// corgi 8 1 1
	// husky 16 2 2
}

func ExampleStratified() {
	var samples []dataset.Sample
	for i := range 10 {
		samples = append(samples, dataset.Sample{
			Label: "pug", FileName: fmt.Sprintf("raw/pug/%d.jpg", i)})
	}
	samples[3].Group, samples[4].Group = "twins", "twins" // never on two sides
	assigned, err := split.Stratified(samples, split.Shares{Train: 0.8, Val: 0.1, Test: 0.1}, 1)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(len(assigned), assigned[3] == assigned[4])
	// Output: 10 true
}

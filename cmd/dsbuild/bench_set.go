package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/dsbuild/dsbuild/dataset"
)

// withSet does work on a data set whose training split has all pictures of a
// folder, each under the class that its folder is named after. The data set
// lies in a temporary folder, which refers to the pictures and has no copies.
func withSet(ctx context.Context, folder string, work func(dir dataset.Dir) error) (err error) {
	paths, err := picturesIn(ctx, folder)
	if err != nil {
		return err
	}
	root, err := filepath.EvalSymlinks(folder)
	if err == nil {
		root, err = filepath.Abs(root)
	}
	if err != nil {
		return err
	}
	temporary, err := os.MkdirTemp("", "dsbuild-bench-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(temporary)) }()
	dir := dataset.Dir(temporary)
	if err := os.Symlink(root, dir.Raw()); err != nil {
		return fmt.Errorf("%w (where there are no symbolic links, import the folder and measure "+
			"the data set with --dir)", err)
	}
	if err := writeSet(dir, root, paths); err != nil {
		return err
	}
	return work(dir)
}

// writeSet writes the manifests of a data set whose raw folder is root.
func writeSet(dir dataset.Dir, root string, paths []string) error {
	samples := make([]dataset.Sample, len(paths))
	counts := map[string]map[dataset.Split]int{}
	for i, path := range paths {
		path, err := filepath.Abs(path)
		if err != nil {
			return err
		}
		name, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		label := filepath.Base(filepath.Dir(path))
		samples[i] = dataset.Sample{
			FileName: "raw/" + filepath.ToSlash(name), Label: label, Split: dataset.Train,
		}
		if counts[label] == nil {
			counts[label] = map[dataset.Split]int{}
		}
		counts[label][dataset.Train]++
	}
	dataset.Sort(samples)
	if err := dataset.WriteManifest(dir.Split(dataset.Train), slices.Values(samples)); err != nil {
		return err
	}
	return dataset.WriteInfo(dir, dataset.Info{
		Classes: dataset.ClassesOf(samples), Counts: counts,
		Fingerprint: dataset.Fingerprint(samples),
		Fingerprints: map[string]string{
			"manifests/train.jsonl": dataset.Fingerprint(samples),
		},
	})
}

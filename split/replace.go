package split

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/dsbuild/dsbuild/dataset"
)

// The new files are first written to a folder beside the manifests. Once that
// is whole it gets its final name, and from then on the split is decided: if a
// kill comes while the files are moved out of it, the next run moves the rest.
// Otherwise a run with Options.Keep would start from files of which some are
// old and some new, and end with others than it would have undisturbed.
const (
	stagingName = "manifests/.split-writing"
	decidedName = "manifests/.split-decided"
)

// stage writes the manifests of the splits and folds, and dataset.json, to the
// staging folder, which is laid out like a data set.
func stage(ctx context.Context, dir dataset.Dir, samples []dataset.Sample, report Report,
	o Options) error {
	staging := dataset.Dir(dir.Path(stagingName))
	if err := os.RemoveAll(string(staging)); err != nil {
		return err
	}
	w := &writer{staging: staging, fingerprints: map[string]string{}}
	if err := w.writeSplits(ctx, samples); err != nil {
		return err
	}
	if o.Folds > 0 {
		if err := w.writeFolds(ctx, samples, o); err != nil {
			return err
		}
	}
	info := dataset.Info{
		Classes:      dataset.ClassesOf(samples),
		Counts:       report.info(),
		Seed:         o.Seed,
		RecipeDigest: o.RecipeDigest,
		Folds:        o.Folds,
		Fingerprint:  dataset.Fingerprint(samples),
		Fingerprints: w.fingerprints,
	}
	return dataset.WriteInfo(staging, info)
}

// decide gives the staged files, which are whole, their final name.
func decide(dir dataset.Dir) error {
	staging := dir.Path(stagingName)
	if err := dataset.SyncDir(staging); err != nil {
		return err
	}
	if err := os.Rename(staging, dir.Path(decidedName)); err != nil {
		return err
	}
	return dataset.SyncDir(filepath.Dir(staging))
}

// finish moves the files of a decided split to their places, dataset.json
// last, and does nothing where no split is decided.
func finish(dir dataset.Dir) error {
	decided := dataset.Dir(dir.Path(decidedName))
	info, err := dataset.ReadInfo(decided)
	if errors.Is(err, fs.ErrNotExist) { // all was moved, or there is nothing to move
		return os.RemoveAll(string(decided))
	}
	if err != nil {
		return err
	}
	for _, step := range moves(decided, dir, info) {
		if err := step(); err != nil {
			return err
		}
	}
	return os.RemoveAll(string(decided))
}

// moves returns the steps that bring the decided files to their places.
func moves(decided, dir dataset.Dir, info dataset.Info) []func() error {
	var steps []func() error
	for _, s := range dataset.Splits() {
		steps = append(steps, func() error { return move(decided.Split(s), dir.Split(s)) })
	}
	syncManifests := func() error { return dataset.SyncDir(filepath.Dir(dir.Info())) }
	return append(steps,
		func() error { return moveFolds(decided, dir, info.Folds) },
		syncManifests,
		func() error { return move(decided.Info(), dir.Info()) },
		syncManifests,
	)
}

// moveFolds replaces the manifests of the last run's folds, of which there may
// have been more.
func moveFolds(decided, dir dataset.Dir, folds int) error {
	_, err := os.Stat(decided.Folds())
	switch {
	case folds > 0 && errors.Is(err, fs.ErrNotExist): // moved before the kill
		return nil
	case folds > 0 && err != nil:
		return err
	}
	if err := os.RemoveAll(dir.Folds()); err != nil || folds == 0 {
		return err
	}
	return os.Rename(decided.Folds(), dir.Folds())
}

// move renames a file that may have been moved before a kill.
func move(from, to string) error {
	if err := os.Rename(from, to); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// A writer writes manifests into the staging folder.
type writer struct {
	staging      dataset.Dir
	fingerprints map[string]string // by the manifest's path in the data set
}

// writeSplits writes the manifests of the splits. One without samples is an
// empty file.
func (w *writer) writeSplits(ctx context.Context, samples []dataset.Sample) error {
	for _, split := range dataset.Splits() {
		var part []dataset.Sample
		for _, s := range samples {
			if s.Split == split {
				part = append(part, s)
			}
		}
		if err := w.write(ctx, w.staging.Split(split), part); err != nil {
			return err
		}
	}
	return nil
}

// writeFolds deals all samples but those of test into folds and writes the
// manifests of each: its own samples are val, those of the other folds train.
func (w *writer) writeFolds(ctx context.Context, samples []dataset.Sample, o Options) error {
	var pool []dataset.Sample
	for _, s := range samples {
		if s.Split != dataset.Test {
			pool = append(pool, s)
		}
	}
	foldOf, err := KFold(pool, o.Folds, o.Seed)
	if err != nil {
		return err
	}
	for fold := range o.Folds {
		var train, val []dataset.Sample
		for i, s := range pool {
			switch {
			case foldOf[i] != fold:
				s.Split = dataset.Train
				train = append(train, s)
			case s.Parent == "":
				s.Split = dataset.Val
				val = append(val, s)
			}
		}
		if err := w.write(ctx, w.staging.Fold(fold+1, dataset.Train), train); err != nil {
			return err
		}
		if err := w.write(ctx, w.staging.Fold(fold+1, dataset.Val), val); err != nil {
			return err
		}
	}
	return nil
}

// write writes one manifest and notes its fingerprint.
func (w *writer) write(ctx context.Context, path string, samples []dataset.Sample) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	name, err := w.staging.Name(path)
	if err != nil {
		return err
	}
	w.fingerprints[name] = dataset.Fingerprint(samples)
	return dataset.WriteManifest(path, slices.Values(samples))
}

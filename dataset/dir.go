package dataset

import (
	"path/filepath"
	"strconv"
)

// A Dir is the folder of a data set. Its methods tell where things lie in it.
type Dir string

// Path returns the place of a slash-separated name within the folder.
func (d Dir) Path(name string) string { return filepath.Join(string(d), filepath.FromSlash(name)) }

// Name is the inverse of Path: the slash-separated name of a path within the
// folder.
func (d Dir) Name(path string) (string, error) {
	name, err := filepath.Rel(string(d), path)
	return filepath.ToSlash(name), err
}

// Recipe is the file that people write: classes, sources, rules, seeds.
func (d Dir) Recipe() string { return d.Path("dsbuild.yaml") }

// Raw is the folder of collected bytes, never changed.
func (d Dir) Raw() string { return d.Path("raw") }

// Collected is the manifest of all images that scrape and import stored.
func (d Dir) Collected() string { return d.Path("manifests/collected.jsonl") }

// Refused lists what scrape and import were offered but could not store, each
// with its reason.
func (d Dir) Refused() string { return d.Path("manifests/refused.jsonl") }

// Curated is the manifest of the images that curation kept.
func (d Dir) Curated() string { return d.Path("manifests/curated.jsonl") }

// Rejected is the manifest of the images that curation turned down, each with
// every reason.
func (d Dir) Rejected() string { return d.Path("manifests/rejected.jsonl") }

// Decisions is the append-only ledger of what people decided.
func (d Dir) Decisions() string { return d.Path("manifests/decisions.jsonl") }

// Split is the manifest of one split.
func (d Dir) Split(s Split) string { return d.Path("manifests/" + string(s) + ".jsonl") }

// Augmented is the manifest of the variants of training images that augment
// materialised.
func (d Dir) Augmented() string { return d.Path("manifests/augmented.jsonl") }

// Folds is the folder of the folds' manifests.
func (d Dir) Folds() string { return d.Path("manifests/folds") }

// Fold is the manifest of Train or Val in one fold of a cross-validation. The
// folds are counted from 1 to Info.Folds.
func (d Dir) Fold(fold int, s Split) string {
	return d.Path("manifests/folds/" + strconv.Itoa(fold) + "/" + string(s) + ".jsonl")
}

// Info is dataset.json, which split writes.
func (d Dir) Info() string { return d.Path("manifests/dataset.json") }

// Features is the database of what was computed once. It is safe to delete.
func (d Dir) Features() string { return d.Path("cache/features.db") }

// Log is the append-only log of a stage. Logs hold times, and so differ from
// run to run; manifests do not.
func (d Dir) Log(stage string) string { return d.Path("logs/" + stage + ".jsonl") }

// Run is the folder of one training run.
func (d Dir) Run(name string) string { return d.Path("runs/" + name) }

// Sheets is the folder of contact sheets.
func (d Dir) Sheets() string { return d.Path("sheets") }

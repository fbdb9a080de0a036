package scrape

import (
	"fmt"
	"os"
	"reflect"
	"time"

	"github.com/dsbuild/dsbuild/dataset"
	"github.com/dsbuild/dsbuild/internal/fetch"
	"github.com/dsbuild/dsbuild/internal/store"
)

// An offer tells images apart: one URL, offered for one class.
type offer struct{ class, url string }

// A result is what an offer gave: a stored file, or the reason that there is
// none.
type result struct {
	// Sample describes the file. What else it tells, such as a source, counts
	// for nothing here, as several may offer the file.
	Sample *dataset.Sample `json:"sample,omitempty"`
	Reason *dataset.Reason `json:"reason,omitempty"`
}

// A note is a line of logs/scrape.jsonl: a result, written at once.
type note struct {
	At    time.Time `json:"at"`
	Class string    `json:"class,omitempty"`
	URL   string    `json:"url,omitempty"`
	result
}

// remember returns what offers gave in earlier runs, by the log, or where that
// was deleted by the manifest. The last note on an offer holds. The results
// share the samples' memory.
func remember(dir dataset.Dir, collected []dataset.Sample) (map[offer]result, error) {
	known := map[offer]result{}
	for i := range collected {
		s := &collected[i]
		for _, source := range sourcesOf(s) {
			known[offer{s.Label, source.URL}] = result{Sample: s}
		}
	}
	for n, err := range dataset.ReadLedger[note](dir.Log("scrape")) {
		if err != nil {
			return nil, fmt.Errorf("%w (the log can be deleted; nothing is lost)", err)
		}
		one := offer{n.Class, n.URL}
		if n.URL == "" || (n.Sample == nil && n.Reason == nil) || known[one].sameFile(n.result) {
			continue
		}
		known[one] = n.result
	}
	return known, nil
}

// sameFile tells whether two results are one and the same file.
func (r result) sameFile(other result) bool {
	return r.Sample != nil && other.Sample != nil &&
		reflect.DeepEqual(fileOf(r.Sample), fileOf(other.Sample))
}

// fileOf returns what a sample tells of its file.
func fileOf(s *dataset.Sample) dataset.Sample {
	return dataset.Sample{
		FileName: s.FileName, Label: s.Label, SHA256: s.SHA256, Width: s.Width, Height: s.Height,
		Channels: s.Channels, Format: s.Format, Bytes: s.Bytes,
	}
}

// sourcesOf returns the sources that offered a sample.
func sourcesOf(s *dataset.Sample) []*dataset.Source {
	var sources []*dataset.Source
	if s.Source != nil {
		sources = append(sources, s.Source)
	}
	for _, c := range s.Copies {
		if c.Source != nil {
			sources = append(sources, c.Source)
		}
	}
	return sources
}

// holds tells whether an earlier result still stands: the file is there, or
// what was refused would be refused again without being asked for.
func (r result) holds(dir dataset.Dir, o Options) bool {
	if r.Sample != nil {
		if r.Sample.Check() != nil {
			return false
		}
		info, err := os.Lstat(dir.Path(r.Sample.FileName))
		return err == nil && info.Mode().IsRegular() && info.Size() == r.Sample.Bytes
	}
	if r.Reason.Temporary {
		return false
	}
	over := func(limit int64) bool {
		return r.Reason.Threshold != nil && *r.Reason.Threshold >= float64(limit)
	}
	switch r.Reason.Name {
	case string(fetch.Status), store.NotAnImage, store.UnsupportedFormat:
		return true
	case store.TooLarge:
		return over(o.MaxBytes)
	case store.TooManyPixels:
		return r.Reason.Value != nil && *r.Reason.Value > float64(o.MaxPixels)
	}
	// What a server's rules or this run's options forbid costs no picture to
	// find out again, and may have changed.
	return false
}

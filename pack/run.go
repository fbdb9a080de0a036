package pack

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"golang.org/x/sync/semaphore"

	"github.com/dsbuild/dsbuild/dataset"
	"github.com/dsbuild/dsbuild/internal/pack"
)

// Run writes the pack of a split, or nothing where it is there and current. The
// same images and options give the same files. A file that is not there, or has
// other bytes than the manifest says, is an error that names it. A run that is
// cancelled returns the context's error, and the next one goes on from there.
func Run(
	ctx context.Context, dir dataset.Dir, split dataset.Split, o Options,
) (Report, error) {
	if err := o.Validate(); err != nil {
		return Report{}, err
	}
	o = o.withDefaults()
	samples, fingerprint, err := readSplit(dir, split)
	if err != nil {
		return Report{}, err
	}
	head := pack.NewHead(split, fingerprint, o.encoding())
	if o.Longest > 0 {
		head.Longest, head.Quality = o.Longest, o.Quality
	}
	folder := pack.Folder(dir, split)
	if there, entries, ok := current(dir, head); ok {
		return newReport(folder, there, entries), sweep(folder, there.Shards)
	}
	b, err := openBuild(folder, head, samples, o.ShardBytes)
	if err != nil {
		return Report{}, err
	}
	before := len(b.entries)
	if err := b.fill(ctx, dir, samples, o); err != nil {
		return Report{}, errors.Join(err, b.commit(), b.close())
	}
	if err := b.finish(); err != nil {
		return Report{}, err
	}
	report := newReport(folder, b.head, b.entries)
	report.Written = len(samples) - before
	return report, dataset.LogRun(dir, "pack", report)
}

// pixelsInFlight bounds the images being written at a time, by their pixels:
// each takes about 20 bytes of memory.
const pixelsInFlight = 32_000_000

// fill adds the images that the build does not have yet.
func (b *build) fill(
	ctx context.Context, dir dataset.Dir, samples []dataset.Sample, o Options,
) error {
	room := semaphore.NewWeighted(pixelsInFlight)
	newEncoder := func() *encoder { return &encoder{dir: dir, options: o, room: room} }
	tables, err := shareTables(ctx, samples, o.Workers, newEncoder)
	if err != nil {
		return err
	}
	withTables := func() *encoder {
		e := newEncoder()
		e.tables = tables
		return e
	}
	return write(ctx, samples[len(b.entries):], o.Workers, withTables, func(m packed) error {
		if err := b.add(m); err != nil {
			return err
		}
		if o.Progress != nil {
			o.Progress(len(b.entries), len(samples))
		}
		return nil
	})
}

// readSplit returns the samples of a split's manifest, which must be the one
// that dataset.json describes, and their fingerprint.
func readSplit(dir dataset.Dir, split dataset.Split) ([]dataset.Sample, string, error) {
	info, err := dataset.ReadInfo(dir)
	if err != nil {
		return nil, "", err
	}
	path := dir.Split(split)
	samples, err := dataset.ReadAll(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, "", fmt.Errorf("%s is not there (run: dsbuild split): %w", path, err)
	}
	if err != nil {
		return nil, "", err
	}
	fingerprint := dataset.Fingerprint(samples)
	return samples, fingerprint, info.VerifyFingerprint(dir, path, fingerprint)
}

// current returns what the index of a split's pack says, and whether that is
// the pack of the given head and all of its shards are there.
func current(dir dataset.Dir, head pack.Head) (pack.Head, []pack.Entry, bool) {
	var entries []pack.Entry
	there, err := pack.ReadIndex(pack.IndexPath(dir, head.Split), func(e pack.Entry) error {
		entries = append(entries, e)
		return nil
	})
	if err != nil || there.Fingerprint != head.Fingerprint || there.Encoding != head.Encoding {
		return there, nil, false
	}
	for _, s := range there.Shards {
		info, err := os.Stat(filepath.Join(pack.Folder(dir, head.Split), s.Name))
		if err != nil || !info.Mode().IsRegular() || info.Size() != s.Bytes {
			return there, nil, false
		}
	}
	return there, entries, true
}

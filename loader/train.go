package loader

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"sync"

	"github.com/dsbuild/dsbuild/dataset"
	"github.com/dsbuild/dsbuild/internal/codec"
	"github.com/dsbuild/dsbuild/pixel"
)

// A Train makes batches of a training split. It is safe for concurrent use.
type Train struct {
	options TrainOptions
	classes dataset.Classes
	entries []entry
	byClass [][]int // the entries of each class
	decoder decoder
	filler  *pixel.Filler
	pool    *pool

	mu sync.Mutex // over calls of OnError
}

// NewTrain returns a loader of the training split of the data set in dir. It
// reads the manifests, which must be those of one split, and no image.
func NewTrain(dir dataset.Dir, o TrainOptions) (*Train, error) {
	o = o.withDefaults()
	if err := checkSizes(o.Input, o.BatchSize, o.Workers, o.Prefetch, o.MaxPixels); err != nil {
		return nil, err
	}
	r, err := openReader(dir)
	if err != nil {
		return nil, err
	}
	entries, err := trainEntries(r, o.Variants)
	if err != nil {
		return nil, err
	}
	if o.DropLast && len(entries) < o.BatchSize {
		return nil, fmt.Errorf("loader: %d training images do not fill a batch of %d",
			len(entries), o.BatchSize)
	}
	t := &Train{
		options: o, classes: r.info.Classes, entries: entries,
		byClass: make([][]int, len(r.info.Classes)),
		decoder: decoder{dir, o.Input, codec.Limits{MaxPixels: o.MaxPixels}},
		filler:  pixel.NewFiller(*o.Input.Normalization),
		pool:    &pool{floats: o.BatchSize * o.Input.floats()},
	}
	for i, e := range entries {
		t.byClass[e.label] = append(t.byClass[e.label], i)
	}
	return t, nil
}

// trainEntries reads the training manifest, and that of the variants on
// request, which must be of this very training split.
func trainEntries(r *reader, variants bool) ([]entry, error) {
	originals := map[string]bool{}
	entries, err := r.split(dataset.Train, func(s dataset.Sample) error {
		originals[s.FileName] = true
		return nil
	})
	if err != nil || !variants {
		return entries, err
	}
	const command = "dsbuild augment --materialize 2"
	made, err := r.read(r.dir.Augmented(), dataset.Train, command, func(s dataset.Sample) error {
		if !originals[s.Parent] {
			return fmt.Errorf("parent %q is not in the training split: the split has changed "+
				"since (run: %s)", s.Parent, command)
		}
		return nil
	})
	return append(entries, made...), err
}

// Classes returns the classes in the order of the labels' indices.
func (t *Train) Classes() dataset.Classes { return t.classes }

// Input returns what the images of batches look like, defaults filled in.
func (t *Train) Input() Input { return t.options.Input }

// Len returns the number of images in an epoch.
func (t *Train) Len() int {
	if t.options.DropLast {
		return len(t.entries) / t.options.BatchSize * t.options.BatchSize
	}
	return len(t.entries)
}

// Batches returns the number of batches in an epoch.
func (t *Train) Batches() int {
	return (t.Len() + t.options.BatchSize - 1) / t.options.BatchSize
}

// Epoch yields the batches of an epoch, counted from 0. The order is that of a
// shuffle drawn for (seed, epoch). After an error the epoch is over.
func (t *Train) Epoch(ctx context.Context, epoch int) iter.Seq2[*Batch, error] {
	return t.EpochFrom(ctx, epoch, 0)
}

// EpochFrom is Epoch without the batches before number first: what a run that
// was stopped there has not seen. Nothing of what is left out is read.
func (t *Train) EpochFrom(ctx context.Context, epoch, first int) iter.Seq2[*Batch, error] {
	order := t.order(epoch)
	f := &feed{
		input: t.options.Input, batchSize: t.options.BatchSize, workers: t.options.Workers,
		prefetch: t.options.Prefetch, count: t.Len(), pool: t.pool,
		fill: func(s *scratch, position int, dst []float32) (filled, error) {
			return t.fill(s, epoch, order[position], dst)
		},
	}
	return f.batches(ctx, first)
}

// order returns the entries' indices in the order of an epoch.
func (t *Train) order(epoch int) []int {
	key := dataset.Key{Seed: t.options.Seed, Epoch: epoch}
	return key.Rand("order").Perm(len(t.entries))
}

// fill puts an entry's image into dst, or one in its place.
func (t *Train) fill(s *scratch, epoch, index int, dst []float32) (filled, error) {
	e := t.entries[index]
	key := dataset.Key{Seed: t.options.Seed, Epoch: epoch, Sample: e.name}
	err := t.fillFrom(s, e, key, dst)
	bad, isBad := errors.AsType[*badImageError](err)
	if !isBad {
		return filled{e.label, e.name}, err
	}
	class := t.byClass[e.label]
	// From a random member of the class on, the first one that can be decoded.
	const tries = 32
	start := key.Rand("substitute").IntN(len(class))
	for i := range min(tries, len(class)) {
		other := t.entries[class[(start+i)%len(class)]]
		if other.name == e.name {
			continue
		}
		err := t.fillFrom(s, other, key, dst)
		if _, alsoBad := errors.AsType[*badImageError](err); alsoBad {
			continue
		}
		t.report(BadImage{FileName: e.name, Instead: other.name, Err: bad.err})
		return filled{e.label, other.name}, err
	}
	return filled{}, fmt.Errorf("%w (and no other image of class %q can take its place; run: "+
		"dsbuild curate)", bad, t.classes[e.label])
}

func (t *Train) fillFrom(s *scratch, e entry, key dataset.Key, dst []float32) error {
	m, err := t.decoder.load(s, e.name, func(width, height int) {
		if t.options.Augment == nil {
			in := t.options.Input
			s.plan.Reset()
			pixel.Add(&s.plan, pixel.Resize(width, height, in.Width, in.Height))
			return
		}
		t.options.Augment.Draw(&s.plan, key, width, height)
	})
	if err != nil {
		return err
	}
	filler := t.filler
	if n := s.plan.Normalization; n != nil && n != t.options.Input.Normalization {
		if err := n.Validate(m.Channels); err != nil {
			return fmt.Errorf("loader: %w", err)
		}
		filler = pixel.NewFiller(*n)
	}
	filler.Fill(dst, m)
	s.images.Free(m)
	return nil
}

func (t *Train) report(bad BadImage) {
	if t.options.OnError == nil {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.options.OnError(bad)
}

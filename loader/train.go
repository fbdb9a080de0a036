package loader

import (
	"context"
	"iter"

	"github.com/dsbuild/dsbuild/dataset"
)

// A Train makes batches of a training split. It is safe for concurrent use.
type Train struct{ *engine }

// NewTrain returns a loader of the training split of the data set in dir. It
// reads the manifests, which must be those of one split, and no image.
func NewTrain(dir dataset.Dir, o TrainOptions) (*Train, error) {
	c := o.config()
	if err := c.validate(); err != nil {
		return nil, err
	}
	r, err := openReader(dir, c.input, c.sampling.Weight)
	if err != nil {
		return nil, err
	}
	originals := map[string]bool{}
	err = r.split(dataset.Train, func(s dataset.Sample) error {
		if o.Variants {
			originals[s.FileName] = true
		}
		return nil
	})
	if err == nil && o.Variants {
		err = r.variants(originals)
	}
	if err != nil {
		return nil, err
	}
	e, err := newEngine(c, r, dataset.Train)
	if err != nil {
		return nil, err
	}
	return &Train{e}, nil
}

// Epoch yields the batches of an epoch, counted from 0. The order is drawn for
// (seed, epoch). After an error the epoch is over.
func (t *Train) Epoch(ctx context.Context, epoch int) iter.Seq2[*Batch, error] {
	return t.run(ctx, epoch, 0)
}

// State returns where a run stands that has taken so many steps of an epoch
// from its beginning, and the other ranks as many.
func (t *Train) State(epoch, steps int) State {
	return t.state(epoch, min(steps*t.shard.World*t.batchSize, t.length))
}

// EpochFrom yields what is left of the epoch in which a state stands: the very
// batches that a run which was stopped there has not seen. Nothing of what it
// has seen is read. A state of another split, pipeline or seed is an error that
// says which differs. World and BatchSize may be others than they were; batches
// are then cut from where the state stands.
func (t *Train) EpochFrom(ctx context.Context, s State) iter.Seq2[*Batch, error] {
	if err := s.check(t.start, t.length); err != nil {
		return func(yield func(*Batch, error) bool) { yield(nil, err) }
	}
	return t.run(ctx, s.Epoch, s.Next)
}

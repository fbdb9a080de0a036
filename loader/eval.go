package loader

import (
	"context"
	"iter"

	"github.com/dsbuild/dsbuild/dataset"
	"github.com/dsbuild/dsbuild/pixel"
)

// An Eval makes batches of any split, in the manifest's order and never
// augmented. It is safe for concurrent use.
type Eval struct{ *engine }

// NewEval returns a loader of one split of the data set in dir. It reads the
// manifests and no image.
func NewEval(dir dataset.Dir, split dataset.Split, o EvalOptions) (*Eval, error) {
	c := o.config()
	if err := c.validate(); err != nil {
		return nil, err
	}
	r, err := openReader(dir, c.input, nil)
	if err != nil {
		return nil, err
	}
	if err := r.split(split, func(dataset.Sample) error { return nil }); err != nil {
		return nil, err
	}
	e, err := newEngine(c, r, split)
	if err != nil {
		return nil, err
	}
	return &Eval{e}, nil
}

// Epoch yields all batches. They are the same in every epoch; the number is
// taken so that loaders of both kinds can be ranged over alike. An image that
// cannot be decoded is an error that names it: leaving it out would change
// what the figures mean. For the same reason a program of a Shard leaves out
// batches that are Padding.
func (e *Eval) Epoch(ctx context.Context, _ int) iter.Seq2[*Batch, error] {
	return e.run(ctx, 0, 0)
}

// Load puts the image in the bytes of a file into dst, just as an Eval with
// these options puts it into its slot of a batch: Height*Width*Channels values
// in that order. It panics where dst has another length.
func Load(dst []float32, data []byte, o EvalOptions) error {
	c := o.config()
	if err := c.input.validate(); err != nil {
		return err
	}
	w := newWorker(&engine{config: c})
	from, err := w.decode(0, data)
	if err != nil {
		return err
	}
	w.transform.Draw(&w.plan, dataset.Key{}, from.width, from.height)
	part, _, err := w.part(from)
	if err != nil {
		return err
	}
	w.write(&pixel.Slot{Floats: dst, Filler: &w.filling.usual, Channels: c.input.Channels,
		Planar: c.input.Layout == NCHW}, part)
	return nil
}

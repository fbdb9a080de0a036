package loader

import (
	"context"
	"errors"
	"fmt"
	"iter"

	"github.com/dsbuild/dsbuild/dataset"
	"github.com/dsbuild/dsbuild/internal/codec"
	"github.com/dsbuild/dsbuild/pixel"
)

// An Eval makes batches of any split, in the manifest's order and never
// augmented. It is safe for concurrent use.
type Eval struct {
	options EvalOptions
	classes dataset.Classes
	entries []entry
	decoder decoder
	filler  *pixel.Filler
	pool    *pool
}

// NewEval returns a loader of one split of the data set in dir. It reads the
// manifests and no image.
func NewEval(dir dataset.Dir, split dataset.Split, o EvalOptions) (*Eval, error) {
	o = o.withDefaults()
	if err := checkSizes(o.Input, o.BatchSize, o.Workers, o.Prefetch, o.MaxPixels); err != nil {
		return nil, err
	}
	r, err := openReader(dir)
	if err != nil {
		return nil, err
	}
	entries, err := r.split(split, func(dataset.Sample) error { return nil })
	if err != nil {
		return nil, err
	}
	return &Eval{
		options: o, classes: r.info.Classes, entries: entries,
		decoder: decoder{dir, o.Input, codec.Limits{MaxPixels: o.MaxPixels}},
		filler:  pixel.NewFiller(*o.Input.Normalization),
		pool:    &pool{floats: o.BatchSize * o.Input.floats()},
	}, nil
}

// Classes returns the classes in the order of the labels' indices.
func (e *Eval) Classes() dataset.Classes { return e.classes }

// Input returns what the images of batches look like, defaults filled in.
func (e *Eval) Input() Input { return e.options.Input }

// Len returns the number of images.
func (e *Eval) Len() int { return len(e.entries) }

// Batches returns the number of batches.
func (e *Eval) Batches() int {
	return (len(e.entries) + e.options.BatchSize - 1) / e.options.BatchSize
}

// Epoch yields all batches. They are the same in every epoch; the number is
// taken so that loaders of both kinds can be ranged over alike. An image that
// cannot be decoded is an error that names it: leaving it out would change
// what the figures mean.
func (e *Eval) Epoch(ctx context.Context, _ int) iter.Seq2[*Batch, error] {
	f := &feed{
		input: e.options.Input, batchSize: e.options.BatchSize, workers: e.options.Workers,
		prefetch: e.options.Prefetch, count: len(e.entries), pool: e.pool, fill: e.fill,
	}
	return f.batches(ctx, 0)
}

func (e *Eval) fill(s *scratch, position int, dst []float32) (filled, error) {
	sample := e.entries[position]
	m, err := e.decoder.load(s, sample.name, func(width, height int) {
		drawEval(&s.plan, e.options, width, height)
	})
	if _, bad := errors.AsType[*badImageError](err); bad {
		return filled{}, fmt.Errorf("%w (run: dsbuild curate, then dsbuild split)", err)
	}
	if err != nil {
		return filled{}, err
	}
	e.filler.Fill(dst, m)
	s.images.Free(m)
	return filled{sample.label, sample.name}, nil
}

// drawEval makes the plan what an Eval does to an image of the given size.
func drawEval(plan *pixel.Plan, o EvalOptions, width, height int) {
	step := pixel.Centre(width, height, o.Input.Width, o.Input.Height)
	if o.Whole {
		step = pixel.Resize(width, height, o.Input.Width, o.Input.Height)
	}
	plan.Reset()
	pixel.Add(plan, step)
}

// Load puts the image in the bytes of a file into dst, just as an Eval with
// these options puts it into its slot of a batch: Height*Width*Channels values
// in that order. It panics where dst has another length.
func Load(dst []float32, data []byte, o EvalOptions) error {
	o = o.withDefaults()
	if err := o.Input.validate(); err != nil {
		return err
	}
	m, header, err := codec.Decode(data, codec.Limits{MaxPixels: o.MaxPixels})
	if err != nil {
		return err
	}
	m = m.WithChannels(o.Input.Channels)
	var plan pixel.Plan
	drawEval(&plan, o, header.Width, header.Height)
	m = plan.Apply(m, nil)
	pixel.NewFiller(*o.Input.Normalization).Fill(dst, m)
	return nil
}

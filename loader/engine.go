package loader

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"runtime"
	"slices"
	"sync"
	"time"

	"github.com/dsbuild/dsbuild/dataset"
	"github.com/dsbuild/dsbuild/internal/pack"
)

// An engine is what loaders of both kinds are: the images of a split, and all
// that is needed to make batches of them.
type engine struct {
	config
	dir     dataset.Dir
	classes dataset.Classes
	entries []entry
	byClass [][]int32 // the entries of each class
	weights []float64 // of the entries; nil where all are alike
	length  int       // images in an epoch
	start   State     // of epoch 0
	packed  *pack.Pack
	cache   *cache
	pool    *pool
	total   total

	mu   sync.Mutex
	idle []*feed // of epochs that have ended

	reports sync.Mutex // over what is told of bad images
}

// newEngine returns the engine of what a reader has read of a split.
func newEngine(c config, r *reader, split dataset.Split) (*engine, error) {
	weights, err := c.sampling.weights(r.entries, r.weights, r.info.Classes)
	if err != nil {
		return nil, err
	}
	e := &engine{
		config: c, dir: r.dir, classes: r.info.Classes, entries: r.entries, weights: weights,
		byClass: make([][]int32, len(r.info.Classes)),
		cache:   newCache(len(r.entries), c.cacheBytes),
		pool: &pool{
			input: c.input, images: c.batchSize, classes: len(r.info.Classes), keeps: c.prefetch + 1,
		},
	}
	for i := range e.entries {
		label := e.entries[i].label
		e.byClass[label] = append(e.byClass[label], int32(i))
	}
	if e.length, err = e.epochLength(); err != nil {
		return nil, err
	}
	if err := e.openPack(split); err != nil {
		return nil, err
	}
	e.start = State{
		Seed: c.seed, Split: r.fingerprint.Sum(), Pipeline: c.digest(weights, e.reducedBy()),
	}
	return e, nil
}

// epochLength returns the number of images in an epoch.
func (e *engine) epochLength() (int, error) {
	n := len(e.entries)
	if want := e.sampling.Length; want > 0 {
		if want > n && e.weights == nil {
			return 0, fmt.Errorf("loader: an epoch of %d images, and the split has %d: an image comes "+
				"more than once only under weights (Sampling.Balanced, for one)", want, n)
		}
		n = want
	}
	if !e.dropLast {
		return n, nil
	}
	if n < e.batchSize {
		return 0, fmt.Errorf("loader: %d training images do not fill a batch of %d", n, e.batchSize)
	}
	return n / e.batchSize * e.batchSize, nil
}

// openPack opens the split's pack, if there is one that is up to date.
func (e *engine) openPack(split dataset.Split) error {
	if e.packs == Off {
		return nil
	}
	packed, err := pack.Open(e.dir, split)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, pack.ErrStale) {
		return nil
	}
	if err != nil {
		return err
	}
	e.packed = packed
	// Closing only unmaps what was read.
	runtime.AddCleanup(e, func(p *pack.Pack) { _ = p.Close() }, packed)
	return nil
}

// reducedBy says how the images of the pack were reduced, if they were.
func (e *engine) reducedBy() string {
	if e.packed == nil || e.packed.Head().Longest == 0 {
		return ""
	}
	return e.packed.Head().Encoding
}

// Classes returns the classes in the order of the labels' indices.
func (e *engine) Classes() dataset.Classes { return e.classes }

// Input returns what the images of batches look like, defaults filled in.
func (e *engine) Input() Input { return e.input }

// Len returns the number of images in an epoch, over all ranks.
func (e *engine) Len() int { return e.length }

// Batches returns the number of batches in an epoch: steps of this rank.
func (e *engine) Batches() int { return e.course(0).steps() }

// Stats returns what the loader has done so far.
func (e *engine) Stats() Stats { return e.total.stats() }

// course returns the walk through an epoch from a position on.
func (e *engine) course(from int) course {
	return course{from: from, count: e.length, batchSize: e.batchSize, shard: e.shard}
}

// state returns where a run stands that has had next images of an epoch.
func (e *engine) state(epoch, next int) State {
	s := e.start
	s.Epoch, s.Next = epoch, next
	return s
}

// run yields the batches of an epoch from a position on.
func (e *engine) run(ctx context.Context, epoch, from int) iter.Seq2[*Batch, error] {
	return func(yield func(*Batch, error) bool) {
		f := e.takeFeed()
		defer e.putFeed(f)
		f.epoch = epoch
		f.order.fill(e, epoch)
		f.run(ctx, e.course(from), yield)
	}
}

// fill makes the order that of an epoch.
func (o *order) fill(e *engine, epoch int) {
	if e.shuffled {
		rng := dataset.Key{Seed: e.seed, Epoch: epoch}.Rand("order")
		o.draw(rng, e.entries, e.weights, e.length, e.sampling.Repeats)
		return
	}
	o.entries = o.entries[:0]
	for i := range e.length {
		o.entries = append(o.entries, int32(i))
	}
}

func (e *engine) takeFeed() *feed {
	e.mu.Lock()
	defer e.mu.Unlock()
	if last := len(e.idle) - 1; last >= 0 {
		f := e.idle[last]
		e.idle = e.idle[:last]
		return f
	}
	f := &feed{engine: e}
	f.fill = f.put
	for range e.workers {
		f.workers = append(f.workers, newWorker(e))
	}
	return f
}

func (e *engine) putFeed(f *feed) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.idle = append(e.idle, f)
}

// A substitution is a line of the ledger of bad images.
type substitution struct {
	At       time.Time `json:"at"`
	Epoch    int       `json:"epoch"`
	FileName string    `json:"file_name"`
	Error    string    `json:"error"`
	Instead  string    `json:"instead"`
}

// report tells of a batch's images that stand in for others, in their order.
func (e *engine) report(epoch int, bad []badPlace) (err error) {
	if len(bad) == 0 {
		return nil
	}
	slices.SortStableFunc(bad, func(a, b badPlace) int { return a.place - b.place })
	e.reports.Lock()
	defer e.reports.Unlock()
	ledger, err := dataset.OpenLedger(e.dir.Log("loader"))
	if err != nil {
		return fmt.Errorf("loader: noting bad images: %w", err)
	}
	defer func() { err = errors.Join(err, ledger.Close()) }()
	for _, b := range bad {
		b := b.image
		if err := ledger.Append(substitution{
			time.Now().UTC(), epoch, b.FileName, b.Err.Error(), b.Instead,
		}); err != nil {
			return err
		}
		if e.onError != nil {
			e.onError(b)
		}
	}
	return nil
}

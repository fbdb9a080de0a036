package loader

import (
	"context"
	"fmt"
	"iter"
	"sync"

	"golang.org/x/sync/errgroup"
	"gorgonia.org/tensor"
)

// A feed makes the batches of one epoch.
type feed struct {
	input     Input
	batchSize int
	workers   int
	prefetch  int
	count     int // images in the epoch
	pool      *pool
	// fill puts the image of a position of the epoch into dst. It is called
	// by several goroutines, each with a scratch of its own.
	fill func(s *scratch, position int, dst []float32) (filled, error)
}

// filled tells what is in a slot.
type filled struct {
	label int32
	name  string
}

// A job is a part of a batch, and where in the epoch it begins.
type job struct {
	batch  *Batch
	lo, hi int
	faults *faults
	first  int
}

// faults keeps the first error of a batch, by place rather than by time.
type faults struct {
	mu    sync.Mutex
	place int
	err   error
}

func (f *faults) add(place int, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.err == nil || place < f.place {
		f.place, f.err = place, err
	}
}

// an underway batch is on its way to the consumer.
type underway struct {
	batch  *Batch
	faults *faults
}

// batches yields the batches of the epoch in order, from number first on. All
// goroutines have ended when the loop over it has.
func (f *feed) batches(ctx context.Context, first int) iter.Seq2[*Batch, error] {
	return func(yield func(*Batch, error) bool) {
		outer := ctx
		ctx, cancel := context.WithCancel(ctx)
		group, ctx := errgroup.WithContext(ctx)
		defer func() {
			cancel()
			_ = group.Wait() // only ever says that it was cancelled
		}()
		jobs := make(chan job)
		ordered := make(chan underway, f.prefetch)
		group.Go(func() error {
			defer close(ordered)
			defer close(jobs)
			return f.dispatch(ctx, first, jobs, ordered)
		})
		for range f.workers {
			group.Go(func() error { return f.work(ctx, jobs) })
		}
		for next := range ordered {
			select {
			case <-next.batch.ready:
			case <-ctx.Done():
				yield(nil, outer.Err())
				return
			}
			if err := next.faults.err; err != nil {
				yield(nil, err)
				return
			}
			if !yield(next.batch, nil) {
				return
			}
		}
		if err := outer.Err(); err != nil {
			yield(nil, err)
		}
	}
}

// dispatch cuts the epoch into batches and those into jobs.
func (f *feed) dispatch(
	ctx context.Context, first int, jobs chan<- job, ordered chan<- underway,
) error {
	for index := first; index*f.batchSize < f.count; index++ {
		at := index * f.batchSize
		n := min(f.batchSize, f.count-at)
		b := f.newBatch(index, n)
		grain := max(1, min(8, n/(2*f.workers)))
		b.pending.Store(int64((n + grain - 1) / grain))
		next := underway{b, &faults{}}
		select {
		case ordered <- next:
		case <-ctx.Done():
			return ctx.Err()
		}
		for lo := 0; lo < n; lo += grain {
			select {
			case jobs <- job{b, lo, min(lo+grain, n), next.faults, at}:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
	}
	return nil
}

func (f *feed) newBatch(index, n int) *Batch {
	backing := f.pool.get()
	in := f.input
	return &Batch{
		Index: index, pool: f.pool, backing: backing,
		images: tensor.New(tensor.WithShape(n, in.Height, in.Width, in.Channels),
			tensor.WithBacking(backing[:n*in.floats()])),
		labels: make([]int32, n), names: make([]string, n),
		ready: make(chan struct{}),
	}
}

// work does jobs until there are no more.
func (f *feed) work(ctx context.Context, jobs <-chan job) error {
	var s scratch
	for j := range jobs {
		for i := j.lo; i < j.hi; i++ {
			if err := ctx.Err(); err != nil {
				return err // the batch is never ready: it lacks images
			}
			size := f.input.floats()
			done, err := f.fillSafely(&s, j.first+i, j.batch.backing[i*size:(i+1)*size])
			if err != nil {
				j.faults.add(i, err)
				break
			}
			j.batch.labels[i], j.batch.names[i] = done.label, done.name
		}
		if j.batch.pending.Add(-1) == 0 {
			close(j.batch.ready)
		}
	}
	return ctx.Err()
}

// fillSafely turns a panic of a transform into an error that the consumer
// gets, rather than end the program from a goroutine that it does not know.
func (f *feed) fillSafely(s *scratch, position int, dst []float32) (done filled, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("loader: image %d of the epoch: %v", position, r)
		}
	}()
	return f.fill(s, position, dst)
}

package loader

import (
	"context"
	"fmt"
	"time"

	"golang.org/x/sync/errgroup"
)

// A feed makes the batches of one epoch, and then those of another. Its memory
// and that of its workers is kept between epochs.
//
// Batches go round: dispatch takes one from the pool and cuts it into jobs for
// the workers, gather waits until it is full, and the consumer gets it. A token
// goes with each until the consumer comes for the next, so that the consumer's
// and those under way are no more than prefetch and one.
type feed struct {
	*engine
	epoch   int
	order   order
	workers []*worker
	fill    func(w *worker, b *Batch, i, position int) error

	tokens   chan struct{}
	jobs     chan job
	ordered  chan *Batch // in the making
	finished chan *Batch
	waiting  *Batch // what gather was waiting for when the epoch was cut short
}

// A job is a part of a batch, and where in the epoch that begins.
type job struct {
	batch        *Batch
	lo, hi, from int
}

// run yields the batches of a course through the epoch. All goroutines have
// ended when it returns.
func (f *feed) run(ctx context.Context, c course, yield func(*Batch, error) bool) {
	outer := ctx
	ctx, cancel := context.WithCancel(ctx)
	group, ctx := errgroup.WithContext(ctx)
	defer func() {
		cancel()
		_ = group.Wait() // only ever says that it was cancelled
		f.takeBack()
	}()
	f.begin(ctx, group, c)
	for {
		b, err := f.next(ctx)
		if err != nil && outer.Err() != nil {
			err = outer.Err()
		}
		if err != nil {
			yield(nil, err)
			return
		}
		if b == nil {
			return
		}
		b.owner.Store(handedOut)
		more := yield(b, nil)
		b.leave()
		f.tokens <- struct{}{}
		if !more {
			return
		}
	}
}

// begin makes the channels of an epoch and starts its goroutines.
func (f *feed) begin(ctx context.Context, group *errgroup.Group, c course) {
	alive := f.prefetch + 1
	f.tokens = make(chan struct{}, alive)
	for range alive {
		f.tokens <- struct{}{}
	}
	f.jobs = make(chan job)
	f.ordered, f.finished = make(chan *Batch, alive), make(chan *Batch, alive)
	group.Go(func() error { return f.dispatch(ctx, c) })
	group.Go(func() error { return f.gather(ctx) })
	for _, w := range f.workers {
		group.Go(func() error { return f.work(ctx, w) })
	}
}

// next waits for a batch; there is none after the last.
func (f *feed) next(ctx context.Context) (*Batch, error) {
	began := time.Now()
	defer func() { f.total.waited.Add(int64(time.Since(began))) }()
	select {
	case b, ok := <-f.finished:
		if !ok {
			return nil, ctx.Err()
		}
		if b.fault != nil {
			defer f.pool.put(b)
			return nil, b.fault
		}
		return b, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// dispatch cuts the epoch into batches and those into jobs.
func (f *feed) dispatch(ctx context.Context, c course) error {
	defer close(f.ordered)
	defer close(f.jobs)
	for step := range c.steps() {
		began := time.Now()
		select {
		case <-f.tokens:
		case <-ctx.Done():
			return ctx.Err()
		}
		f.total.held.Add(int64(time.Since(began)))
		lo, hi, index, padding := c.batch(step)
		n := hi - lo
		b := f.pool.get(n)
		b.Index, b.Padding = index, padding
		b.after = f.state(f.epoch, min(c.from+(step+1)*f.shard.World*f.batchSize, c.count))
		const most = 8 // images in a job
		grain := max(1, min(most, n/(2*len(f.workers))))
		b.pending.Store(int64((n + grain - 1) / grain))
		f.ordered <- b
		for at := 0; at < n; at += grain {
			select {
			case f.jobs <- job{b, at, min(at+grain, n), lo}:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
	}
	return nil
}

// work does jobs until there are no more.
func (f *feed) work(ctx context.Context, w *worker) error {
	defer func() { f.total.add(&w.meter) }()
	for j := range f.jobs {
		w.meter.start()
		for i := j.lo; i < j.hi; i++ {
			if err := ctx.Err(); err != nil {
				return err // the batch is never done: it lacks images
			}
			if err := f.fillSafely(w, j.batch, i, j.from+i); err != nil {
				j.batch.fail(i, err)
				break
			}
		}
		f.total.add(&w.meter)
		if j.batch.pending.Add(-1) == 0 {
			j.batch.done <- struct{}{}
		}
	}
	return ctx.Err()
}

// fillSafely turns a panic of a transform into an error that the consumer
// gets, rather than end the program from a goroutine that it does not know.
func (f *feed) fillSafely(w *worker, b *Batch, i, position int) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("loader: image %d of the epoch: %v", position, r)
		}
	}()
	return f.fill(w, b, i, position)
}

// gather passes full batches on in their order.
func (f *feed) gather(ctx context.Context) error {
	defer close(f.finished)
	for b := range f.ordered {
		select {
		case <-b.done:
		case <-ctx.Done():
			f.waiting = b
			return ctx.Err()
		}
		if b.fault == nil {
			b.fault = f.complete(b)
		}
		f.finished <- b
	}
	return nil
}

// complete does what is done batch by batch: it reports bad images and calls
// the hook.
func (f *feed) complete(b *Batch) (err error) {
	if err := f.report(f.epoch, b.bad); err != nil || f.collate == nil {
		return err
	}
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("loader: Collate of batch %d: %v", b.Index, r)
		}
	}()
	began := time.Now()
	defer func() { f.total.took[collating].Add(int64(time.Since(began))) }()
	if err := f.collate(b); err != nil {
		return fmt.Errorf("loader: Collate of batch %d: %w", b.Index, err)
	}
	return nil
}

// takeBack gives the batches that the consumer never got to the pool. All
// goroutines have ended.
func (f *feed) takeBack() {
	if f.waiting != nil {
		f.pool.put(f.waiting)
		f.waiting = nil
	}
	for b := range f.ordered {
		f.pool.put(b)
	}
	for b := range f.finished {
		f.pool.put(b)
	}
}

package pack

import (
	"context"

	"golang.org/x/sync/errgroup"

	"github.com/dsbuild/dsbuild/dataset"
)

// A job is one sample on its way through a worker.
type job struct {
	sample dataset.Sample
	done   chan packed // takes one
}

// write makes the images of samples, each worker with an encoder of its own, and
// hands them to add in the order of the samples. It returns when all goroutines
// have ended.
func write(ctx context.Context, samples []dataset.Sample, workers int,
	newEncoder func() *encoder, add func(packed) error,
) error {
	group, ctx := errgroup.WithContext(ctx)
	work := make(chan *job)
	inOrder := make(chan *job, 2*workers) // bounds how far workers are ahead
	group.Go(func() error {
		defer close(work)
		defer close(inOrder)
		return deal(ctx, samples, inOrder, work)
	})
	for range workers {
		group.Go(func() error {
			e := newEncoder()
			for j := range work {
				m, err := e.encode(ctx, j.sample)
				if err != nil {
					return err
				}
				j.done <- m
			}
			return nil
		})
	}
	group.Go(func() error { return gather(ctx, inOrder, add) })
	return group.Wait()
}

// deal sends a job for each sample to all queues.
func deal(ctx context.Context, samples []dataset.Sample, queues ...chan<- *job) error {
	for _, s := range samples {
		j := &job{s, make(chan packed, 1)}
		for _, queue := range queues {
			select {
			case queue <- j:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
	}
	return nil
}

// gather hands what comes of jobs to add, in the order of the jobs.
func gather(ctx context.Context, jobs <-chan *job, add func(packed) error) error {
	for j := range jobs {
		if err := ctx.Err(); err != nil {
			return err
		}
		select {
		case m := <-j.done:
			if err := add(m); err != nil {
				return err
			}
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

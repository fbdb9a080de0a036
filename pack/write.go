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
// hands them to add in the order of the samples. It returns when all goroutines have ended.
func write(ctx context.Context, samples []dataset.Sample, workers int,
	newEncoder func() *encoder, add func(packed) error,
) error {
	group, ctx := errgroup.WithContext(ctx)
	work := make(chan *job)
	inOrder := make(chan *job, 2*workers) // bounds how far workers are ahead
	group.Go(func() error {
		defer close(work)
		defer close(inOrder)
		for _, s := range samples {
			j := &job{s, make(chan packed, 1)}
			for _, queue := range []chan *job{inOrder, work} {
				select {
				case queue <- j:
				case <-ctx.Done():
					return ctx.Err()
				}
			}
		}
		return nil
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
	group.Go(func() error {
		for j := range inOrder {
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
	})
	return group.Wait()
}

package pack

import (
	"context"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/semaphore"

	"github.com/dsbuild/dsbuild/dataset"
)

// pixelsInFlight bounds the images being written at a time, by their pixels:
// each takes about 10 bytes of memory.
const pixelsInFlight = 64_000_000

// A job is one sample on its way through a worker.
type job struct {
	sample dataset.Sample
	done   chan packed // takes one
}

// write makes the images of samples and hands them to add in the order of the
// samples. It returns when all goroutines have ended.
func write(ctx context.Context, dir dataset.Dir, samples []dataset.Sample, o Options,
	add func(packed) error,
) error {
	group, ctx := errgroup.WithContext(ctx)
	work := make(chan *job)
	inOrder := make(chan *job, 2*o.Workers) // bounds how far workers are ahead
	room := semaphore.NewWeighted(pixelsInFlight)
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
	for range o.Workers {
		group.Go(func() error {
			e := &encoder{dir: dir, options: o}
			for j := range work {
				m, err := e.encode(ctx, j.sample, room)
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

// encode reads a sample's file and returns its image, in a turn that the
// image's size decides.
func (e *encoder) encode(
	ctx context.Context, s dataset.Sample, room *semaphore.Weighted,
) (packed, error) {
	data, header, err := e.read(s)
	if err != nil {
		return packed{}, err
	}
	pixels := min(int64(header.Width)*int64(header.Height), pixelsInFlight)
	if err := room.Acquire(ctx, pixels); err != nil {
		return packed{}, err
	}
	defer room.Release(pixels)
	return e.image(s, data, header)
}

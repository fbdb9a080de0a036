package pack

import (
	"context"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/dsbuild/dsbuild/dataset"
	"github.com/dsbuild/dsbuild/internal/codec/jpeg/transcode"
)

// tallied is how many images at most the shared tables are made for.
const tallied = 256

// shareTables returns Huffman tables that suit the JPEG images of a pack, made
// for some that lie evenly among the samples, or nil where none can be counted.
func shareTables(ctx context.Context, samples []dataset.Sample, workers int,
	newEncoder func() *encoder,
) (*transcode.Tables, error) {
	var mu sync.Mutex
	var all transcode.Tally
	n := min(len(samples), tallied)
	group, ctx := errgroup.WithContext(ctx)
	for worker := range min(workers, n) {
		group.Go(func() error {
			e := newEncoder()
			for i := worker; i < n; i += workers {
				if err := e.count(ctx, samples[i*len(samples)/n]); err != nil {
					return err
				}
			}
			mu.Lock()
			defer mu.Unlock()
			all.Add(&e.counted)
			return nil
		})
	}
	if err := group.Wait(); err != nil || all == (transcode.Tally{}) {
		return nil, err
	}
	return all.Tables(), nil
}

// count adds a sample's image to the encoder's tally, if it can have shared
// tables.
func (e *encoder) count(ctx context.Context, s dataset.Sample) error {
	return e.prepared(ctx, s, func(m packed) {
		if m.entry.Format == "jpeg" && m.entry.Width*m.entry.Height < transcode.LargePixels {
			// One that cannot be transcoded stays as it is, and needs no tables.
			_ = e.transcoder.Count(&e.counted, m.data)
		}
	})
}

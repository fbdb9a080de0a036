package curate

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"sync"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/semaphore"

	"github.com/dsbuild/dsbuild/dataset"
	"github.com/dsbuild/dsbuild/internal/codec"
)

// pixelsInFlight bounds the pixels decoded at a time by all workers together,
// which take about 6 bytes each. A larger image is decoded alone.
const pixelsInFlight = 32 << 20

// A digest is the SHA-256 of a file.
type digest [sha256.Size]byte

// features are what is computed once of a file. Its thumbnail lies in the
// cache.
type features struct {
	// problem is a reason such as Truncated, explained by detail. A file that
	// has one has no quality and no look.
	problem, detail string
	width, height   int
	quality         quality
	look            look
}

// measureFile computes the features and the thumbnail of a file's bytes.
func measureFile(data []byte, limits codec.Limits) (features, []byte) {
	m, header, err := codec.DecodeStrict(data, limits)
	if size, ok := errors.AsType[*codec.SizeError](err); ok {
		return features{problem: TooManyPixels, width: size.Width, height: size.Height}, nil
	}
	if err != nil {
		problem := Unreadable
		if errors.Is(err, codec.ErrTruncated) {
			problem = Truncated
		}
		return features{problem: problem, detail: err.Error()}, nil
	}
	thumb := thumbnail(m)
	return features{
		width: header.Width, height: header.Height,
		quality: measure(m), look: lookOf(thumb),
	}, thumb
}

// A measurer finds the features of samples: in the cache where it can, else
// from their files.
type measurer struct {
	dir     dataset.Dir
	options Options
	cache   *cache
	room    *semaphore.Weighted // in pixels

	mu   sync.Mutex
	done int
}

// measureAll fills in the features of all items.
func measureAll(ctx context.Context, dir dataset.Dir, items []*item, c *cache, o Options) error {
	known, err := c.load(ctx, len(items))
	if err != nil {
		return err
	}
	m := &measurer{dir: dir, options: o, cache: c, room: semaphore.NewWeighted(pixelsInFlight)}
	group, working := errgroup.WithContext(ctx)
	group.SetLimit(o.Workers)
	for _, it := range items {
		if working.Err() != nil {
			break
		}
		if f, ok := known[it.digest]; ok && m.isInPlace(it) {
			it.features = f
			m.tick(len(items))
			continue
		}
		group.Go(func() error {
			if err := m.measure(working, it); err != nil {
				return err
			}
			m.tick(len(items))
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return c.flush(ctx)
}

func (m *measurer) tick(total int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.done++
	if m.options.Progress != nil {
		m.options.Progress(m.done, total)
	}
}

// isInPlace tells whether a sample's file is there with its size. A cached
// result saves reading its bytes again.
func (m *measurer) isInPlace(it *item) bool {
	info, err := os.Stat(m.dir.Path(it.sample.FileName))
	return err == nil && info.Mode().IsRegular() &&
		(it.sample.Bytes == 0 || info.Size() == it.sample.Bytes)
}

// measure reads an item's file. What is wrong with the file is a problem of
// the item; an error is one of the cache or of the run.
func (m *measurer) measure(ctx context.Context, it *item) error {
	data, err := os.ReadFile(m.dir.Path(it.sample.FileName))
	if err != nil {
		it.features = &features{problem: Unreadable, detail: readFault(err)}
		return nil
	}
	sum := digest(sha256.Sum256(data))
	if it.sample.SHA256 != "" && sum != it.digest {
		it.features = &features{problem: Unreadable, detail: fmt.Sprintf(
			"its bytes are not those collected: their sha256 is %s", hex.EncodeToString(sum[:]))}
		return nil
	}
	it.digest = sum
	limits := codec.Limits{MaxPixels: m.options.MaxPixels}
	weight := int64(1)
	if header, err := codec.Probe(data, limits); err == nil {
		weight = min(int64(header.Width)*int64(header.Height), pixelsInFlight)
	}
	if err := m.room.Acquire(ctx, weight); err != nil {
		return err
	}
	found, thumb := measureFile(data, limits)
	m.room.Release(weight)
	it.features = &found
	if found.problem == TooManyPixels { // true of these options only
		return nil
	}
	return m.cache.put(ctx, sum, found, thumb)
}

// readFault says why a file cannot be read, without its path.
func readFault(err error) string {
	if path, ok := errors.AsType[*fs.PathError](err); ok {
		err = path.Err
	}
	return "its file cannot be read: " + err.Error()
}

package importer

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/dsbuild/dsbuild/dataset"
	"github.com/dsbuild/dsbuild/internal/codec"
	"github.com/dsbuild/dsbuild/internal/store"
)

// sniffBytes are enough to tell whether a file is an image at all.
const sniffBytes = 512

// An offer is a file of the source and what became of it: a stored sample, or
// one with the reason that it was refused for. Offers are numbered in the
// source's order, which workers do not keep.
type offer struct {
	number int
	sample dataset.Sample
}

// A job is the content of one file, on its way to the store.
type job struct {
	number   int
	original string
	place    place
	data     []byte
}

// A collector gathers the offers from all goroutines.
type collector struct {
	mu       sync.Mutex
	offers   []offer
	total    int
	progress func(done, total int)
}

func (c *collector) add(o offer) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.offers = append(c.offers, o)
	if c.progress != nil {
		c.progress(len(c.offers), c.total)
	}
}

// collect reads the source once, in one goroutine, while others probe and
// store what it finds. It returns the offers in the source's order.
func collect(
	ctx context.Context, src source, l *layout, files *store.Store, o Options,
) ([]offer, error) {
	group, ctx := errgroup.WithContext(ctx)
	found := &collector{total: l.offered, progress: o.Progress}
	jobs := make(chan job)
	group.Go(func() error {
		defer close(jobs)
		return readAll(ctx, src, l, found, jobs, o)
	})
	for range workers() {
		group.Go(func() error {
			for j := range jobs {
				sample, err := j.keep(files, o)
				if err != nil {
					return err
				}
				found.add(offer{j.number, sample})
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	slices.SortFunc(found.offers, func(a, b offer) int { return cmp.Compare(a.number, b.number) })
	return found.offers, nil
}

// readAll sends every file that can be read to the workers, and refuses the
// others at once.
func readAll(
	ctx context.Context, src source, l *layout, found *collector, jobs chan<- job, o Options,
) error {
	number := 0
	for e, err := range src.entries(ctx) {
		if err != nil {
			return err
		}
		if !isOffered(e) {
			continue
		}
		j, refusal := locate(e, l)
		j.number = number
		number++
		if refusal == nil {
			j.data, refusal, err = read(e, o.MaxBytes)
			if err != nil {
				return err
			}
		}
		if refusal != nil {
			found.add(offer{j.number, refuse(j, *refusal)})
			continue
		}
		select {
		case jobs <- j:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// locate finds the class of an entry, or says why it has no place.
func locate(e entry, l *layout) (job, *dataset.Reason) {
	clean, fault := cleanPath(e.path)
	if fault != "" {
		name := printable(e.path)
		return job{original: name, place: place{label: noClass}},
			&dataset.Reason{Name: reasonUnsafePath, Detail: fault}
	}
	where, ok := l.place(clean)
	j := job{original: clean, place: where}
	switch {
	case e.fault != nil:
		return j, e.fault
	case !ok:
		return j, &dataset.Reason{Name: reasonNoClass, Detail: "it lies in no class folder"}
	}
	return j, nil
}

// printable returns a name as a manifest can hold it.
func printable(name string) string {
	quoted := fmt.Sprintf("%+q", name[:min(len(name), maxPathBytes)])
	return quoted[1 : len(quoted)-1]
}

// read returns the content of an entry if it may be an image of at most limit
// bytes. Errors are those that end the whole source.
func read(e entry, limit int64) ([]byte, *dataset.Reason, error) {
	if e.size > limit {
		return nil, tooLarge(e.size, limit), nil
	}
	content, err := e.open()
	if err != nil {
		return nil, unreadable(err), nil
	}
	defer content.Close()
	head := make([]byte, sniffBytes)
	n, err := io.ReadFull(content, head)
	if err == nil && codec.Sniff(head) != "" {
		var rest []byte
		rest, err = readSized(content, e.size-int64(n), limit-int64(n))
		head = append(head, rest...)
	} else {
		head = head[:n]
	}
	if _, ok := errors.AsType[*streamError](err); ok {
		return nil, nil, err
	}
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, unreadable(err), nil
	}
	if int64(len(head)) > limit {
		return nil, tooLarge(int64(len(head)), limit), nil
	}
	return head, nil, nil
}

// readSized reads to the end of r, at most one byte more than limit. The size
// is a hint that saves growing.
func readSized(r io.Reader, size, limit int64) ([]byte, error) {
	data := make([]byte, 0, min(max(size, 0), limit)+1)
	for {
		if len(data) == cap(data) {
			data = slices.Grow(data, 64<<10)
		}
		n, err := r.Read(data[len(data):cap(data)])
		data = data[:len(data)+n]
		if err == io.EOF || int64(len(data)) > limit {
			return data, nil
		}
		if err != nil {
			return data, err
		}
	}
}

func tooLarge(size, limit int64) *dataset.Reason {
	reason := store.Measured(store.TooLarge, float64(size), float64(limit))
	return &reason
}

func unreadable(err error) *dataset.Reason {
	return &dataset.Reason{Name: reasonUnreadable, Detail: err.Error(), Temporary: true}
}

// keep stores a job's picture, or returns the sample that says why not.
func (j job) keep(files *store.Store, o Options) (dataset.Sample, error) {
	header, err := codec.Probe(j.data, codec.Limits{MaxPixels: o.MaxPixels})
	if err != nil {
		return refuse(j, store.Refusal(err)), nil
	}
	sample, err := files.Put(j.place.label, j.data, header)
	if err != nil {
		return sample, err
	}
	sample.Original, sample.Split = j.original, j.place.split
	return sample, nil
}

// refuse describes an offer that was not taken.
func refuse(j job, reason dataset.Reason) dataset.Sample {
	sample := store.Refused(j.place.label, j.original, reason)
	sample.Split, sample.Original = j.place.split, j.original
	return sample
}

package scrape

import (
	"context"
	"errors"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/dsbuild/dsbuild/dataset"
	"github.com/dsbuild/dsbuild/internal/fetch"
	"github.com/dsbuild/dsbuild/internal/store"
)

// A collector runs the sources and takes what they find.
type collector struct {
	dir    dataset.Dir
	o      Options
	client *fetch.Client
	files  *store.Store
	log    *dataset.Ledger
	known  map[offer]result // from earlier runs

	group   *errgroup.Group
	workers chan struct{} // one element for each image under way

	mu    sync.Mutex
	tasks map[offer]*task
	done  int
}

// A task is one offer, of which the result becomes known once. Several sources
// may wait for it.
type task struct {
	offer  offer
	result result // valid when ready is closed; empty where the run ended before
	ready  chan struct{}
}

// A finding is what became of one source.
type finding struct {
	spec       SourceSpec
	candidates []Candidate
	tasks      []*task // of the candidates
	links      int     // pages beside the way that could not be read
	errs       []error
}

// collect runs all sources, each in a goroutine, and returns their findings in
// their order. Where the context ends they are cut short.
func (c *collector) collect(ctx context.Context) ([]*finding, error) {
	c.group, ctx = errgroup.WithContext(ctx)
	findings := make([]*finding, len(c.o.Sources))
	turns := make(chan struct{}, c.o.Workers)
	for i, spec := range c.o.Sources {
		findings[i] = &finding{spec: spec}
		c.group.Go(func() error {
			select {
			case turns <- struct{}{}:
			case <-ctx.Done():
				return ctx.Err()
			}
			defer func() { <-turns }()
			return c.run(ctx, findings[i])
		})
	}
	err := c.group.Wait()
	return findings, err
}

// run asks one source and takes its candidates in their order, until it has no
// more or as many succeeded as are wanted. As long as the tasks under way would
// do, no further one is begun: so which are taken depends on nothing but what
// they give.
func (c *collector) run(ctx context.Context, f *finding) error {
	source, query := c.o.source(c.client, f.spec)
	count := newTally(f.spec.Want)
	seen := map[offer]bool{}
	for candidate, err := range source.Search(ctx, query) {
		if ctx.Err() != nil {
			break
		}
		if err != nil {
			f.fail(err)
			continue
		}
		one := offer{candidate.Class, candidate.Source.URL}
		if seen[one] {
			continue
		}
		seen[one] = true
		t, err := c.claim(ctx, one)
		if err != nil {
			break
		}
		f.candidates, f.tasks = append(f.candidates, candidate), append(f.tasks, t)
		count.begin()
		c.group.Go(func() error {
			<-t.ready
			count.end(t.result.Sample != nil)
			return nil
		})
		if !count.needsMore() {
			break
		}
	}
	count.wait()
	return ctx.Err()
}

func (f *finding) fail(err error) {
	if _, ok := errors.AsType[*LinkError](err); ok {
		f.links++
		return
	}
	f.errs = append(f.errs, err)
}

// claim returns the task of an offer. The first to ask begins it, as soon as a
// worker is free.
func (c *collector) claim(ctx context.Context, one offer) (*task, error) {
	c.mu.Lock()
	t, begun := c.tasks[one]
	if !begun {
		t = &task{offer: one, ready: make(chan struct{})}
		c.tasks[one] = t
	}
	c.mu.Unlock()
	if begun {
		return t, nil
	}
	if earlier, ok := c.known[one]; ok && earlier.holds(c.dir, c.o) {
		c.settle(t, earlier)
		return t, nil
	}
	select {
	case c.workers <- struct{}{}:
	case <-ctx.Done():
		c.settle(t, result{})
		return nil, ctx.Err()
	}
	c.group.Go(func() error {
		defer func() { <-c.workers }()
		got, err := take(ctx, c.client, c.files, one, c.o)
		if err == nil {
			err = c.log.Append(note{time.Now().UTC(), one.class, one.url, got})
		}
		c.settle(t, got)
		return err
	})
	return t, nil
}

// settle makes a task's result known.
func (c *collector) settle(t *task, r result) {
	t.result = r
	close(t.ready)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.done++
	if c.o.Progress != nil {
		c.o.Progress(c.done, len(c.tasks))
	}
}

// A tally counts how many of a source's tasks succeeded and are under way.
type tally struct {
	want int // 0 for all

	mu      sync.Mutex
	change  *sync.Cond
	good    int
	pending int
}

func newTally(want int) *tally {
	t := &tally{want: want}
	t.change = sync.NewCond(&t.mu)
	return t
}

// begin counts a task as under way.
func (t *tally) begin() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.pending++
}

// end counts a task as over.
func (t *tally) end(good bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.pending--
	if good {
		t.good++
	}
	t.change.Signal()
}

// needsMore waits until it is certain that a further task is needed, or that
// none is.
func (t *tally) needsMore() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	for t.want > 0 && t.good < t.want && t.good+t.pending >= t.want {
		t.change.Wait()
	}
	return t.want == 0 || t.good < t.want
}

// wait returns when no task is under way.
func (t *tally) wait() {
	t.mu.Lock()
	defer t.mu.Unlock()
	for t.pending > 0 {
		t.change.Wait()
	}
}

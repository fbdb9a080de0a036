package loader

import (
	"slices"
	"sync"
	"sync/atomic"

	"gorgonia.org/tensor"

	"github.com/dsbuild/dsbuild/dataset"
)

// A Batch is some images of one epoch. Whoever ranges over the epoch owns it,
// and all that it hands out, until Release.
type Batch struct {
	// Index of the batch within its epoch, from 0. With a Shard it counts the
	// batches of all ranks.
	Index int
	// Padding tells that another rank has the very same batch: this one is
	// there so that all ranks take equally many steps.
	Padding bool

	memory
	pool  *pool
	after State

	bad     []badPlace
	pending atomic.Int64 // jobs that are not done yet
	done    chan struct{}

	mu      sync.Mutex
	fault   error // the first by place rather than by time
	faultAt int

	owner atomic.Int32
}

// memory is what a batch holds for each of its images. It is made once, for a
// full batch.
type memory struct {
	floats  []float32 // the images' values, of the one type or the other
	bytes   []uint8
	targets []float32
	masks   []uint8

	labels []int32
	names  []string
	boxes  [][]dataset.Box

	imageView, targetView, maskView view
}

// A badPlace is a bad image and where in a batch another stands for it.
type badPlace struct {
	place int
	image BadImage
}

// Who owns a batch.
const (
	ownedByLoader int32 = iota
	handedOut           // the program has it, and has not come for the next one
	kept                // the program came for the next one and still has it
	released            // the program is done with it, and has not come for the next one
)

// Images returns the images: float32, normalised, of shape (N,H,W,C), if the
// Input says nothing else. The tensor and its memory are valid until Release.
func (b *Batch) Images() *tensor.Dense { return b.imageView.tensor }

// Labels returns the index of each image's class. It is valid until Release.
func (b *Batch) Labels() []int32 { return b.labels }

// Targets returns each image's shares of the classes, of shape (N, classes),
// float32: 1 for its own, unless the loader's Augment mixes images. It is valid
// until Release.
func (b *Batch) Targets() *tensor.Dense { return b.targetView.tensor }

// FileNames returns the file_name of each image in the manifest. It is valid
// until Release.
func (b *Batch) FileNames() []string { return b.names }

// Boxes returns the boxes of each image, in its pixels. It is nil where the
// Input does not ask for boxes, and valid until Release.
func (b *Batch) Boxes() [][]dataset.Box { return b.boxes }

// Masks returns the masks, of shape (N,H,W), uint8. It is nil where the Input
// does not ask for masks, and valid until Release.
func (b *Batch) Masks() *tensor.Dense { return b.maskView.tensor }

// Size returns the number of images.
func (b *Batch) Size() int { return len(b.labels) }

// State returns where a run stands that has trained on this batch, and the
// other ranks on theirs of the same step. It is meant for training batches.
func (b *Batch) State() State { return b.after }

// Release gives the batch back. It must be called once, and neither the batch
// nor anything that it handed out may be used afterwards.
func (b *Batch) Release() {
	switch {
	case b.owner.CompareAndSwap(handedOut, released):
		// The epoch takes it back when the program comes for the next batch, so
		// that a second Release by mistake does not hit another batch.
	case b.owner.CompareAndSwap(kept, ownedByLoader):
		b.pool.put(b)
	default:
		panic("loader: a batch was released twice")
	}
}

// leave notes that the program has come for the next batch, and takes the
// batch back where it has been released.
func (b *Batch) leave() {
	if b.owner.CompareAndSwap(handedOut, kept) {
		return
	}
	b.owner.Store(ownedByLoader)
	b.pool.put(b)
}

// fail keeps the error of an image.
func (b *Batch) fail(place int, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.fault == nil || place < b.faultAt {
		b.fault, b.faultAt = err, place
	}
}

// note keeps a bad image for which another stands at a place.
func (b *Batch) note(place int, bad BadImage) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.bad = append(b.bad, badPlace{place, bad})
}

// size prepares the batch for n images.
func (b *Batch) size(n int, in Input, classes int) {
	b.labels, b.names = b.labels[:n], b.names[:n]
	b.bad, b.fault = b.bad[:0], nil
	shape, values, isFull := in.shape(n), n*in.values(), n == cap(b.labels)
	if in.Type == Uint8 {
		set(&b.imageView, b.bytes[:values], isFull, shape[:]...)
	} else {
		set(&b.imageView, b.floats[:values], isFull, shape[:]...)
	}
	set(&b.targetView, b.targets[:n*classes], isFull, n, classes)
	if in.Boxes {
		b.boxes = b.boxes[:n]
	}
	if in.Masks {
		set(&b.maskView, b.masks[:n*in.Height*in.Width], isFull, n, in.Height, in.Width)
	}
}

// A view is a tensor on a batch's memory. It keeps one for full batches, and one
// for the last of an epoch, which may have fewer images.
type view struct{ tensor, full, last *tensor.Dense }

// set makes the view's tensor one of a shape and its values.
func set[T float32 | uint8](v *view, values []T, isFull bool, shape ...int) {
	kept := &v.last
	if isFull {
		kept = &v.full
	}
	if *kept == nil || !slices.Equal([]int((*kept).Shape()), shape) {
		shape = slices.Clone(shape)
		*kept = tensor.New(tensor.WithShape(shape...), tensor.WithBacking(values))
	}
	v.tensor = *kept
}

// A pool keeps released batches, as many as an epoch needs.
type pool struct {
	input           Input
	images, classes int
	keeps           int

	mu   sync.Mutex
	free []*Batch
	made int // batches ever made
}

// get returns a batch of n images, with whatever was in it before.
func (p *pool) get(n int) *Batch {
	b := p.take()
	if b == nil {
		b = p.make()
	}
	b.size(n, p.input, p.classes)
	return b
}

func (p *pool) take() *Batch {
	p.mu.Lock()
	defer p.mu.Unlock()
	last := len(p.free) - 1
	if last < 0 {
		p.made++
		return nil
	}
	b := p.free[last]
	p.free = p.free[:last]
	return b
}

// make returns a batch of the full size.
func (p *pool) make() *Batch {
	b := &Batch{pool: p, done: make(chan struct{}, 1)}
	values := p.images * p.input.values()
	if p.input.Type == Uint8 {
		b.bytes = make([]uint8, values)
	} else {
		b.floats = make([]float32, values)
	}
	b.targets = make([]float32, p.images*p.classes)
	b.labels, b.names = make([]int32, p.images), make([]string, p.images)
	if p.input.Boxes {
		b.boxes = make([][]dataset.Box, p.images)
	}
	if p.input.Masks {
		b.masks = make([]uint8, p.images*p.input.Height*p.input.Width)
	}
	return b
}

// put takes a batch back that no job works on.
func (p *pool) put(b *Batch) {
	select {
	case <-b.done: // of a batch that nobody has waited for
	default:
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.free) < p.keeps {
		p.free = append(p.free, b)
	}
}

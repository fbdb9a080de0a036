package loader

import (
	"sync"
	"sync/atomic"

	"gorgonia.org/tensor"
)

// A Batch is some images of one epoch. Whoever ranges over the epoch owns it
// until Release.
type Batch struct {
	// Index of the batch within its epoch, from 0.
	Index int

	pool    *pool
	backing []float32 // of as many images as a full batch has
	images  *tensor.Dense
	labels  []int32
	names   []string

	pending atomic.Int64  // chunks that are not filled yet
	ready   chan struct{} // closed when none is
}

// Images returns the images, of shape (N,H,W,C), normalised. The tensor and
// its memory are valid until Release.
func (b *Batch) Images() *tensor.Dense { return b.images }

// Labels returns the index of each image's class. It is valid until Release.
func (b *Batch) Labels() []int32 { return b.labels }

// FileNames returns the file_name of each image in the manifest. It is valid
// until Release.
func (b *Batch) FileNames() []string { return b.names }

// Size returns the number of images.
func (b *Batch) Size() int { return len(b.labels) }

// Release gives the batch back. It must be called once, and neither the batch
// nor anything that it handed out may be used afterwards.
func (b *Batch) Release() {
	if b.pool == nil {
		panic("loader: a batch was released twice")
	}
	p := b.pool
	b.pool = nil
	p.put(b.backing)
}

// A pool keeps the memory of released batches, all of one size.
type pool struct {
	floats int

	mu   sync.Mutex
	free [][]float32
}

// get returns memory for a batch, with whatever was in it before.
func (p *pool) get() []float32 {
	p.mu.Lock()
	defer p.mu.Unlock()
	if n := len(p.free); n > 0 {
		backing := p.free[n-1]
		p.free = p.free[:n-1]
		return backing
	}
	return make([]float32, p.floats)
}

func (p *pool) put(backing []float32) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.free = append(p.free, backing)
}

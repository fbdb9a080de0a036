package loader

import (
	"errors"
	"fmt"
	"strconv"
	"unsafe"

	"github.com/dsbuild/dsbuild/dataset"
	"github.com/dsbuild/dsbuild/pixel"
)

// maxFileBytes bounds what is read of one file.
const maxFileBytes = 1 << 30

// withRoom returns memory of n bytes, that of data where it is enough.
func withRoom(data []byte, n int64) []byte {
	if int64(cap(data)) < n {
		data = make([]byte, n+n/4)
	}
	return data[:n]
}

// A worker fills slots of batches, one after the other. All memory that it
// needs for an image is kept for the next.
type worker struct {
	*engine
	meter    meter
	file     file
	maskFile file
	plan     pixel.Plan // of the last image
	scale    pixel.Plan // of a mask, to the size of a reduced image
	images   pixel.Scratch
	boxes    []dataset.Box
	filler   fillers
	mixing   mixing
	pictures []*picture // of the slot, then those that are mixed into it

	key, partnerKey []byte
}

func newWorker(e *engine) *worker { return &worker{engine: e, filler: newFillers(e.input)} }

// put fills a batch's slot with what stands at a position of the epoch.
func (f *feed) put(w *worker, b *Batch, i, position int) error {
	index := f.order.entries[position]
	own := &w.entries[index]
	key := dataset.Key{Seed: w.seed, Epoch: f.epoch, Sample: own.name}
	if f.order.times != nil && f.order.times[position] > 0 {
		w.key = append(append(w.key[:0], own.name...), "\x00again/"...)
		w.key = strconv.AppendInt(w.key, int64(f.order.times[position]), 10)
		key.Sample = text(w.key)
	}
	p, at := w.picture(0), slot{b, i}
	if err := w.load(p, index, key, at); err != nil {
		return err
	}
	b.labels[i], b.names[i] = own.label, w.entries[p.index].name
	targets := b.targets[i*len(w.classes) : (i+1)*len(w.classes)]
	clear(targets)
	targets[own.label] = 1
	if w.mixer != nil {
		if err := w.mix(key, at, targets); err != nil {
			return err
		}
	}
	w.meter.lap(colouring)
	err := w.store(at, p)
	w.meter.images++
	w.meter.lap(collating)
	return err
}

// store puts a picture into its slot, and takes its memory back.
func (w *worker) store(at slot, p *picture) error {
	b, i := at.batch, at.i
	if err := w.filler.use(w.plan.Normalization); err != nil {
		return err
	}
	size := w.input.values()
	if w.input.Type == Uint8 {
		w.filler.bytes(b.bytes[i*size:(i+1)*size], p.image)
	} else {
		w.filler.floats(b.floats[i*size:(i+1)*size], p.image)
	}
	w.images.Free(p.image)
	if w.input.Boxes {
		b.boxes[i] = append(b.boxes[i][:0], p.boxes...)
	}
	if w.input.Masks {
		size := w.input.Width * w.input.Height
		copy(b.masks[i*size:(i+1)*size], p.mask.Pix)
		w.images.Free(p.mask)
	}
	return nil
}

// text returns bytes as a string that is valid until they change.
func text(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }

// load makes the picture that of an entry, under the plan that is drawn for a
// key, or one in its place.
func (w *worker) load(p *picture, index int32, key dataset.Key, at slot) error {
	err := w.loadFrom(p, index, key)
	bad, isBad := errors.AsType[*badImageError](err)
	switch {
	case !isBad:
		return err
	case w.policy == Fail:
		return fmt.Errorf("%w (run: dsbuild curate, then dsbuild split)", bad)
	}
	class := w.byClass[w.entries[index].label]
	// From a random member of the class on, the first one that can be decoded.
	const tries = 32
	start := key.Rand("substitute").IntN(len(class))
	for i := range min(tries, len(class)) {
		other := class[(start+i)%len(class)]
		if other == index {
			continue
		}
		err := w.loadFrom(p, other, key)
		if _, alsoBad := errors.AsType[*badImageError](err); alsoBad {
			continue
		}
		w.meter.substituted++
		at.batch.note(at.i, BadImage{
			FileName: w.entries[index].name, Instead: w.entries[other].name, Err: bad.err,
		})
		return err
	}
	return fmt.Errorf("%w (and no other image of class %q can take its place; run: "+
		"dsbuild curate)", bad, w.classes[w.entries[index].label])
}

// loadFrom makes the picture that of an entry. A badImageError is one of its
// files; others are the program's.
func (w *worker) loadFrom(p *picture, index int32, key dataset.Key) error {
	name := w.entries[index].name
	from, err := w.open(index)
	if err != nil {
		return &badImageError{name, err}
	}
	w.transform.Draw(&w.plan, key, from.width, from.height)
	width, height := w.plan.Size(from.width, from.height)
	if width != w.input.Width || height != w.input.Height {
		return fmt.Errorf("loader: the augmentation makes %s an image of %dx%d pixels, "+
			"and the input has %dx%d: let a crop or resize decide the size (augment.Pipeline.For)",
			name, width, height, w.input.Width, w.input.Height)
	}
	p.index = index
	if p.image, err = w.apply(from); err != nil {
		return &badImageError{name, err}
	}
	return w.annotate(p, from)
}

// A badImageError says that a file holds no image that can be used.
type badImageError struct {
	name string
	err  error
}

func (e *badImageError) Error() string { return e.name + ": " + e.err.Error() }
func (e *badImageError) Unwrap() error { return e.err }

package loader

import (
	"errors"
	"fmt"
	"strconv"
	"unsafe"

	"github.com/dsbuild/dsbuild/dataset"
	"github.com/dsbuild/dsbuild/internal/codec"
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
	// packedData is memory for an image of the pack.
	packedData []byte
	decoder    *codec.Decoder
	plan       pixel.Plan // of the last image
	scale      pixel.Plan // of a mask, to the size of a reduced image
	images     pixel.Scratch
	boxes      []dataset.Box
	filling    filling
	mixing     mixing
	pictures   []*picture // of the slot, then those that are mixed into it

	key, partnerKey []byte
}

func newWorker(e *engine) *worker {
	w := &worker{engine: e, decoder: codec.NewDecoder(codec.Limits{MaxPixels: e.maxPixels})}
	w.decoder.Channels = e.input.Channels
	w.filling.usual.Set(*e.input.Normalization)
	return w
}

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
	at := slot{b, i}
	targets := b.targets[i*len(w.classes) : (i+1)*len(w.classes)]
	clear(targets)
	targets[own.label] = 1
	b.labels[i] = own.label
	p := w.picture(0)
	isMixed, err := w.drawMix(key)
	if err == nil {
		err = w.load(p, index, key, at, isMixed)
	}
	if err == nil && isMixed {
		err = w.mix(key, at, targets)
	}
	if err != nil {
		return err
	}
	b.names[i] = w.entries[p.index].name
	w.annotateSlot(at, p)
	w.meter.images++
	w.meter.lap(collating)
	return nil
}

// annotateSlot puts what is annotated on a picture beside its pixels.
func (w *worker) annotateSlot(at slot, p *picture) {
	b, i := at.batch, at.i
	if w.input.Boxes {
		b.boxes[i] = append(b.boxes[i][:0], p.boxes...)
	}
	if w.input.Masks {
		size := w.input.Width * w.input.Height
		copy(b.masks[i*size:(i+1)*size], p.mask.Pix)
		w.images.Free(p.mask)
	}
}

// text returns bytes as a string that is valid until they change.
func text(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }

// load puts the image of an entry, under the plan that is drawn for a key, or
// one in its place, into the slot, or with apart into the picture. The picture
// gets what is annotated on it.
func (w *worker) load(p *picture, index int32, key dataset.Key, at slot, apart bool) error {
	err := w.loadFrom(p, index, key, at, apart)
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
		err := w.loadFrom(p, other, key, at, apart)
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

// loadFrom is load of that very entry. A badImageError is one of its files;
// others are the program's.
func (w *worker) loadFrom(
	p *picture, index int32, key dataset.Key, at slot, apart bool,
) error {
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
	part, owned, err := w.part(from)
	if err != nil {
		return &badImageError{name, err}
	}
	if owned {
		defer w.images.Free(part.Image)
	}
	p.index = index
	if err := w.annotate(p, from); err != nil {
		return err
	}
	if apart {
		if p.image == nil {
			p.image = pixel.New(width, height, w.input.Channels)
		}
		w.write(w.imageSlot(p.image), part)
		return nil
	}
	dst, err := w.slotOf(at, w.plan.Normalization)
	if err == nil {
		w.write(dst, part)
	}
	return err
}

// A badImageError says that a file holds no image that can be used.
type badImageError struct {
	name string
	err  error
}

func (e *badImageError) Error() string { return e.name + ": " + e.err.Error() }
func (e *badImageError) Unwrap() error { return e.err }

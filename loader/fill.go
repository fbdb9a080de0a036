package loader

import (
	"fmt"
	"slices"

	"github.com/dsbuild/dsbuild/pixel"
)

// A filling writes images into slots of batches, under the normalization of the
// Input or that of a plan.
type filling struct {
	usual  pixel.Filler // of the Input's normalization
	other  pixel.Filler // of the last one that a plan had
	last   pixel.Normalization
	slot   pixel.Slot // of a batch
	apart  pixel.Slot // of an image that is mixed with others
	middle pixel.Slot // of an image between two passes
	// The steps of a plan: those that are one pass over the pixels, those that
	// take passes of their own, and those that are one with the last pass.
	head, body, tail pixel.Plan
}

// fillerOf returns that of a plan's normalization, or the Input's where the plan
// has none.
func (w *worker) fillerOf(n *pixel.Normalization) (*pixel.Filler, error) {
	f := &w.filling
	if n == nil || same(*n, *w.input.Normalization) {
		return &f.usual, nil
	}
	if !same(*n, f.last) {
		if err := n.Validate(w.input.Channels); err != nil {
			return nil, fmt.Errorf("loader: %w", err)
		}
		f.other.Set(*n)
		f.last.Mean = append(f.last.Mean[:0], n.Mean...)
		f.last.Std = append(f.last.Std[:0], n.Std...)
	}
	return &f.other, nil
}

func same(a, b pixel.Normalization) bool {
	return slices.Equal(a.Mean, b.Mean) && slices.Equal(a.Std, b.Std)
}

// slotOf returns a slot of a batch, to be filled under a normalization.
func (w *worker) slotOf(at slot, n *pixel.Normalization) (*pixel.Slot, error) {
	filler, err := w.fillerOf(n)
	if err != nil {
		return nil, err
	}
	w.filling.slot = pixel.Slot{
		Filler: filler, Channels: w.input.Channels, Planar: w.input.Layout == NCHW,
	}
	size := w.input.values()
	if w.input.Type == Uint8 {
		w.filling.slot.Bytes = at.batch.bytes[at.i*size : (at.i+1)*size]
	} else {
		w.filling.slot.Floats = at.batch.floats[at.i*size : (at.i+1)*size]
	}
	return &w.filling.slot, nil
}

// imageSlot returns a slot that is an image of its own.
func (w *worker) imageSlot(m *pixel.Image) *pixel.Slot {
	w.filling.apart = pixel.Slot{Bytes: m.Pix, Channels: m.Channels}
	return &w.filling.apart
}

// write puts what the worker's plan makes of a part into a slot: as
// pixel.Plan.Into does, in as many passes, with the time of each measured.
func (w *worker) write(dst *pixel.Slot, part pixel.Part) {
	first, between, last := w.plan.Passes()
	if len(between) == 0 {
		w.plan.Into(dst, part, &w.images)
		w.meter.lap(resampling)
		return
	}
	f := &w.filling
	f.head.Steps, f.body.Steps, f.tail.Steps = first, between, last
	width, height := f.head.Size(part.Image.Width, part.Image.Height)
	m := w.images.New(width, height, dst.Channels)
	f.middle = pixel.Slot{Bytes: m.Pix, Channels: m.Channels}
	f.head.Into(&f.middle, part, &w.images)
	w.meter.lap(resampling)
	m = f.body.Apply(m, &w.images)
	w.meter.lap(colouring)
	f.tail.Into(dst, pixel.Whole(m), &w.images)
	w.images.Free(m)
	w.meter.lap(collating)
}

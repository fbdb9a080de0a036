package loader

import (
	"fmt"

	"github.com/dsbuild/dsbuild/dataset"
	"github.com/dsbuild/dsbuild/pixel"
)

// maxPartners bounds the images that one is mixed with.
const maxPartners = 64

// mixing is a worker's memory for mixing images.
type mixing struct {
	mix    pixel.Mix
	stream dataset.Stream
	chosen []int32 // the partners' entries
	shares []float32
	images []*pixel.Image
	masks  []*pixel.Image
	boxes  [][]dataset.Box
	result []dataset.Box
}

// drawMix draws how the image of a key is mixed with others, if it is.
func (w *worker) drawMix(key dataset.Key) (isMixed bool, err error) {
	if w.mixer == nil {
		return false, nil
	}
	x := &w.mixing
	x.mix.Reset()
	w.mixer.Mix(&x.mix, key, w.input.Width, w.input.Height)
	if x.mix.Partners < 0 || x.mix.Partners > maxPartners {
		return false, fmt.Errorf("loader: an image is mixed with %d others, but at most %d are possible",
			x.mix.Partners, maxPartners)
	}
	return len(x.mix.Layers) > 0, nil
}

// mix mixes the worker's first picture, of a slot, with partners from the whole
// split, each under a plan of its own, puts the result into the slot and the
// classes' shares into targets.
func (w *worker) mix(key dataset.Key, at slot, targets []float32) error {
	x := &w.mixing
	rng := x.stream.Of(key, "mix/partners")
	x.chosen = x.chosen[:0]
	for range x.mix.Partners {
		x.chosen = append(x.chosen, int32(rng.IntN(len(w.entries))))
	}
	for i, index := range x.chosen {
		w.partnerKey = append(append(w.partnerKey[:0], w.entries[index].name...), "\x00mix/"...)
		w.partnerKey = append(w.partnerKey, key.Sample...)
		partner := dataset.Key{Seed: key.Seed, Epoch: key.Epoch, Sample: text(w.partnerKey)}
		if err := w.load(w.picture(i+1), index, partner, at, true); err != nil {
			return err
		}
	}
	m := w.compose(at, targets)
	w.meter.lap(colouring)
	dst, err := w.slotOf(at, w.plan.Normalization)
	if err != nil {
		return err
	}
	w.filling.tail.Steps = nil
	w.filling.tail.Into(dst, pixel.Whole(m), &w.images)
	w.images.Free(m)
	return nil
}

// picture returns the worker's memory for a picture.
func (w *worker) picture(i int) *picture {
	for len(w.pictures) <= i {
		w.pictures = append(w.pictures, new(picture))
	}
	return w.pictures[i]
}

// compose makes one picture, the first, of those of a slot and its partners,
// and returns its image.
func (w *worker) compose(at slot, targets []float32) *pixel.Image {
	x := &w.mixing
	pictures := w.pictures[:1+len(x.chosen)]
	x.images, x.masks, x.boxes = x.images[:0], x.masks[:0], x.boxes[:0]
	for _, p := range pictures {
		x.images, x.masks = append(x.images, p.image), append(x.masks, p.mask)
		x.boxes = append(x.boxes, p.boxes)
	}
	own := pictures[0]
	width, height := w.input.Width, w.input.Height
	m := x.mix.Apply(x.images, &w.images)
	if w.input.Masks {
		own.mask = x.mix.Mask(x.masks, &w.images)
	}
	if w.input.Boxes {
		x.result = x.mix.AppendBoxes(x.result[:0], x.boxes, width, height, w.input.boxRule())
		own.boxes = append(own.boxes[:0], x.result...)
	}
	if w.input.Masks {
		for _, mask := range x.masks {
			w.images.Free(mask)
		}
	}
	if cap(x.shares) < len(pictures) {
		x.shares = make([]float32, len(pictures))
	}
	x.shares = x.shares[:len(pictures)]
	x.mix.Shares(x.shares, width, height)
	clear(targets)
	targets[at.batch.labels[at.i]] += x.shares[0]
	for i, index := range x.chosen {
		targets[w.entries[index].label] += x.shares[i+1]
	}
	return m
}

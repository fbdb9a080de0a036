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

// mix mixes the picture of a slot, the worker's first, with partners from the
// whole split, each under a plan of its own, and puts the classes' shares into
// targets.
func (w *worker) mix(key dataset.Key, at slot, targets []float32) error {
	x := &w.mixing
	x.mix.Reset()
	w.mixer.Mix(&x.mix, key, w.input.Width, w.input.Height)
	if len(x.mix.Layers) == 0 {
		return nil
	}
	if x.mix.Partners < 0 || x.mix.Partners > maxPartners {
		return fmt.Errorf("loader: an image is mixed with %d others, and may be with at most %d",
			x.mix.Partners, maxPartners)
	}
	rng := x.stream.Of(key, "mix/partners")
	x.chosen = x.chosen[:0]
	for range x.mix.Partners {
		x.chosen = append(x.chosen, int32(rng.IntN(len(w.entries))))
	}
	for i, index := range x.chosen {
		w.partnerKey = append(append(w.partnerKey[:0], w.entries[index].name...), "\x00mix/"...)
		w.partnerKey = append(w.partnerKey, key.Sample...)
		partner := dataset.Key{Seed: key.Seed, Epoch: key.Epoch, Sample: text(w.partnerKey)}
		if err := w.load(w.picture(i+1), index, partner, at); err != nil {
			return err
		}
	}
	w.compose(at, targets)
	return nil
}

// picture returns the worker's memory for a picture.
func (w *worker) picture(i int) *picture {
	for len(w.pictures) <= i {
		w.pictures = append(w.pictures, new(picture))
	}
	return w.pictures[i]
}

// compose makes one picture, the first, of those of a slot and its partners.
func (w *worker) compose(at slot, targets []float32) {
	x := &w.mixing
	pictures := w.pictures[:1+len(x.chosen)]
	x.images, x.masks, x.boxes = x.images[:0], x.masks[:0], x.boxes[:0]
	for _, p := range pictures {
		x.images, x.masks = append(x.images, p.image), append(x.masks, p.mask)
		x.boxes = append(x.boxes, p.boxes)
	}
	own := pictures[0]
	width, height := w.input.Width, w.input.Height
	own.image = x.mix.Apply(x.images, &w.images)
	if w.input.Masks {
		own.mask = x.mix.Mask(x.masks, &w.images)
	}
	if w.input.Boxes {
		x.result = x.mix.AppendBoxes(x.result[:0], x.boxes, width, height, w.input.boxRule())
		own.boxes = append(own.boxes[:0], x.result...)
	}
	for i := range pictures {
		w.images.Free(x.images[i])
		if w.input.Masks {
			w.images.Free(x.masks[i])
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
}

package loader

import (
	"image"
	"slices"
	"sync/atomic"

	"github.com/dsbuild/dsbuild/pixel"
)

// A source is where the pixels of an entry come from: an image that the cache
// has, or the file that the worker's decoder has open.
type source struct {
	index         int32
	width, height int    // of the image that plans are drawn for
	whole         [2]int // width and height before Reduce
	kept          *pixel.Image
}

// open finds the pixels of an entry and tells how large the image is. What it
// returns is valid until the next call.
func (w *worker) open(index int32) (source, error) {
	if kept := w.cache.get(index); kept != nil {
		w.meter.fromCache++
		return source{
			index: index, width: kept.image.Width, height: kept.image.Height,
			whole: kept.whole, kept: kept.image,
		}, nil
	}
	data, err := w.read(index)
	w.meter.lap(reading)
	if err != nil {
		return source{}, err
	}
	return w.decode(index, data)
}

// decode reads the header of an entry's image.
func (w *worker) decode(index int32, data []byte) (source, error) {
	header, err := w.decoder.Open(data)
	if err != nil {
		return source{}, err
	}
	from := source{index: index, whole: [2]int{header.Width, header.Height}}
	from.width, from.height = w.reduced(header.Width, header.Height)
	return from, nil
}

// read returns the bytes of an entry's image, from the pack if that has it.
func (w *worker) read(index int32) ([]byte, error) {
	name := w.entries[index].name
	if w.packed != nil {
		data, found, err := w.packed.Fetch(name, &w.packedData)
		if err != nil || found {
			w.meter.fromPack++
			w.meter.bytes += int64(len(data))
			return data, err
		}
	}
	data, err := w.file.read(string(w.dir), name)
	w.meter.bytes += int64(len(data))
	return data, err
}

// reduced returns the size of an image after Reduce.
func (e *engine) reduced(width, height int) (int, int) {
	shorter := min(width, height)
	if e.reduce == 0 || shorter <= e.reduce {
		return width, height
	}
	scale := func(side int) int { return max(1, (side*e.reduce+shorter/2)/shorter) }
	return scale(width), scale(height)
}

// part returns the pixels of a source that the worker's plan needs, and whether
// their memory is the caller's.
func (w *worker) part(from source) (part pixel.Part, owned bool, err error) {
	if from.kept != nil {
		return pixel.Whole(from.kept), false, nil
	}
	isReduced := from.whole != [2]int{from.width, from.height}
	region, atLeast := w.plan.Region(from.width, from.height)
	if isReduced || w.cache != nil {
		region = image.Rect(0, 0, from.whole[0], from.whole[1])
		atLeast = image.Pt(from.width, from.height)
	}
	part, err = w.decoder.Part(region, atLeast.X, atLeast.Y, &w.images)
	w.meter.lap(decoding)
	if err != nil {
		return part, false, err
	}
	if isReduced {
		reduce := pixel.Resize(from.whole[0], from.whole[1], from.width, from.height)
		whole := part.Image
		part = pixel.Whole(reduce.ApplyPart(part, &w.images))
		w.images.Free(whole)
		w.meter.lap(resampling)
	}
	w.cache.put(from.index, part.Image, from.whole)
	return part, true, nil
}

// A cache keeps decoded images, the first that come until its memory is full:
// epochs go through all images, so whichever are kept serve equally well. A nil
// cache keeps none.
type cache struct {
	left   atomic.Int64 // bytes
	images []atomic.Pointer[keptImage]
}

// A keptImage is one that a cache has.
type keptImage struct {
	image *pixel.Image // which nobody changes
	whole [2]int       // its width and height before Reduce
}

func newCache(entries int, bytes int64) *cache {
	if bytes == 0 {
		return nil
	}
	c := &cache{images: make([]atomic.Pointer[keptImage], entries)}
	c.left.Store(bytes)
	return c
}

// get returns the image of an entry, or nil.
func (c *cache) get(entry int32) *keptImage {
	if c == nil {
		return nil
	}
	return c.images[entry].Load()
}

// put keeps a copy of an entry's image if there is room for it.
func (c *cache) put(entry int32, m *pixel.Image, whole [2]int) {
	if c == nil {
		return
	}
	size := int64(len(m.Pix))
	if c.left.Add(-size) < 0 {
		c.left.Add(size)
		return
	}
	image := *m
	image.Pix = slices.Clone(m.Pix)
	if !c.images[entry].CompareAndSwap(nil, &keptImage{&image, whole}) {
		c.left.Add(size) // another worker was faster
	}
}

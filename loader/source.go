package loader

import (
	"github.com/dsbuild/dsbuild/internal/codec"
	"github.com/dsbuild/dsbuild/pixel"
)

// A source is where the pixels of an entry come from: an image that the cache
// has, or the bytes of a file.
type source struct {
	index         int32
	width, height int    // of the image that plans are drawn for
	whole         [2]int // width and height before Reduce
	kept          *pixel.Image
	data          []byte
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
	return w.probe(index, data)
}

// probe reads the header of an entry's image.
func (w *worker) probe(index int32, data []byte) (source, error) {
	header, err := codec.Probe(data, codec.Limits{MaxPixels: w.maxPixels})
	if err != nil {
		return source{}, err
	}
	from := source{index: index, data: data, whole: [2]int{header.Width, header.Height}}
	from.width, from.height = w.reduced(header.Width, header.Height)
	return from, nil
}

// read returns the bytes of an entry's image, from the pack if that has it.
func (w *worker) read(index int32) ([]byte, error) {
	name := w.entries[index].name
	if w.packed != nil {
		data, found, err := w.packed.Lookup(name)
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

// apply returns the image of a source after the plan.
func (w *worker) apply(from source) (*pixel.Image, error) {
	m := from.kept
	if m == nil {
		decoded, _, err := codec.Decode(from.data, codec.Limits{MaxPixels: w.maxPixels})
		if err != nil {
			return nil, err
		}
		w.meter.lap(decoding)
		m = decoded.WithChannels(w.input.Channels)
		if from.width != m.Width || from.height != m.Height {
			reduce := pixel.Resize(m.Width, m.Height, from.width, from.height)
			m = reduce.Apply(m, &w.images)
			w.meter.lap(resampling)
		}
		w.cache.put(from.index, m, from.whole)
	} else {
		m = w.copy(m)
	}
	for i, step := range w.plan.Steps {
		m = step.Apply(m, &w.images)
		if _, ok := step.(*pixel.Crop); ok && i == 0 {
			w.meter.lap(resampling)
		}
	}
	w.meter.lap(colouring)
	return m, nil
}

// copy returns a copy of an image that must not be changed.
func (w *worker) copy(m *pixel.Image) *pixel.Image {
	out := w.images.New(m.Width, m.Height, m.Channels)
	copy(out.Pix, m.Pix)
	return out
}

package loader

import (
	"fmt"

	"github.com/dsbuild/dsbuild/dataset"
	"github.com/dsbuild/dsbuild/internal/codec"
	"github.com/dsbuild/dsbuild/pixel"
)

// annotate puts the boxes and the mask of an entry into its picture, as far as
// the Input asks for them: moved by the worker's plan, which was drawn for the
// source.
func (w *worker) annotate(p *picture, from source) error {
	e := &w.entries[from.index]
	if e.size != [2]int{} { // which the image in a pack may not have
		from.whole = e.size
	}
	p.boxes = p.boxes[:0]
	if w.input.Boxes {
		w.boxes = append(w.boxes[:0], e.boxes...)
		sx := float64(from.width) / float64(from.whole[0])
		sy := float64(from.height) / float64(from.whole[1])
		for i := range w.boxes {
			b := &w.boxes[i]
			b.X, b.Y, b.Width, b.Height = b.X*sx, b.Y*sy, b.Width*sx, b.Height*sy
		}
		p.boxes = w.plan.AppendBoxes(p.boxes, w.boxes, from.width, from.height, w.input.boxRule())
	}
	if !w.input.Masks {
		return nil
	}
	mask, err := w.readMask(e, from)
	if err != nil {
		return &badImageError{e.mask, err}
	}
	p.mask = w.plan.Mask(mask, &w.images)
	w.images.Free(mask)
	return nil
}

// readMask returns the mask of an entry at the size that its plan is for.
func (w *worker) readMask(e *entry, from source) (*pixel.Image, error) {
	data, err := w.maskFile.read(string(w.dir), e.mask)
	if err != nil {
		return nil, err
	}
	mask, header, err := codec.Decode(data, codec.Limits{MaxPixels: w.maxPixels})
	if err != nil {
		return nil, err
	}
	if header.Channels != 1 {
		return nil, fmt.Errorf("a mask in colour: make it a gray image whose values are classes")
	}
	if [2]int{mask.Width, mask.Height} != from.whole {
		return nil, fmt.Errorf("a mask of %dx%d pixels for an image of %dx%d", mask.Width, mask.Height,
			from.whole[0], from.whole[1])
	}
	if from.width == mask.Width && from.height == mask.Height {
		return mask, nil
	}
	w.scale.Reset()
	pixel.Add(&w.scale, pixel.Resize(mask.Width, mask.Height, from.width, from.height))
	return w.scale.Mask(mask, &w.images), nil
}

// boxRule says which boxes stay when images are changed.
func (in Input) boxRule() pixel.BoxRule {
	if in.BoxRule != nil {
		return *in.BoxRule
	}
	return pixel.DefaultBoxRule()
}

// A slot is the place of an image in a batch.
type slot struct {
	batch *Batch
	i     int
}

// A picture is an image and what is annotated on it, after its plan.
type picture struct {
	index int32        // the entry whose image it is
	image *pixel.Image // of pictures that are mixed, with memory of its own
	boxes []dataset.Box
	mask  *pixel.Image
}

package augment

import (
	"fmt"

	"github.com/dsbuild/dsbuild/augment/draft"
	"github.com/dsbuild/dsbuild/dataset"
	"github.com/dsbuild/dsbuild/pixel"
)

// A Transform draws what happens to one image.
type Transform = draft.Transform

// A sizer is a transform that decides the size of the image.
type sizer interface {
	// withSize returns the transform with the size of its result set, if it
	// was left open.
	withSize(width, height int) Transform
}

// A Pipeline is a list of transforms, made one after the other. It is not
// changed by use and safe for concurrent use.
type Pipeline []Transform

// Plan returns what Draw draws.
func (p Pipeline) Plan(key dataset.Key, width, height int) pixel.Plan {
	var plan pixel.Plan
	p.Draw(&plan, key, width, height)
	return plan
}

// Draw draws all transforms for an image of the given size, in place of what
// the plan was. Each transform has a generator of its own, named after it:
// adding one of another kind leaves the draws of the others as they were. Once
// the plan has grown it takes no memory.
func (p Pipeline) Draw(plan *pixel.Plan, key dataset.Key, width, height int) {
	d := draft.New(plan, width, height)
	d.All(key, p)
	d.Release()
}

// Validate tells what is wrong with the pipeline, naming the transform.
func (p Pipeline) Validate() error {
	for i, t := range p {
		if err := t.Validate(); err != nil {
			return fmt.Errorf("augment: transform %d, %s: %w", i+1, t.Name(), err)
		}
	}
	return nil
}

// For returns the pipeline for a network that takes images of the given size:
// transforms whose size was left open get it, those within compositions as
// well, and where none is sure to decide the size, a resize comes first.
func (p Pipeline) For(width, height int) Pipeline {
	sized := p.withSize(width, height)
	if !p.decides() {
		sized = append(Pipeline{Resized{
			Width: width, Height: height, Interpolation: pixel.FilterBilinear,
		}}, sized...)
	}
	return sized
}

// Normalization returns the normalization that the pipeline asks for, or nil.
func (p Pipeline) Normalization() *pixel.Normalization {
	for _, t := range p {
		if n, ok := t.(Normalization); ok {
			return n.normalization()
		}
	}
	return nil
}

// Default returns the pipeline for images that nothing is known about: crops
// of at least half the area, turns by up to ten degrees, and for colour images
// slight changes of colour. Nothing is mirrored, since letters, digits and
// hands have a right way round. The sizes are left open: see Pipeline.For.
func Default(channels int) Pipeline {
	crop, rotation := RandomResizedCrop(0), RandomRotation(10)
	crop.ScaleRange = [2]float64{0.6, 1}
	crop.RatioRange = [2]float64{0.85, 1 / 0.85}
	rotation.Interpolation = pixel.Bilinear
	if channels == 1 {
		return Pipeline{crop, rotation}
	}
	return Pipeline{crop, rotation, ColorJitter(0.3, 0.3, 0.3, 0.02)}
}

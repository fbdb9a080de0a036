package pixel

import "image"

// A Mix says how several images of one size become one: layer by layer, each
// over those before. The zero Mix leaves an image as it is.
type Mix struct {
	// Partners is how many other images take part.
	Partners int
	Layers   []Layer
}

// A Layer shows one of the images of a Mix.
type Layer struct {
	// Image is 0 for the sample's own, or the number of a partner, from 1.
	Image int
	// Region of the result that the whole image is scaled into, or, where Cut
	// is set, that shows the image's own pixels of that region.
	Region image.Rectangle
	Cut    bool
	// Weight of the layer against what is below it, from 0 to 1.
	Weight float32
}

package pixel

// A Part is a piece of an image, perhaps at a smaller scale: what a decoder
// makes of the region that a crop needs.
type Part struct {
	Image *Image
	// X and Y are where the corner of Image is in the whole, in its pixels. A
	// piece at a smaller scale may reach out of the whole by less than one of
	// its pixels, so they may be negative.
	X, Y float64
	// ScaleX and ScaleY are how many pixels of the whole one of Image stands
	// for.
	ScaleX, ScaleY float64
}

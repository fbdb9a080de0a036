package augment

// Default returns the pipeline for images that nothing is known about: crops
// of at least half the area, turns by up to ten degrees, and for colour images
// slight changes of colour. Nothing is mirrored, since letters, digits and
// hands have a right way round. The sizes are left open: see Pipeline.For.
func Default(channels int) Pipeline {
	crop := RandomResizedCrop(0)
	crop.ScaleRange = [2]float64{0.6, 1}
	crop.RatioRange = [2]float64{0.85, 1 / 0.85}
	if channels == 1 {
		return Pipeline{crop, RandomRotation(10)}
	}
	return Pipeline{crop, RandomRotation(10), ColorJitter(0.3, 0.3, 0.3, 0.02)}
}

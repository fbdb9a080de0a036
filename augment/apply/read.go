package apply

import (
	"fmt"
	"os"

	"github.com/dsbuild/dsbuild/dataset"
	"github.com/dsbuild/dsbuild/internal/codec"
	"github.com/dsbuild/dsbuild/pixel"
)

// readTrain returns the samples of the training split, as it is now.
func readTrain(dir dataset.Dir) ([]dataset.Sample, error) {
	info, err := dataset.ReadInfo(dir)
	if err != nil {
		return nil, err
	}
	var samples []dataset.Sample
	path := dir.Split(dataset.Train)
	err = dataset.ForEach(path, func(s dataset.Sample) error {
		if s.Split != dataset.Train {
			return fmt.Errorf("split is %q: only training images are ever augmented", s.Split)
		}
		samples = append(samples, s)
		return nil
	})
	if os.IsNotExist(err) {
		return nil, fmt.Errorf("%s is not there (run: dsbuild split): %w", path, err)
	}
	if err == nil && len(samples) == 0 {
		err = fmt.Errorf("%s has no samples", path)
	}
	if err != nil {
		return nil, err
	}
	return samples, info.Verify(dir, path, samples)
}

// readImage decodes a file of the data set.
func readImage(dir dataset.Dir, name string) (*pixel.Image, error) {
	data, err := os.ReadFile(dir.Path(name))
	if err != nil {
		return nil, err
	}
	m, _, err := codec.Decode(data, codec.Limits{})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", dir.Path(name), err)
	}
	return m, nil
}

// readPicture decodes a sample's image, and its mask, which must have the
// image's size.
func readPicture(dir dataset.Dir, s dataset.Sample) (Picture, error) {
	m, err := readImage(dir, s.FileName)
	if err != nil || s.Mask == "" {
		return Picture{Image: m, Boxes: s.Boxes}, err
	}
	mask, err := readImage(dir, s.Mask)
	if err != nil {
		return Picture{}, err
	}
	if mask.Width != m.Width || mask.Height != m.Height {
		return Picture{}, fmt.Errorf("%s has %dx%d pixels, but %s has %dx%d: a mask must have the "+
			"size of its image", dir.Path(s.Mask), mask.Width, mask.Height, s.FileName, m.Width, m.Height)
	}
	return Picture{m, s.Boxes, mask}, nil
}

package loader

import (
	"errors"
	"fmt"
	"os"

	"github.com/dsbuild/dsbuild/dataset"
)

// An entry is what a loader keeps of a sample.
type entry struct {
	name  string
	label int32

	// Where the Input asks for boxes or masks; size is that of the image whose
	// pixels they are in, 0 where the manifest does not say.
	boxes []dataset.Box
	mask  string
	size  [2]int
}

// A reader reads the manifests of one data set.
type reader struct {
	dir     dataset.Dir
	input   Input
	weigh   func(dataset.Sample) float64 // nil where samples have no weights
	info    dataset.Info
	classes map[string]int32

	entries     []entry
	weights     []float64
	fingerprint *dataset.Fingerprinter
}

func openReader(dir dataset.Dir, in Input, weigh func(dataset.Sample) float64) (*reader, error) {
	info, err := dataset.ReadInfo(dir)
	if err != nil {
		return nil, err
	}
	classes := make(map[string]int32, len(info.Classes))
	for i, label := range info.Classes {
		classes[label] = int32(i)
	}
	return &reader{
		dir: dir, input: in, weigh: weigh, info: info, classes: classes,
		fingerprint: dataset.NewFingerprinter(),
	}, nil
}

// split reads the manifest of a split, which must be the one that dataset.json
// describes. Each sample is shown to check.
func (r *reader) split(split dataset.Split, check func(dataset.Sample) error) error {
	path := r.dir.Split(split)
	if err := r.read(path, split, "dsbuild split", check); err != nil {
		return err
	}
	return r.info.VerifyFingerprint(r.dir, path, r.fingerprint.Sum())
}

// variants reads the manifest of what augment made of training images, all of
// which must be among the originals.
func (r *reader) variants(originals map[string]bool) error {
	const command = "dsbuild augment --materialize 2"
	return r.read(r.dir.Augmented(), dataset.Train, command, func(s dataset.Sample) error {
		if !originals[s.Parent] {
			return fmt.Errorf("parent %q is not in the training split: the split has changed "+
				"since (run: %s)", s.Parent, command)
		}
		return nil
	})
}

// read adds the samples of a manifest that the named command writes. All must
// be of the split, of known classes, and pass the check.
func (r *reader) read(
	path string, split dataset.Split, command string, check func(dataset.Sample) error,
) error {
	before := len(r.entries)
	err := dataset.ForEach(path, func(s dataset.Sample) error {
		if s.Split != split {
			return fmt.Errorf("split is %q in the manifest of %s", s.Split, split)
		}
		if err := r.add(s); err != nil {
			return err
		}
		return check(s)
	})
	if errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("%s is not there (run: %s): %w", path, command, err)
	}
	if err == nil && len(r.entries) == before {
		err = fmt.Errorf("%s has no samples (run: %s)", path, command)
	}
	return err
}

// add keeps what is needed of a sample.
func (r *reader) add(s dataset.Sample) error {
	label, ok := r.classes[s.Label]
	if !ok {
		_, err := r.info.Classes.Index(s.Label)
		return err
	}
	e := entry{name: s.FileName, label: label}
	if r.input.Boxes || r.input.Masks {
		e.size = [2]int{s.Width, s.Height}
	}
	if r.input.Boxes {
		e.boxes = s.Boxes
	}
	if r.input.Masks {
		if s.Mask == "" {
			return errors.New("the sample has no mask, but the loader's Input asks for Masks")
		}
		e.mask = s.Mask
	}
	r.entries = append(r.entries, e)
	if r.weigh != nil {
		r.weights = append(r.weights, r.weigh(s))
	}
	r.fingerprint.Add(s)
	return nil
}

package split

import (
	"fmt"

	"github.com/dsbuild/dsbuild/dataset"
)

// KFold deals samples into k folds and returns the fold of each, from 0, in
// the samples' order. Every class has its images in each fold to within one,
// and the same unit, such as a group, is never in two. What the samples' Split
// says plays no part.
//
// In round i of a cross-validation the samples of fold i are the validation
// set and the others the training set. A variant of an image has the fold of
// that image, but may validate nothing: in round i leave it out. One whose
// image is not among the samples has fold -1 and always trains.
func KFold(samples []dataset.Sample, k int, seed uint64) ([]int, error) {
	if k < 2 || k > maxFolds {
		return nil, fmt.Errorf("folds is %d, but must be from 2 to %d", k, maxFolds)
	}
	if err := checkSamples(samples); err != nil {
		return nil, err
	}
	classes, index := classIndex(samples)
	units := unitsOf(samples, index, seed, "fold")
	var pool []*unit
	for _, u := range units {
		if len(u.weights) > 0 {
			pool = append(pool, u)
		}
	}
	p, err := foldPlacer(classes, pool, k)
	if err != nil {
		return nil, err
	}
	p.placeAll(pool)
	folds := make([]int, len(samples))
	for _, u := range units {
		for _, i := range u.members {
			folds[i] = u.bin
		}
	}
	return folds, nil
}

// foldPlacer returns the placer for k equal folds. The images that are left
// over go round the folds from class to class, so that the folds' totals stay
// equal.
func foldPlacer(classes dataset.Classes, pool []*unit, k int) (*placer, error) {
	var open [][]bool
	var target [][]int
	var small []Shortage
	counts := countUnits(pool, len(classes))
	next := 0
	for c, label := range classes {
		images := counts[c].images
		if images > 0 && counts[c].units < k {
			small = append(small, counts[c].shortage(label, k))
		}
		isOpen, of := make([]bool, k), make([]int, k)
		for fold := range k {
			isOpen[fold], of[fold] = true, images/k
		}
		for range images % k {
			of[next%k]++
			next++
		}
		open, target = append(open, isOpen), append(target, of)
	}
	if len(small) > 0 {
		return nil, &TooSmallError{For: fmt.Sprintf("%d folds", k), Classes: small}
	}
	return newPlacer(pool, open, target, target), nil
}

package loader

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/dsbuild/dsbuild/dataset"
)

// A Sampling says which images make up an epoch. The zero value takes each
// once. At most one of Balanced, ClassWeights and Weight may be set.
//
// Where images have weights, each comes as often as its share of the epoch
// says, rounded up or down at random so that the mean over epochs is exact
// (systematic sampling: Madow, "On the theory of systematic sampling", 1949),
// and so does every class. An image that comes again is augmented anew.
type Sampling struct {
	// Balanced gives all classes the same number of images.
	Balanced bool
	// ClassWeights are the classes' shares of the images, relative to each
	// other. All classes must have one; one of weight 0 is left out.
	ClassWeights map[string]float64
	// Weight returns how often an image comes, relative to others; 0 leaves it
	// out. It is asked once of each sample, when the loader is made.
	Weight func(dataset.Sample) float64
	// Length is the number of images of an epoch; 0 means that of the training
	// images. Without weights it is at most that.
	Length int
	// Repeats is how often each drawn image stands in a row, augmented anew
	// every time: repeated augmentation (Hoffer et al., "Augment your batch",
	// 2020; Berman et al., "MultiGrain", 2019). The epoch keeps its Length, and
	// so has the fewer different images. 0 means 1.
	Repeats int
}

func (s Sampling) validate() error {
	laws := 0
	for _, set := range []bool{s.Balanced, s.ClassWeights != nil, s.Weight != nil} {
		if set {
			laws++
		}
	}
	if laws > 1 {
		return errors.New("loader: set only one of Balanced, ClassWeights and Weight")
	}
	if s.Length < 0 || s.Length > math.MaxInt32 || s.Repeats < 1 {
		return errors.New("loader: a negative Length or Repeats of Sampling")
	}
	return nil
}

// weights returns the weight of each entry, or nil where all are alike. given
// are those of the samples where Sampling.Weight is set.
func (s Sampling) weights(entries []entry, given []float64, classes dataset.Classes) (
	[]float64, error,
) {
	if s.Weight != nil {
		return given, checkWeights(given)
	}
	if !s.Balanced && s.ClassWeights == nil {
		return nil, nil
	}
	counts := make([]float64, len(classes))
	for i := range entries {
		counts[entries[i].label]++
	}
	byClass := make([]float64, len(classes))
	for i, class := range classes {
		weight, ok := s.ClassWeights[class]
		if s.Balanced {
			weight, ok = 1, true
		}
		if !ok {
			return nil, fmt.Errorf("loader: ClassWeights lacks class %q", class)
		}
		if err := checkWeights([]float64{weight, 1}); err != nil {
			return nil, fmt.Errorf("%w (ClassWeights of %q)", err, class)
		}
		byClass[i] = weight / max(counts[i], 1)
	}
	for name := range s.ClassWeights {
		if _, err := classes.Index(name); err != nil {
			return nil, fmt.Errorf("loader: ClassWeights: %w", err)
		}
	}
	weights := make([]float64, len(entries))
	for i := range entries {
		weights[i] = byClass[entries[i].label]
	}
	return weights, checkWeights(weights)
}

func checkWeights(weights []float64) error {
	sum := 0.0
	for _, w := range weights {
		if !(w >= 0) {
			return fmt.Errorf("loader: a weight of %v, but must be 0 or more", w)
		}
		sum += w
	}
	if !(sum > 0) || math.IsInf(sum, 0) {
		return fmt.Errorf("loader: the images' weights add up to %v", sum)
	}
	return nil
}

// An order is the sequence of an epoch's images. Its memory serves one epoch
// after the other.
type order struct {
	entries []int32 // by position
	times   []int32 // how often the entry has come before; nil where none comes twice

	shuffle, sorted, seen []int32
}

// draw draws the order of an epoch of so many images out of entries with the
// given weights, nil where all are alike.
func (o *order) draw(rng *rand.Rand, entries []entry, weights []float64, length, repeats int) {
	o.shuffle = permutation(o.shuffle, len(entries), rng)
	distinct := (length + repeats - 1) / repeats
	if weights != nil {
		o.sort(entries)
		o.shuffle = pick(o.shuffle[:0], o.sorted, weights, distinct, rng.Float64())
		rng.Shuffle(distinct, func(i, j int) {
			o.shuffle[i], o.shuffle[j] = o.shuffle[j], o.shuffle[i]
		})
	}
	o.entries = o.entries[:0]
	for _, e := range o.shuffle[:distinct] {
		for range min(repeats, length-len(o.entries)) {
			o.entries = append(o.entries, e)
		}
	}
	if weights == nil && repeats == 1 {
		o.times = nil
		return
	}
	o.count(len(entries))
}

// count notes at each position how often its entry has come before.
func (o *order) count(entries int) {
	o.clearSeen(entries)
	o.times = o.times[:0]
	for _, e := range o.entries {
		o.times = append(o.times, o.seen[e])
		o.seen[e]++
	}
}

// sort sorts the shuffled entries by class and keeps their order within one.
func (o *order) sort(entries []entry) {
	most := int32(0)
	for i := range entries {
		most = max(most, entries[i].label)
	}
	o.clearSeen(int(most) + 2) // where each class begins, counted one behind
	for i := range entries {
		o.seen[entries[i].label+1]++
	}
	for c := range most {
		o.seen[c+1] += o.seen[c]
	}
	o.sorted = append(o.sorted[:0], o.shuffle...)
	for _, e := range o.shuffle {
		at := &o.seen[entries[e].label]
		o.sorted[*at] = e
		*at++
	}
}

func (o *order) clearSeen(n int) {
	if cap(o.seen) < n {
		o.seen = make([]int32, n)
	}
	o.seen = o.seen[:n]
	clear(o.seen)
}

// permutation returns a random order of n numbers in the memory of p.
func permutation(p []int32, n int, rng *rand.Rand) []int32 {
	p = p[:0]
	for i := range n {
		p = append(p, int32(i))
	}
	rng.Shuffle(n, func(i, j int) { p[i], p[j] = p[j], p[i] })
	return p
}

// pick appends count entries to dst: their weights are laid out side by side,
// and an entry is taken for each of the evenly spaced marks that fall on its
// own; the first is at that share of a space.
func pick(dst, entries []int32, weights []float64, count int, first float64) []int32 {
	total := 0.0
	for _, e := range entries {
		total += weights[e]
	}
	space, end := total/float64(count), 0.0
	last := int32(-1)
	for _, e := range entries {
		end += weights[e]
		for len(dst) < count && float64((float64(len(dst))+first)*space) < end {
			dst = append(dst, e)
		}
		if weights[e] > 0 {
			last = e
		}
	}
	for len(dst) < count { // marks that rounding put beyond the last weight
		dst = append(dst, last)
	}
	return dst
}

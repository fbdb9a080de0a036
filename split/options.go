package split

import (
	"fmt"
	"math"

	"github.com/dsbuild/dsbuild/dataset"
)

const (
	sumTolerance = 1e-6
	leastShare   = 1e-4 // a smaller one would ask for classes of millions
	maxFolds     = 1000
)

// DefaultShares are used where no share is given.
var DefaultShares = Shares{Train: 0.8, Val: 0.1, Test: 0.1}

// Shares are the parts of each class that the splits get. They sum to 1; Val
// and Test may be 0, and then nothing is drawn for them.
type Shares struct {
	Train float64 `yaml:"train"`
	Val   float64 `yaml:"val"`
	Test  float64 `yaml:"test"`
}

// Validate tells what is wrong with the shares.
func (s Shares) Validate() error {
	for i, share := range s.list() {
		name := dataset.Splits()[i]
		switch {
		case !(share >= 0 && share <= 1):
			return fmt.Errorf("%s is %v, but must be from 0 to 1", name, share)
		case share > 0 && share < leastShare:
			return fmt.Errorf("%s is %v, but must be 0 or at least %v", name, share, leastShare)
		}
	}
	if sum := s.Train + s.Val + s.Test; math.Abs(sum-1) > sumTolerance {
		return fmt.Errorf("train %v, val %v and test %v sum to %.6g, but must sum to 1 "+
			"(one that is not given is 0 where another is)", s.Train, s.Val, s.Test, sum)
	}
	if s.Train == 0 {
		return fmt.Errorf("train is 0, which leaves nothing to learn from")
	}
	return nil
}

// String formats the shares as 0.8/0.1/0.1.
func (s Shares) String() string {
	return fmt.Sprintf("%.4g/%.4g/%.4g", s.Train, s.Val, s.Test)
}

// list returns the shares in the order of dataset.Splits.
func (s Shares) list() [3]float64 { return [3]float64{s.Train, s.Val, s.Test} }

// Options say how to split.
type Options struct {
	// Shares of the splits. Where all three are zero, DefaultShares; else
	// they must sum to 1.
	Shares `yaml:",inline"`
	// Seed of the draw: another one gives another split.
	Seed uint64 `yaml:"seed"`
	// Keep leaves samples in the split where the last run put them, as far as
	// the shares and the groups allow.
	Keep bool `yaml:"keep"`
	// Folds, from 2 on, also writes manifests for cross-validation: those of
	// train and val are dealt into so many folds, each of which is val once.
	// Test is held out. Zero writes none.
	Folds int `yaml:"folds"`

	// RecipeDigest is noted in dataset.json.
	RecipeDigest string `yaml:"-"`
}

func (o Options) withDefaults() Options {
	if o.Shares == (Shares{}) {
		o.Shares = DefaultShares
	}
	return o
}

// Validate tells what is wrong with the options.
func (o Options) Validate() error {
	o = o.withDefaults()
	if err := o.Shares.Validate(); err != nil {
		return err
	}
	if o.Folds < 0 || o.Folds == 1 || o.Folds > maxFolds {
		return fmt.Errorf("folds is %d, but must be 0 (none) or from 2 to %d", o.Folds, maxFolds)
	}
	return nil
}

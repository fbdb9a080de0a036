package split

import (
	"fmt"
	"maps"
	"slices"

	"github.com/dsbuild/dsbuild/dataset"
)

// A Report counts what each split got, variants included.
type Report struct {
	Splits  Counts            `json:"splits"`
	Classes map[string]Counts `json:"classes"`
	// Folds that were written for cross-validation.
	Folds int `json:"folds,omitempty"`
	// Overruled samples carried another split than the rest of their group,
	// which is further from training, and went there.
	Overruled int `json:"overruled,omitempty"`
	// Moved samples were in another split before. Only Options.Keep looks.
	Moved int `json:"moved,omitempty"`
	// Uncurated images were collected after the last curation: they are in no
	// split until it is run again.
	Uncurated int `json:"uncurated,omitempty"`
}

// Hints says in words what a person should know of the run, if anything.
func (r Report) Hints() []string {
	var hints []string
	if r.Uncurated > 0 {
		hints = append(hints, fmt.Sprintf("%d images were collected after the last curation "+
			"and are in no split (run: dsbuild curate)", r.Uncurated))
	}
	if r.Overruled > 0 {
		hints = append(hints, fmt.Sprintf("%d images were given to another split than the rest "+
			"of their group, and went where the group is furthest from training", r.Overruled))
	}
	if r.Moved > 0 {
		hints = append(hints, fmt.Sprintf("%d images moved to another split, "+
			"as the shares or their groups ask for it", r.Moved))
	}
	return hints
}

// Counts of the images of each split.
type Counts struct {
	Train int `json:"train"`
	Val   int `json:"val"`
	Test  int `json:"test"`
}

// Total is the sum over the splits.
func (c Counts) Total() int { return c.Train + c.Val + c.Test }

// add counts one more image of a split.
func (c *Counts) add(s dataset.Split) {
	switch s {
	case dataset.Train:
		c.Train++
	case dataset.Val:
		c.Val++
	case dataset.Test:
		c.Test++
	}
}

// A Row is what one class has in each split.
type Row struct {
	Label string
	Counts
}

// Rows returns a row for each class in index order.
func (r Report) Rows() []Row {
	var rows []Row
	for _, label := range slices.Sorted(maps.Keys(r.Classes)) {
		rows = append(rows, Row{Label: label, Counts: r.Classes[label]})
	}
	return rows
}

// count adds up the samples, whose splits are set.
func (r *Report) count(samples []dataset.Sample) {
	r.Classes = map[string]Counts{}
	for i := range samples {
		s := &samples[i]
		counts := r.Classes[s.Label]
		counts.add(s.Split)
		r.Classes[s.Label] = counts
		r.Splits.add(s.Split)
	}
}

// info returns the counts in the form of dataset.json.
func (r *Report) info() map[string]map[dataset.Split]int {
	counts := make(map[string]map[dataset.Split]int, len(r.Classes))
	for label, c := range r.Classes {
		counts[label] = map[dataset.Split]int{
			dataset.Train: c.Train, dataset.Val: c.Val, dataset.Test: c.Test}
	}
	return counts
}

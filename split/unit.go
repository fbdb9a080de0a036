package split

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/dsbuild/dsbuild/dataset"
)

// A unit is a set of samples that no split may divide.
type unit struct {
	members []int // indices of samples
	// weights count the images of each class, variants aside, by class.
	weights []weight
	first   string // least file_name of these images; the unit's identity
	order   uint64 // drawn: where the unit stands among those of its size
	variant string // file_name of a variant among the members, or ""

	// prefer is the bin where the unit stays if there is room, or none; kept
	// tells that it was there before.
	prefer int
	kept   bool
	bin    int // where it was placed, or none
}

type weight struct{ class, images int }

// none stands for no bin.
const none = -1

// size is how many images the unit has.
func (u *unit) size() int {
	n := 0
	for _, w := range u.weights {
		n += w.images
	}
	return n
}

// add makes a sample a member.
func (u *unit) add(i int, s *dataset.Sample, class int) {
	u.members = append(u.members, i)
	if s.Parent != "" {
		u.variant = s.FileName
		return
	}
	if u.first == "" || s.FileName < u.first {
		u.first = s.FileName
	}
	at := slices.IndexFunc(u.weights, func(w weight) bool { return w.class == class })
	if at < 0 {
		at = len(u.weights)
		u.weights = append(u.weights, weight{class: class})
	}
	u.weights[at].images++
}

// unitsOf returns the units of samples in the order in which they are placed:
// those of several classes, which fit nowhere well, first, then the larger
// ones, and the drawn order among equals. It does not depend on the samples'
// order.
func unitsOf(samples []dataset.Sample, classes map[string]int, seed uint64,
	purpose string) []*unit {
	sets := join(samples)
	bySet := map[int]*unit{}
	var units []*unit
	for i := range samples {
		set := sets.find(i)
		u := bySet[set]
		if u == nil {
			u = &unit{prefer: none, bin: none}
			bySet[set] = u
			units = append(units, u)
		}
		u.add(i, &samples[i], classes[samples[i].Label])
	}
	for _, u := range units {
		slices.SortFunc(u.weights, func(a, b weight) int { return cmp.Compare(a.class, b.class) })
		u.order = dataset.Key{Seed: seed, Sample: u.first}.Rand(purpose).Uint64()
	}
	slices.SortFunc(units, func(a, b *unit) int {
		return cmp.Or(
			-cmp.Compare(min(len(a.weights), 2), min(len(b.weights), 2)),
			-cmp.Compare(a.size(), b.size()),
			cmp.Compare(a.order, b.order),
			cmp.Compare(a.first, b.first),
		)
	})
	return units
}

// A classCount says what a class has.
type classCount struct {
	images, units int
	widest        int // images of the largest unit
}

// countUnits returns the counts of each class.
func countUnits(units []*unit, classes int) []classCount {
	counts := make([]classCount, classes)
	for _, u := range units {
		for _, w := range u.weights {
			c := &counts[w.class]
			c.images += w.images
			c.units++
			c.widest = max(c.widest, w.images)
		}
	}
	return counts
}

// shortage says that a class has too few units.
func (c classCount) shortage(label string, needs int) Shortage {
	s := Shortage{Label: label, Has: c.units, Needs: needs}
	if c.units < c.images {
		s.InGroups = c.images
	}
	return s
}

// classIndex numbers the labels of samples in their order of name.
func classIndex(samples []dataset.Sample) (dataset.Classes, map[string]int) {
	classes := dataset.ClassesOf(samples)
	index := make(map[string]int, len(classes))
	for i, label := range classes {
		index[label] = i
	}
	return classes, index
}

// sets are disjoint sets of samples: each leads to another of its set, and the
// one that stands for the set to itself.
type sets []int

// join puts samples that may not be divided into one set.
func join(samples []dataset.Sample) sets {
	s := make(sets, len(samples))
	names := map[string]int{} // of groups and of images that have variants
	for i := range s {
		s[i] = i
		if group := samples[i].Group; group != "" {
			s.tie(names, "group "+group, i)
		}
		if parent := samples[i].Parent; parent != "" {
			s.tie(names, "image "+parent, i)
		}
	}
	for i := range s {
		if j, ok := names["image "+samples[i].FileName]; ok {
			s.union(i, j)
		}
	}
	return s
}

// tie joins the samples that have a name in common.
func (s sets) tie(names map[string]int, name string, i int) {
	if first, ok := names[name]; ok {
		s.union(i, first)
		return
	}
	names[name] = i
}

func (s sets) find(i int) int {
	for s[i] != i {
		s[i] = s[s[i]] // halves the way for the next one who asks
		i = s[i]
	}
	return i
}

func (s sets) union(i, j int) { s[s.find(i)] = s.find(j) }

// checkSamples refuses samples that have one name, which could not be told
// apart, and splits that are none.
func checkSamples(samples []dataset.Sample) error {
	seen := make(map[string]bool, len(samples))
	for i := range samples {
		s := &samples[i]
		if seen[s.FileName] {
			return fmt.Errorf("file_name %q comes twice", s.FileName)
		}
		seen[s.FileName] = true
		if s.Split == "" {
			continue
		}
		if _, err := dataset.ParseSplit(string(s.Split)); err != nil {
			return fmt.Errorf("%s: %w", s.FileName, err)
		}
	}
	return nil
}

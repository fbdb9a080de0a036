package split

import (
	"fmt"
	"slices"

	"github.com/dsbuild/dsbuild/dataset"
)

// Stratified assigns samples to splits by the rules of the package and returns
// the split of each, in the samples' order. Splits that samples carry are
// respected. A class that is too small is a *TooSmallError. The samples are
// not changed; a file_name that comes twice is an error.
func Stratified(samples []dataset.Sample, shares Shares, seed uint64) ([]dataset.Split, error) {
	if err := shares.Validate(); err != nil {
		return nil, err
	}
	if err := checkSamples(samples); err != nil {
		return nil, err
	}
	assigned, _, err := draw(samples, shares, seed, nil)
	return assigned, err
}

// A drawing is the work of one call of draw.
type drawing struct {
	samples []dataset.Sample
	shares  [3]float64
	classes dataset.Classes
	index   map[string]int
	units   []*unit
	// given tells which splits any sample carries, and carries which classes
	// have a sample that carries one.
	given   [3]bool
	carries []bool
	// overruled counts the samples that carried another split than their unit.
	overruled int
}

// draw assigns samples, where earlier has the splits of the last run by
// file_name. It also counts the samples whose unit overruled what they carry.
func draw(samples []dataset.Sample, shares Shares, seed uint64,
	earlier map[string]dataset.Split) ([]dataset.Split, int, error) {
	d := &drawing{samples: samples, shares: shares.list()}
	d.classes, d.index = classIndex(samples)
	d.units = unitsOf(samples, d.index, seed, "split")
	d.findGiven()
	pool, err := d.settle(earlier)
	if err != nil {
		return nil, 0, err
	}
	p, err := d.placerFor(pool, shares)
	if err != nil {
		return nil, 0, err
	}
	p.placeAll(pool)
	if err := d.checkEmpty(p, pool, shares); err != nil {
		return nil, 0, err
	}
	assigned := make([]dataset.Split, len(samples))
	for _, u := range d.units {
		for _, i := range u.members {
			assigned[i] = dataset.Splits()[u.bin]
		}
	}
	return assigned, d.overruled, nil
}

// binOf returns the number of a split: how far it is from training.
func binOf(s dataset.Split) int { return slices.Index(dataset.Splits(), s) }

func (d *drawing) findGiven() {
	d.carries = make([]bool, len(d.classes))
	for i := range d.samples {
		if s := &d.samples[i]; s.Split != "" {
			d.given[binOf(s.Split)] = true
			d.carries[d.index[s.Label]] = true
		}
	}
}

// settle places the units that leave no choice, notes what the others prefer
// and returns these.
func (d *drawing) settle(earlier map[string]dataset.Split) ([]*unit, error) {
	var pool []*unit
	for _, u := range d.units {
		carried, before := none, none
		for _, i := range u.members {
			s := &d.samples[i]
			carried = max(carried, binOf(s.Split))
			before = max(before, binOf(earlier[s.FileName]))
		}
		for _, i := range u.members {
			if s := &d.samples[i]; s.Split != "" && binOf(s.Split) != carried {
				d.overruled++
			}
		}
		switch {
		case u.variant != "" && carried > 0:
			return nil, fmt.Errorf("%s was made from an image of the %s split and can only "+
				"be trained on: take it out of the manifest", u.variant, dataset.Splits()[carried])
		case u.variant != "":
			u.bin = binOf(dataset.Train)
		case carried > 0:
			u.bin = carried
		case before != none:
			u.prefer, u.kept = before, true
			pool = append(pool, u)
		default:
			u.prefer = carried // train or none
			pool = append(pool, u)
		}
	}
	return pool, nil
}

// openTo tells for each split whether samples of a class may be drawn for it.
func (d *drawing) openTo(class int) [3]bool {
	open := [3]bool{true}
	for bin := 1; bin < len(open); bin++ {
		open[bin] = d.shares[bin] > 0 && !(d.carries[class] && d.given[bin])
	}
	return open
}

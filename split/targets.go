package split

import "slices"

// placerFor returns the placer for the units of the pool, with the open splits,
// the images each split is to get, and the limits for those that stay. Classes
// that are too small are an error.
func (d *drawing) placerFor(pool []*unit, shares Shares) (*placer, error) {
	var open [][]bool
	var target, limit [][]int
	counts, kept := countUnits(pool, len(d.classes)), keptIn(pool, len(d.classes))
	var small []Shortage
	var behind [3]float64
	for c, label := range d.classes {
		n, widest := counts[c].images, counts[c].widest
		isOpen := d.openTo(c)
		part := d.partOf(isOpen)
		q, ok := quotaFor(n, part, kept[c], behind)
		if !ok {
			small = append(small, Shortage{Label: label, Has: n, Needs: leastImages(n, part)})
		}
		most := q
		for bin, share := range part {
			behind[bin] += float64(n)*share - float64(q[bin])
			if widest > 1 {
				_, upper := rangeOf(n, share)
				most[bin] = upper + widest - 1
			}
		}
		open = append(open, isOpen[:])
		target = append(target, q[:])
		limit = append(limit, most[:])
	}
	if len(small) > 0 {
		what := "the shares " + shares.String()
		if slices.Contains(d.given[:], true) {
			what += ", aside from the images whose splits were given"
		}
		return nil, &TooSmallError{For: what, Classes: small}
	}
	return newPlacer(pool, open, target, limit), nil
}

// keptIn counts by class the images that were in each split before.
func keptIn(pool []*unit, classes int) []quota {
	kept := make([]quota, classes)
	for _, u := range pool {
		for _, w := range u.weights {
			if u.kept {
				kept[w.class][u.prefer] += w.images
			}
		}
	}
	return kept
}

// partOf returns the shares of the open splits in all that is dealt to them.
func (d *drawing) partOf(open [3]bool) [3]float64 {
	var part [3]float64
	sum := 0.0
	for bin, share := range d.shares {
		if open[bin] {
			part[bin] = share
			sum += share
		}
	}
	for bin := range part {
		part[bin] /= sum
	}
	return part
}

// checkEmpty refuses classes that lack images in a split although they have
// enough: their units are too few.
func (d *drawing) checkEmpty(p *placer, pool []*unit, shares Shares) error {
	var small []Shortage
	counts := countUnits(pool, len(d.classes))
	for c, label := range d.classes {
		if !p.hasEmpty(c) {
			continue
		}
		needs := 0
		for _, open := range p.open[c] {
			if open {
				needs++
			}
		}
		small = append(small, counts[c].shortage(label, max(needs, counts[c].units+1)))
	}
	if len(small) > 0 {
		return &TooSmallError{For: "the shares " + shares.String(), Classes: small}
	}
	return nil
}

package split

// A placer deals units into bins, which are splits or folds. All its tables
// are indexed by class and bin.
type placer struct {
	open   [][]bool // which bins a class's units may go to; each needs one
	target [][]int  // images
	// limit is how many images a bin may have for a unit to stay that was
	// there before.
	limit [][]int

	count [][]int // images placed
	left  []int   // units not yet placed, by class
}

// newPlacer returns a placer for the units, none of which is placed yet.
func newPlacer(units []*unit, open [][]bool, target, limit [][]int) *placer {
	p := &placer{open: open, target: target, limit: limit,
		count: make([][]int, len(open)), left: make([]int, len(open))}
	for c := range open {
		p.count[c] = make([]int, len(open[c]))
	}
	for _, u := range units {
		for _, w := range u.weights {
			p.left[w.class]++
		}
	}
	return p
}

// placeAll deals the units, in their order: first those that were somewhere
// before, then those that would rather be somewhere, then the others.
func (p *placer) placeAll(units []*unit) {
	for _, kept := range []bool{true, false} {
		for _, u := range units {
			if u.prefer != none && u.kept == kept && p.stays(u) {
				p.place(u, u.prefer)
			}
		}
	}
	for _, u := range units {
		if u.bin == none {
			p.place(u, p.choose(u))
		}
	}
}

func (p *placer) place(u *unit, bin int) {
	u.bin = bin
	for _, w := range u.weights {
		p.count[w.class][bin] += w.images
		p.left[w.class]--
	}
}

// stays tells whether a unit can have the bin it prefers. One of several
// classes that was there before always can: the others make up for it.
func (p *placer) stays(u *unit) bool {
	if !p.isOpen(u, u.prefer) || !p.leavesEnough(u, u.prefer) {
		return false
	}
	if u.kept && len(u.weights) > 1 {
		return true
	}
	bound := p.target
	if u.kept {
		bound = p.limit
	}
	for _, w := range u.weights {
		if p.count[w.class][u.prefer]+w.images > bound[w.class][u.prefer] {
			return false
		}
	}
	return true
}

// choose returns the bin for a unit: the one that lacks most of its classes. A
// single image goes to the last bin that lacks any, so that bins are filled
// one after the other and an added image shifts no more than one image of each.
func (p *placer) choose(u *unit) int {
	single := len(u.weights) == 1 && u.weights[0].images == 1
	for _, strict := range []bool{true, false} {
		best, bestLack := none, 0
		for bin := range p.open[u.weights[0].class] {
			if !p.isOpen(u, bin) || (strict && !p.leavesEnough(u, bin)) {
				continue
			}
			lack := p.lack(u, bin)
			if best == none || lack > bestLack || (single && lack > 0) {
				best, bestLack = bin, lack
			}
		}
		if best != none {
			return best
		}
	}
	return 0 // train, which is open to all; folds are all open
}

// lack weighs how many images the bin lacks of the unit's classes.
func (p *placer) lack(u *unit, bin int) int {
	lack := 0
	for _, w := range u.weights {
		lack += w.images * (p.target[w.class][bin] - p.count[w.class][bin])
	}
	return lack
}

// isOpen tells whether all classes of the unit may go to the bin.
func (p *placer) isOpen(u *unit, bin int) bool {
	for _, w := range u.weights {
		if !p.open[w.class][bin] {
			return false
		}
	}
	return true
}

// leavesEnough tells whether enough units are left for the empty bins of the
// unit's classes when it goes to bin.
func (p *placer) leavesEnough(u *unit, bin int) bool {
	for _, w := range u.weights {
		empty := 0
		for b, open := range p.open[w.class] {
			if open && b != bin && p.count[w.class][b] == 0 {
				empty++
			}
		}
		if p.left[w.class]-1 < empty {
			return false
		}
	}
	return true
}

// hasEmpty tells whether a class that has images lacks them in a bin that is
// open to it.
func (p *placer) hasEmpty(class int) bool {
	total, empty := 0, false
	for bin, open := range p.open[class] {
		total += p.count[class][bin]
		empty = empty || (open && p.count[class][bin] == 0)
	}
	return empty && total > 0
}

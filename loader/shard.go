package loader

import "fmt"

// A Remainder says what becomes of batches that are left when the ranks have
// had equally many.
type Remainder int

// Pad repeats the epoch's first batches until every rank has one more. Drop
// leaves the remaining batches out.
const (
	Pad Remainder = iota
	Drop
)

// A Shard is the part of an epoch that one of several programs gets, all of
// which take equally many steps. The epoch is cut into batches as if there
// were one program; of those, rank r of a world of w gets r, r+w, r+2w and so
// on. So neither order nor batches depend on the world: it may be another one
// when a run goes on.
type Shard struct {
	// Rank of this program, from 0.
	Rank int
	// World is the number of programs; 0 means 1.
	World int
	// Remainder of the batches when World does not divide their number.
	Remainder Remainder
}

func (s Shard) validate() error {
	if s.World < 1 || s.Rank < 0 || s.Rank >= s.World {
		return fmt.Errorf("loader: rank %d of a world of %d: ranks count from 0", s.Rank, s.World)
	}
	if s.Remainder < Pad || s.Remainder > Drop {
		return fmt.Errorf("loader: unknown Remainder %d: use loader.Pad or Drop", s.Remainder)
	}
	return nil
}

// steps returns how many of so many batches each rank gets.
func (s Shard) steps(batches int) int {
	if s.Remainder == Drop {
		return batches / s.World
	}
	return (batches + s.World - 1) / s.World
}

// A course is a walk through the positions of an epoch, from one on.
type course struct {
	from, count, batchSize int
	shard                  Shard
}

// steps returns the number of this rank's batches.
func (c course) steps() int { return c.shard.steps(batches(c.count-c.from, c.batchSize)) }

// batch returns the positions of the batch of a step, its number within the
// epoch, and whether other ranks have it, too.
func (c course) batch(step int) (lo, hi, index int, padding bool) {
	at := step*c.shard.World + c.shard.Rank
	left := batches(c.count-c.from, c.batchSize)
	if at < left {
		lo = c.from + at*c.batchSize
		return lo, min(lo+c.batchSize, c.count), c.from/c.batchSize + at, false
	}
	all := batches(c.count, c.batchSize)
	index = (at - left) % all
	lo = index * c.batchSize
	return lo, min(lo+c.batchSize, c.count), index, true
}

// batches returns how many batches so many images make.
func batches(images, batchSize int) int { return (max(images, 0) + batchSize - 1) / batchSize }

package entropy

// A Keep says what of the blocks of a slot is stored.
type Keep int

const (
	KeepNothing Keep = iota
	KeepDC
	KeepAll
)

// A Slot is a block of each MCU.
type Slot struct {
	DC *DC
	AC *AC
	// Component is the index in Run.Last of the DC coefficient before.
	Component int
	Keep      Keep
	// Blocks holds the block of MCU i in Blocks[i*Step:][:64], which must be
	// zero before it is read.
	Blocks []int16
	Step   int
}

// A Run is a number of MCUs of a sequential scan that lie side by side.
type Run struct {
	Slots []Slot
	// Last are the DC coefficients of the last block of each component.
	Last [4]int16
	// Damaged is set where the data are no codes, or go beyond a block.
	Damaged bool
}

// Read reads up to n MCUs from MCU first on. It returns how many: fewer where
// the data end. The last one may have been read in part, with zeros for what
// is missing (see Short).
func (r *Reader) Read(run *Run, first, n int) (done int) {
	for done < n {
		if r.Over() {
			return done
		}
		done += r.read(run, first+done, min(n-done, mostMCUs))
	}
	return done
}

// mostMCUs bounds what is read at once, in which no goroutine can be stopped.
const mostMCUs = 32

// read is Read as long as the window has an MCU, of which it has one at least.
func (r *Reader) read(run *Run, first, n int) (done int) {
	if useFast {
		return r.readFast(run, first, n)
	}
	return r.readGeneric(run, first, n)
}

func (r *Reader) readGeneric(run *Run, first, n int) (done int) {
	for done < n && (done == 0 || r.hasMCU()) {
		for i := range run.Slots {
			run.block(r, &run.Slots[i], first+done)
		}
		done++
	}
	return done
}

// hasMCU tells whether the window has all bytes that an MCU can take, or is
// the last one and not at its end.
func (r *Reader) hasMCU() bool { return r.beyond() < r.limit() }

// limit returns the value of beyond from which on no MCU is begun.
func (r *Reader) limit() int {
	if r.final {
		return 0
	}
	return -8*padBytes + 1
}

// block reads block i of a slot, sections F.2.2.1 and F.2.2.2.
func (run *Run) block(r *Reader, slot *Slot, i int) {
	var discard [64]int16
	block := &discard
	if slot.Keep == KeepAll {
		block = (*[64]int16)(slot.Blocks[i*slot.Step:])
	}
	r.fill(&r.window)
	difference, valid := r.difference(slot.DC)
	run.Last[slot.Component] += difference
	if !valid {
		run.Damaged = true
	}
	for place := 0; place < 63; {
		r.fill(&r.window)
		value, advance, valid := r.coefficient(slot.AC)
		place += advance
		if place < 64 {
			block[natural[place]] = value
		} else if !valid || place < endOfBlock {
			run.Damaged = true
		}
	}
	if slot.Keep != KeepNothing {
		slot.Blocks[i*slot.Step] = run.Last[slot.Component]
	}
}

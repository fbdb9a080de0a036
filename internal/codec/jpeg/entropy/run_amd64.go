package entropy

import (
	"runtime"
	"unsafe"

	"golang.org/x/sys/cpu"

	"github.com/dsbuild/dsbuild/internal/kernel/isa"
)

// useFast tells whether readFast is there: it needs the shifts of BMI2, and
// loads that turn bytes around, which processors with AVX2 have.
var useFast = func() bool {
	_, current := isa.Choose(cpu.X86.HasBMI2 && cpu.X86.HasAVX2, false)
	return current != isa.Generic
}()

// A frame is what the assembly reads and writes. It holds addresses of memory
// that the Reader and the Run keep alive; they may point behind it when all is
// read, which pointers must not.
type frame struct {
	acc, have, at uintptr // of the Reader, at as an address
	limit         uintptr // the bit, counted from address 0, from which on no MCU is begun
	count         uintptr // MCUs left
	slotCount     uintptr
	damaged       uintptr
	places        uintptr // the variable
	discard       [64]int16
	slots         [MaxBlocks]frameSlot
}

// A frameSlot is a Slot.
type frameSlot struct {
	block, dc         uintptr // where the next block and its DC coefficient go
	blockStep, dcStep uintptr // in bytes
	codes             uintptr // *DC
	table             uintptr // *AC
	last              uintptr // *int16
	shift             uintptr // 64 less skipBits where coefficients are skipped, or pairBits
}

// readMCUs reads MCUs until count is 0 or the limit is reached.
//
//go:noescape
func readMCUs(f *frame)

// places are the places in a block of the coefficients, with those behind the
// block at 0: what is stored there is overwritten by the DC coefficient.
var places = func() (p [64 + 2*escape]uint8) {
	copy(p[:], natural[:])
	return p
}()

// readFast is read in assembly.
func (r *Reader) readFast(run *Run, first, n int) (done int) {
	f := &r.frame
	window := uintptr(unsafe.Pointer(&r.window))
	f.acc, f.have, f.at = uintptr(r.acc), uintptr(r.have), window+uintptr(r.at)
	f.limit = 8*(window+uintptr(r.end)) + uintptr(r.limit())
	f.places = uintptr(unsafe.Pointer(&places))
	f.count, f.slotCount, f.damaged = uintptr(n), uintptr(len(run.Slots)), 0
	for i := range run.Slots {
		f.slots[i].set(run, &run.Slots[i], f, first, n)
	}
	readMCUs(f)
	r.acc, r.have, r.at = uint64(f.acc), uint(f.have), int(f.at-window)
	if f.damaged != 0 {
		run.Damaged = true
	}
	runtime.KeepAlive(run)
	runtime.KeepAlive(r)
	return n - int(f.count)
}

// set makes a slot ready for n MCUs from MCU first on.
func (s *frameSlot) set(run *Run, slot *Slot, f *frame, first, n int) {
	discard := uintptr(unsafe.Pointer(&f.discard))
	*s = frameSlot{
		block: discard, dc: discard,
		codes: uintptr(unsafe.Pointer(slot.DC)),
		table: uintptr(unsafe.Pointer(slot.AC)),
		last:  uintptr(unsafe.Pointer(&run.Last[slot.Component])),
	}
	if slot.Keep != KeepNothing {
		blocks := slot.Blocks[first*slot.Step : (first+n-1)*slot.Step+64]
		s.dc, s.dcStep = uintptr(unsafe.Pointer(&blocks[0])), 2*uintptr(slot.Step)
	}
	if slot.Keep == KeepAll {
		s.block, s.blockStep = s.dc, s.dcStep
		s.shift = 64 - pairBits
		slot.AC.preparePairs()
	} else {
		s.shift = 64 - skipBits
		slot.AC.prepareSkips()
	}
}

package pool

import (
	"unsafe"

	"github.com/dsbuild/dsbuild/internal/kernel/isa"
)

// A job is a line as the assembly takes it. Distances and offsets are in bytes.
// The assembly knows the fields by their places.
type job struct {
	to, from          *float32
	places            *uint8
	at, pixelIn       int
	rows, rowIn       int
	taps, tapIn       int
	place, pixelOut   int
	number, window    int
	many, whole, tail int // bytes of channels up to which there are four registers, and one
	pixels            int
	share             float32
}

// The assembly finds the last field where it expects it, or this does not build.
var _ = [1]struct{}{}[unsafe.Offsetof(job{}.share)-136]

const (
	float       = 4 // bytes
	manyVectors = 4 // registers that the assembly fills at a time
)

// job returns what the assembly does of a line, and false where it does
// nothing: windows of more pixels than one call may go over, since a call cannot
// be interrupted, and such as have none. What it leaves out is left in the line.
func (l *line) job() (j job, ok bool) {
	taps := l.rows * l.taps
	if current == isa.Generic || len(l.high) > 0 || taps == 0 || l.pixels*taps > maxTaps {
		return job{}, false
	}
	lanes := 16
	if current == isa.AVX2 {
		lanes = 8
	}
	channels := l.channels - l.channel
	j = job{
		to: unsafe.SliceData(l.to), from: unsafe.SliceData(l.from),
		places: unsafe.SliceData(l.places),
		at:     float * (l.at + l.channel), pixelIn: float * l.pixelIn,
		rows: l.rows, rowIn: float * l.rowIn, taps: l.taps, tapIn: float * l.tapIn,
		place: float * (l.place + l.channel), pixelOut: float * l.pixelOut,
		number: l.number, window: l.window,
		many:  float * (channels / (manyVectors * lanes) * manyVectors * lanes),
		whole: float * (channels / lanes * lanes), tail: channels % lanes,
		pixels: l.pixels, share: l.share,
	}
	l.channel = l.channels
	if current == isa.AVX2 {
		l.channel -= j.tail
	}
	return j, true
}

func (l *line) max() {
	j, ok := l.job()
	switch {
	case !ok:
	case l.places == nil && current == isa.AVX512:
		maxAVX512(&j.to)
	case l.places == nil:
		maxAVX2(&j.to)
	case current == isa.AVX512:
		maxPlacesAVX512(&j.to)
	default:
		maxPlacesAVX2(&j.to)
	}
	l.maxGeneric()
}

func (l *line) mean() {
	j, ok := l.job()
	switch {
	case !ok:
	case current == isa.AVX512:
		meanAVX512(&j.to)
	default:
		meanAVX2(&j.to)
	}
	l.meanGeneric()
}

func (l *line) maxGradient() {
	j, ok := l.job()
	switch {
	case !ok:
	case current == isa.AVX512:
		maxGradientAVX512(&j.to)
	default:
		maxGradientAVX2(&j.to)
	}
	l.maxGradientGeneric()
}

func (l *line) meanGradient() {
	j, ok := l.job()
	switch {
	case !ok:
	case current == isa.AVX512:
		meanGradientAVX512(&j.to)
	default:
		meanGradientAVX2(&j.to)
	}
	l.meanGradientGeneric()
}

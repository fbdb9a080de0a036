package pixel

import "github.com/dsbuild/dsbuild/internal/kernel/resample"

// A Scratch is the memory of one goroutine that makes one image after the
// other: what Free takes back New hands out again. A nil Scratch allocates
// every image anew. The zero Scratch is ready for use.
type Scratch struct {
	resampler resample.Resampler
	free      []*Image
	work      kernels
}

// maxFree is how many images a scratch keeps: those of a few steps in a row.
const maxFree = 4

// New returns an image of the given size with whatever pixels were in its
// memory before. It panics on sizes that no image has.
func (s *Scratch) New(width, height, channels int) *Image {
	size := width * height * channels
	best := -1
	if s != nil {
		for i, m := range s.free {
			if cap(m.Pix) >= size && (best < 0 || cap(m.Pix) < cap(s.free[best].Pix)) {
				best = i
			}
		}
	}
	if best < 0 {
		return New(width, height, channels)
	}
	checkImage(width, height, channels)
	m := s.free[best]
	last := len(s.free) - 1
	s.free[best] = s.free[last]
	s.free = s.free[:last]
	*m = Image{m.Pix[:size], width, height, channels}
	return m
}

// Free takes back the memory of an image, which must not be used afterwards.
// Beyond a few images the smallest is given up.
func (s *Scratch) Free(m *Image) {
	if s == nil {
		return
	}
	if len(s.free) < maxFree {
		s.free = append(s.free, m)
		return
	}
	smallest := 0
	for i, kept := range s.free {
		if cap(kept.Pix) < cap(s.free[smallest].Pix) {
			smallest = i
		}
	}
	if cap(m.Pix) > cap(s.free[smallest].Pix) {
		s.free[smallest] = m
	}
}

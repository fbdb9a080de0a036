package loader

import (
	"slices"
	"sync/atomic"

	"github.com/dsbuild/dsbuild/pixel"
)

// A cache keeps decoded images, the first that come until its memory is full:
// epochs go through all images, so whichever are kept serve equally well. A nil
// cache keeps none.
type cache struct {
	left   atomic.Int64 // bytes
	images []atomic.Pointer[keptImage]
}

// A keptImage is one that a cache has.
type keptImage struct {
	image *pixel.Image // which nobody changes
	whole [2]int       // its width and height before Reduce
}

func newCache(entries int, bytes int64) *cache {
	if bytes == 0 {
		return nil
	}
	c := &cache{images: make([]atomic.Pointer[keptImage], entries)}
	c.left.Store(bytes)
	return c
}

// get returns the image of an entry, or nil.
func (c *cache) get(entry int32) *keptImage {
	if c == nil {
		return nil
	}
	return c.images[entry].Load()
}

// put keeps a copy of an entry's image if there is room for it.
func (c *cache) put(entry int32, m *pixel.Image, whole [2]int) {
	if c == nil {
		return
	}
	size := int64(len(m.Pix))
	if c.left.Add(-size) < 0 {
		c.left.Add(size)
		return
	}
	image := *m
	image.Pix = slices.Clone(m.Pix)
	if !c.images[entry].CompareAndSwap(nil, &keptImage{&image, whole}) {
		c.left.Add(size) // another worker was faster
	}
}

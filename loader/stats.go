package loader

import (
	"sync/atomic"
	"time"
)

// Stats are what a loader has done since it was made, over all its epochs.
type Stats struct {
	Images      int64 // put into batches
	Substituted int64 // of which stood in for ones that cannot be decoded
	BytesRead   int64 // of files and packs
	FromPack    int64 // images read from a pack
	FromCache   int64 // images that the cache had

	// Times of the workers, added up over all of them.
	Read   time.Duration // bytes of files
	Decode time.Duration // bytes to pixels, as far as they are needed
	// Resample is for crops, resizes and flips, and where a plan has no other
	// steps for the write into the slot, which is then the same pass.
	Resample time.Duration
	Colour   time.Duration // all other steps, and mixing
	Collate  time.Duration // all other writes into slots, and the Collate hook

	// Held is how long the loader waited for the consumer to take batches, and
	// Waited how long the consumer waited for one.
	Held   time.Duration
	Waited time.Duration
}

// A stage is a part of the work on an image.
type stage int

const (
	reading stage = iota
	decoding
	resampling
	colouring
	collating
	stages
)

// A meter measures what one worker does. Its figures are added to those of the
// loader now and then, so that workers do not share memory for every image.
type meter struct {
	last time.Time
	took [stages]time.Duration

	images, substituted, bytes, fromPack, fromCache int64
}

// start begins to measure.
func (m *meter) start() { m.last = time.Now() }

// lap counts the time since the last lap for a stage.
func (m *meter) lap(s stage) {
	now := time.Now()
	m.took[s] += now.Sub(m.last)
	m.last = now
}

// A total is the sum of many meters. It is safe for concurrent use.
type total struct {
	took                                            [stages]atomic.Int64
	images, substituted, bytes, fromPack, fromCache atomic.Int64
	held, waited                                    atomic.Int64
}

// add adds what a meter has measured and sets it back.
func (t *total) add(m *meter) {
	for s := range m.took {
		t.took[s].Add(int64(m.took[s]))
	}
	t.images.Add(m.images)
	t.substituted.Add(m.substituted)
	t.bytes.Add(m.bytes)
	t.fromPack.Add(m.fromPack)
	t.fromCache.Add(m.fromCache)
	*m = meter{last: m.last}
}

func (t *total) stats() Stats {
	took := func(s stage) time.Duration { return time.Duration(t.took[s].Load()) }
	return Stats{
		Images: t.images.Load(), Substituted: t.substituted.Load(), BytesRead: t.bytes.Load(),
		FromPack: t.fromPack.Load(), FromCache: t.fromCache.Load(),
		Read: took(reading), Decode: took(decoding), Resample: took(resampling),
		Colour: took(colouring), Collate: took(collating),
		Held: time.Duration(t.held.Load()), Waited: time.Duration(t.waited.Load()),
	}
}

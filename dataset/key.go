package dataset

import (
	"crypto/sha256"
	"encoding/binary"
	"math/rand/v2"
)

// A Key names one random experiment: what happens to one sample in one epoch
// of a run with one seed. Every draw in dsbuild comes from a Key and a
// purpose, never from the order in which workers happen to run, so the same
// seed gives the same bytes on any number of workers and after any resume.
type Key struct {
	Seed   uint64
	Epoch  int
	Sample string // the sample's identity: its file_name in the manifest
}

// Rand returns the generator for one purpose, such as "crop" or "flip".
// Different purposes are independent: adding a draw to one leaves the others
// as they were. The stream is ChaCha8 (a counter-based cipher) under the
// SHA-256 of the key, so it is the same on every machine.
func (k Key) Rand(purpose string) *rand.Rand {
	return new(Stream).Of(k, purpose)
}

// A Stream gives the generators of one key and purpose after the other without
// taking memory for each. The zero Stream is ready for use, by one goroutine.
type Stream struct {
	source rand.ChaCha8
	rand   *rand.Rand
	text   []byte
}

// Of returns the generator that Key.Rand returns for the purpose whose parts
// these are, one behind the other. It is valid until the next call.
func (s *Stream) Of(k Key, purpose ...string) *rand.Rand {
	if s.rand == nil {
		s.rand = rand.New(&s.source)
	}
	s.text = k.appendTo(s.text[:0])
	for _, part := range purpose {
		s.text = append(s.text, part...)
	}
	s.source.Seed(sha256.Sum256(s.text))
	return s.rand
}

// appendTo appends the key's fields, the one of varying length with its
// length, so that no two keys share an encoding.
func (k Key) appendTo(b []byte) []byte {
	b = binary.LittleEndian.AppendUint64(b, k.Seed)
	b = binary.LittleEndian.AppendUint64(b, uint64(k.Epoch))
	b = binary.LittleEndian.AppendUint64(b, uint64(len(k.Sample)))
	return append(b, k.Sample...)
}

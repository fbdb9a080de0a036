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
	return rand.New(rand.NewChaCha8(k.digest(purpose)))
}

// digest hashes the key's fields, each with its length, so that no two keys
// share an encoding.
func (k Key) digest(purpose string) [32]byte {
	b := make([]byte, 0, 128)
	b = binary.LittleEndian.AppendUint64(b, k.Seed)
	b = binary.LittleEndian.AppendUint64(b, uint64(k.Epoch))
	b = binary.LittleEndian.AppendUint64(b, uint64(len(k.Sample)))
	b = append(b, k.Sample...)
	b = append(b, purpose...)
	return sha256.Sum256(b)
}

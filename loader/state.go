package loader

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
)

// A State is where in its epochs a training run stands: a small value to keep
// as JSON. A loader made later, by other workers or ranks, goes on from it
// without reading what has been seen.
type State struct {
	Epoch int `json:"epoch"`
	// Next is how many of the epoch's images all ranks together have had.
	Next int    `json:"next"`
	Seed uint64 `json:"seed"`
	// Split is the fingerprint of the images that the epochs are drawn from.
	Split string `json:"split"`
	// Pipeline is the digest of all else that decides what batches hold: Input,
	// Augment, Sampling, Reduce, and the encoding of a pack of reduced images.
	Pipeline string `json:"pipeline"`
}

// ErrState says that a State is not one that a loader can go on from.
var ErrState = errors.New("loader: the state does not fit")

// check tells in what a state differs from one that a loader goes on from.
func (s State) check(own State, length int) error {
	switch {
	case s.Split != own.Split:
		return fmt.Errorf("%w: it is of another split: %s, now %s (was the data set split again?)",
			ErrState, short(s.Split), short(own.Split))
	case s.Pipeline != own.Pipeline:
		return fmt.Errorf("%w: it is of another pipeline: %s, now %s (Input, Augment, Sampling, "+
			"Reduce or the pack is not what it was)", ErrState, short(s.Pipeline), short(own.Pipeline))
	case s.Seed != own.Seed:
		return fmt.Errorf("%w: it is of seed %d, now %d", ErrState, s.Seed, own.Seed)
	case s.Epoch < 0 || s.Next < 0 || s.Next > length:
		return fmt.Errorf("%w: it is at image %d of epoch %d, but epochs have %d",
			ErrState, s.Next, s.Epoch, length)
	}
	return nil
}

// short cuts a digest for a message.
func short(digest string) string {
	const shown = 12
	if digest == "" {
		return "none"
	}
	return digest[:min(shown, len(digest))]
}

// digest returns that of what decides batches beside seed and samples. reduced
// names how the images of a pack were reduced, and is empty for others.
func (c *config) digest(weights []float64, reduced string) string {
	h := sha256.New()
	fmt.Fprintf(h, "input %v\naugment %T", c.input, c.transform)
	if text, ok := c.transform.(fmt.Stringer); ok {
		fmt.Fprintf(h, " %s\n", text)
	} else {
		fmt.Fprintf(h, " %+v\n", c.transform)
	}
	fmt.Fprintf(h, "sampling %v %d %d\nreduce %d\npack %s\n", weights, c.sampling.Length,
		c.sampling.Repeats, c.reduce, reduced)
	return hex.EncodeToString(h.Sum(nil))
}

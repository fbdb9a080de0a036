package layer

import (
	"github.com/dsbuild/dsbuild/internal/memory"
	"github.com/dsbuild/dsbuild/internal/parallel"
	"github.com/dsbuild/dsbuild/train/nn"
)

// State is what the layers of a session share.
type State struct {
	Team     *parallel.Team
	Weights  *nn.Weights
	MaxBatch int
	Batch    int // samples of the current call
	Training bool
	Exact    bool
	BFloat16 bool // convolutions multiply so
	Step     uint64
	Seed     uint64

	need   int       // floats that layers want for the length of a call
	shared []float32 // memory for one layer at a time
}

// wants notes that a layer needs scratch memory of these many floats.
func (s *State) wants(floats int) { s.need = max(s.need, floats) }

// Provide makes the scratch memory that layers want, where it is short. It is to
// be called when layers were made.
func (s *State) Provide() {
	if len(s.shared) < s.need {
		s.shared = memory.Floats(s.need)
	}
}

// Scratch returns the floats that layers have for the length of a call.
func (s *State) Scratch() int { return len(s.shared) }

// workspace returns the most floats that a kernel needs for a batch.
func (s *State) workspace(need func(batch, workers int) int) int {
	most := 0
	for batch := 1; batch <= s.MaxBatch; batch++ {
		most = max(most, need(batch, s.Team.Size()))
	}
	return most
}

// Lines rounds a number of floats up to whole cache lines.
func Lines(floats int) int { return (floats + 15) / 16 * 16 }

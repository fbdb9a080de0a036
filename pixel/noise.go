package pixel

import (
	"fmt"

	"github.com/dsbuild/dsbuild/internal/kernel/filter"
)

// Noise adds to every value its own draw from the normal distribution of
// the given mean and standard deviation, as shares of the range of values:
// a Sigma of 0.1 is 25.5 of 255. Seed is that of the draws.
type Noise struct {
	Mean, Sigma float64
	Seed        uint64
}

// Size implements Step.
func (*Noise) Size(width, height int) (int, int) { return width, height }

// Apply implements Step. What is added is rounded towards 0, as torchvision
// does.
func (n *Noise) Apply(m *Image, _ *Scratch) *Image {
	filter.AddNoise(m.Pix, 255*n.Mean, 255*n.Sigma, n.Seed)
	return m
}

func (n *Noise) String() string {
	return fmt.Sprintf("noise %s ± %s", number(n.Mean), number(n.Sigma))
}

package pool

import (
	"math"
	"testing"

	"github.com/dsbuild/dsbuild/internal/parallel"
)

// bracket returns the sum in brackets of channel c, by the definition.
func (n *ResponseNorm) bracket(x []float32, c int) float64 {
	sum := 0.0
	for i := max(c-n.Size/2, 0); i <= min(c+(n.Size-1)/2, n.Channels-1); i++ {
		sum += float64(x[i]) * float64(x[i])
	}
	return float64(n.K) + float64(n.Alpha)/float64(n.Size)*sum
}

func TestResponseNorm(t *testing.T) {
	const pixels = 1100
	for _, n := range []*ResponseNorm{
		{Channels: 96, Size: 5, Alpha: 1e-1, Beta: 0.75, K: 2},
		{Channels: 33, Size: 4, Alpha: 1, Beta: 0.75, K: 1},
		{Channels: 7, Size: 9, Alpha: 0.5, Beta: 0.6, K: 1},
		{Channels: 1, Size: 1, Alpha: 2, Beta: 1, K: 0.5},
	} {
		x, g := random(pixels*n.Channels, 1), random(pixels*n.Channels, 2)
		want, wantGrad := make([]float32, len(x)), make([]float32, len(x))
		for p := 0; p < len(x); p += n.Channels {
			x, g := x[p:p+n.Channels], g[p:p+n.Channels]
			for c := range x {
				d := n.bracket(x, c)
				want[p+c] = float32(float64(x[c]) * math.Pow(d, -float64(n.Beta)))
				sum := float64(g[c]) * math.Pow(d, -float64(n.Beta))
				for j := range x {
					if c < j-n.Size/2 || c > j+(n.Size-1)/2 {
						continue
					}
					sum -= 2 * float64(n.Alpha*n.Beta) / float64(n.Size) * float64(x[c]) *
						float64(g[j]) * float64(x[j]) * math.Pow(n.bracket(x, j), -float64(n.Beta)-1)
				}
				wantGrad[p+c] = float32(sum)
			}
		}
		eachVariant(t, func(t *testing.T) {
			teams(t, func(t *testing.T, team *parallel.Team) {
				got, work := make([]float32, len(x)), make([]float32, n.Workspace(team.Size()))
				n.Forward(team, pixels, got, x, work)
				near(t, "forward", got, want)
				n.Gradient(team, pixels, got, g, x, work, false)
				near(t, "gradient", got, wantGrad)
				n.Gradient(team, pixels, got, g, x, work, true)
				near(t, "gradient added", got, twice(wantGrad))
			})
		})
	}
}

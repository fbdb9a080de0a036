package engine

import (
	"math"
	"testing"

	"github.com/dsbuild/dsbuild/train/nn"
)

// seesNot are networks whose windows leave out pixels of the image.
var seesNot = map[string]bool{"strides": true}

// A value that is not a number is never lost on the way to the loss, wherever in
// an image it stands, and predictions of other images do not see it.
func TestBadInputReachesTheLoss(t *testing.T) {
	const n = 3
	for name, network := range networks {
		if seesNot[name] {
			continue
		}
		t.Run(name, func(t *testing.T) {
			g := mustGraph(t, network)
			images, labels := randomBatch(g, n, 11)
			size, classes := g.Input().Size(), g.Output().Size()
			for at := size; at < 2*size; at++ {
				s := mustSession(t, nn.NewWeights(g, 3), Options{MaxBatch: n})
				was := images[at]
				images[at] = float32(math.NaN())
				for i, v := range s.Predict(images, n) {
					if isBad := v != v; isBad != (i/classes == 1) {
						t.Fatalf("input %d is bad, and logit %d %v", at, i, v)
					}
				}
				if r := s.Train(images, labels, 1); r.Loss == r.Loss {
					t.Errorf("input %d is bad, and the loss %v", at, r.Loss)
				}
				images[at] = was
			}
		})
	}
}

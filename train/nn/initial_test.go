package nn

import (
	"math"
	"testing"
)

// The deviations of what each rule draws, for a kernel of 3x3 from 8 to 16
// channels in 2 groups and a linear layer from 400 to 100 features.
func TestFirstWeightsAreAsTold(t *testing.T) {
	for name, c := range map[string]struct {
		options                   []Option
		conv, linear, linearShift float64
	}{
		"fan-in":    {nil, math.Sqrt(2.0 / 36), math.Sqrt(2.0 / 400), 0},
		"fan-out":   {[]Option{FanOut()}, math.Sqrt(2.0 / 144), math.Sqrt(2.0 / 100), 0},
		"deviation": {[]Option{Deviation(0.01)}, 0.01, 0.01, 0},
		"even":      {[]Option{FanInEven()}, 1 / math.Sqrt(3*36), 1 / math.Sqrt(3*400), 1 / math.Sqrt(3*400)},
	} {
		t.Run(name, func(t *testing.T) {
			b := NewBuilder()
			x := b.Input(Shape{5, 5, 8})
			x = b.Conv("conv", x, 16, append([]Option{Kernel(3), Pad(1), Groups(2)}, c.options...)...)
			g, err := b.Graph(b.Linear("fc", b.Flatten("flatten", x), 100, c.options...))
			if err != nil {
				t.Fatal(err)
			}
			w := NewWeights(g, 1)
			for tensor, want := range map[string]float64{
				"conv.weight": c.conv, "fc.weight": c.linear, "fc.bias": c.linearShift,
			} {
				got := deviation(w.Tensor(tensor).Data().([]float32))
				if math.Abs(got-want) > 0.2*want {
					t.Errorf("%s has the deviation %v, want %v", tensor, got, want)
				}
			}
		})
	}
}

// deviation returns the root of the mean square.
func deviation(values []float32) float64 {
	sum := 0.0
	for _, v := range values {
		sum += float64(v) * float64(v)
	}
	return math.Sqrt(sum / float64(len(values)))
}

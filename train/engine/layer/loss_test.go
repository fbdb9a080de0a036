package layer

import (
	"math"
	"testing"
)

func TestCorrectIsTheClassWithTheLargestShare(t *testing.T) {
	nan := float32(math.NaN())
	logits := []float32{1, 3, 2, 5, 0, 5, 0, 0, 9, nan, nan, nan}
	shares := []float32{0.3, 0.6, 0.1, 0.4, 0.2, 0.4, 0.5, 0.5, 0, 1, 0, 0}
	correct := 0
	for at := 0; at < len(logits); at += 3 {
		highest, sum := exponentials(logits[at:][:3])
		if sharesScore(logits[at:][:3], shares[at:][:3], highest, math.Log(sum)).correct {
			correct++
		}
	}
	if correct != 2 {
		t.Errorf("%d are correct, want the first two", correct)
	}
}

// Logits may be as large as they like; what is not finite shows in the loss,
// wherever in a row it stands.
func TestLossOfExtremes(t *testing.T) {
	const all, others = -1, -2 // the logarithm of how many classes there are, and others
	inf, nan := float32(math.Inf(1)), float32(math.NaN())
	for _, c := range []struct {
		own, other float32 // the logit of the label, and one other; the rest is 0
		want       float64
	}{
		{1e30, -1e30, 0}, {-1e30, 1e30, 2e30}, {3e38, 3e38, math.Ln2}, {1e-40, -1e-40, all},
		{0, -inf, others}, {-inf, 0, math.Inf(1)}, {0, inf, math.NaN()}, {inf, 0, math.NaN()},
		{0, nan, math.NaN()}, {nan, 5, math.NaN()},
	} {
		for _, classes := range []int{3, 16, 37} {
			want := c.want
			switch want {
			case all:
				want = math.Log(float64(classes))
			case others:
				want = math.Log(float64(classes - 1))
			}
			for other := 1; other < classes; other++ {
				row := make([]float32, classes)
				row[0], row[other] = c.own, c.other
				got := Evaluate(row, []int32{0}).Loss
				if math.IsNaN(want) != math.IsNaN(got) ||
					!math.IsNaN(want) && got != want && !(math.Abs(got-want) <= 1e-6*max(1, want)) {
					t.Fatalf("logit %v of the label and %v as number %d of %d: the loss is %v, want %v",
						c.own, c.other, other, classes, got, want)
				}
			}
		}
	}
}

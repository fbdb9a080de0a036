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

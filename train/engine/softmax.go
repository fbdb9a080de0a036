package engine

import "github.com/dsbuild/dsbuild/internal/kernel/vector"

// Softmax writes the probabilities that belong to one row of logits into dst,
// which has the same length and may be the same slice.
func Softmax(dst, logits []float32) {
	sum := vector.Exponentials(dst, logits, vector.Maximum(logits))
	vector.Affine(dst, dst, float32(1/sum), 0)
}

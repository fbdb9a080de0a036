package nn

import (
	"fmt"
	"testing"

	"github.com/dsbuild/dsbuild/internal/parallel"
)

func BenchmarkCrossEntropy(b *testing.B) {
	for _, size := range [][2]int{{128, 10}, {16, 1000}, {128, 1000}} {
		batch, classes := size[0], size[1]
		team := parallel.NewTeam(2)
		st := &state{team: team, maxBatch: batch, batch: batch}
		of := func() *buffer { return &buffer{size: classes, data: make([]float32, batch*classes)} }
		logits, grad, labels := of(), of(), make([]int32, batch)
		for i := range logits.data {
			logits.data[i] = float32(i%7) - float32(i%3)
		}
		loss := newCrossEntropy(st, logits, grad)
		b.Run(fmt.Sprintf("N%d_K%d", batch, classes), func(b *testing.B) {
			for b.Loop() {
				loss.gradient(labels, nil)
			}
		})
		team.Close()
	}
}

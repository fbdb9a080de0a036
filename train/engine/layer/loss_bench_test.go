package layer

import (
	"fmt"
	"testing"

	"github.com/dsbuild/dsbuild/internal/parallel"
	"github.com/dsbuild/dsbuild/train/nn"
)

func BenchmarkCrossEntropy(b *testing.B) {
	for _, size := range [][2]int{{128, 10}, {16, 1000}, {128, 1000}} {
		batch, classes := size[0], size[1]
		team := parallel.NewTeam(2)
		st := &State{Team: team, MaxBatch: batch, Batch: batch}
		of := func() *Buffer { return &Buffer{Size: classes, Data: make([]float32, batch*classes)} }
		logits, grad, labels := of(), of(), make([]int32, batch)
		for i := range logits.Data {
			logits.Data[i] = float32(i%7) - float32(i%3)
		}
		g := nn.NewBuilder()
		loss := NewCrossEntropy(st, g.Input(nn.Shape{classes}), logits, grad)
		b.Run(fmt.Sprintf("N%d_K%d", batch, classes), func(b *testing.B) {
			for b.Loop() {
				loss.Gradient(labels, nil)
			}
		})
		team.Close()
	}
}

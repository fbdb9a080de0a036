package nn

import (
	"fmt"
	"testing"
)

func TestSummaryCountsAndFields(t *testing.T) {
	g := mustGraph(t, func(b *Builder) *Node {
		x := b.Conv("conv1", b.Input(Shape{32, 48, 3}), 8, Kernel(7), Stride(2), Pad(3), NoBias())
		x = b.MaxPool("pool1", b.ReLU("relu1", b.BatchNorm("bn1", x)), 3, Stride(2), Pad(1))
		y := b.Conv("conv2", x, 8, Kernel(3, 1), Pad(2, 0), Dilation(2, 1), Groups(4))
		x = b.Add("add", x, y)
		x = b.Concat("cat", x, b.Conv("conv3", y, 2, Kernel(3), Pad(1)))
		return b.Linear("fc", b.Flatten("flatten", x), 5)
	})
	s := g.Summary()
	want := []string{
		"conv1 1176 451584 [7 7] [2 2]", "bn1 16 0 [7 7] [2 2]", "relu1 0 0 [7 7] [2 2]",
		"pool1 0 0 [11 11] [4 4]", "conv2 56 4608 [27 11] [4 4]", "add 0 0 [27 11] [4 4]",
		"conv3 146 13824 [35 19] [4 4]", "cat 0 0 [35 19] [4 4]", "flatten 0 0 [35 19] [4 4]",
		"fc 4805 4800 [63 63] [4 4]",
	}
	parameters, multiplyAdds := 0, 0
	for i, l := range s.Layers {
		got := fmt.Sprint(l.Name, " ", l.Parameters, " ", l.MultiplyAdds, " ", l.Field, " ", l.Stride)
		if got != want[i] {
			t.Errorf("layer %s, want %s", got, want[i])
		}
		parameters += l.Parameters
		multiplyAdds += l.MultiplyAdds
	}
	if s.Parameters != parameters || s.MultiplyAdds != multiplyAdds {
		t.Errorf("the sums are %d and %d, want %d and %d", s.Parameters, s.MultiplyAdds, parameters,
			multiplyAdds)
	}
}

package kernel

import (
	"math/rand/v2"
	"testing"

	"github.com/dsbuild/dsbuild/internal/kernel/guardpage"
	"github.com/dsbuild/dsbuild/internal/kernel/isa"
	"github.com/dsbuild/dsbuild/internal/parallel"
)

// eachFence runs a test in all variants with a way to copy data to where a page
// that must not be touched is at its end, or at its start.
func eachFence(t *testing.T, test func(t *testing.T, fenced func([]float32) []float32)) {
	defer func(was isa.Variant) { current = was }(current)
	for _, current = range available {
		for _, ends := range []bool{false, true} {
			t.Run(current.String(), func(t *testing.T) {
				test(t, func(data []float32) []float32 {
					inside := guardpage.Memory[float32](t, len(data), ends)
					copy(inside, data)
					return inside
				})
			})
		}
	}
}

// TestMultiplyStaysInside ends the program where a tile touches what is not its
// product's. Slices are as short as a product allows.
func TestMultiplyStaysInside(t *testing.T) {
	eachFence(t, func(t *testing.T, fenced func([]float32) []float32) {
		r := rand.New(rand.NewPCG(1, 2))
		for rows := 1; rows <= 15; rows++ {
			for _, columns := range []int{1, 7, 16, 17, 32, 45, 64} {
				s := shape{1 + rows%3, rows, columns, 1 + columns%2, 1 + rows%5}
				p := s.product(r)
				last := len(p.Offsets)*p.Depth*PanelColumns - PanelColumns
				last += (columns-1)/PanelColumns*p.B.Panel + roundUp((columns-1)%PanelColumns+1, vectorColumns)
				lastC := (p.Lines-1)*p.CLine + (p.Rows-1)*p.CRow + p.Columns
				lastA := (p.Lines-1)*p.A.Line + (p.Rows-1)*p.A.Row + p.Offsets[0] + p.Depth
				p.A.Data, p.B.Data = fenced(p.A.Data[:lastA]), fenced(p.B.Data[:last])
				p.C = fenced(p.C[:lastC])
				p.Bias, p.Residual = fenced(randoms(r, columns)), fenced(p.C)
				testMultiply(t, p, "fenced")
				p.Bias, p.Across, p.Ahead, p.Stream = nil, true, p.A.Data, true
				testMultiply(t, p, "fenced, across")
				inPairs(p.A.Data)
				inPairs(p.B.Data)
				p.Pairs, p.ReLU = true, true
				testMultiply(t, p, "fenced pairs")
			}
		}
	})
}

func TestPackingStaysInside(t *testing.T) {
	eachFence(t, func(t *testing.T, fenced func([]float32) []float32) {
		for depth := 1; depth <= 35; depth++ {
			src := fenced(make([]float32, depth))
			PackPairs(fenced(make([]float32, (depth+1)/2)), src)
			for _, columns := range []int{1, 8, 15, 31, 32} {
				panel := fenced(make([]float32, depth*PanelColumns))
				pairs := fenced(make([]float32, (depth+1)/2*PanelColumns))
				for _, stride := range [][2]int{{columns, 1}, {1, depth}, {2, 2 * depth}} {
					row, column := stride[0], stride[1]
					src := fenced(make([]float32, (depth-1)*row+(columns-1)*column+1))
					PackPanel(panel, src, depth, columns, row, column)
					PackPanelPairs(pairs, src, depth, columns, row, column)
				}
			}
		}
	})
}

func TestLinearStaysInside(t *testing.T) {
	team := parallel.NewTeam(2)
	defer team.Close()
	eachFence(t, func(t *testing.T, fenced func([]float32) []float32) {
		r := rand.New(rand.NewPCG(1, 2))
		for _, batch := range []int{1, 5, 16, 17, 40} {
			for _, l := range []Linear{{1, 1}, {3, 33}, {17, 15}, {300, 47}, {35, 128}} {
				c := LinearCall{Batch: batch, Input: fenced(randoms(r, batch*l.In)),
					Output: fenced(randoms(r, batch*l.Out)), Weights: fenced(randoms(r, l.In*l.Out)),
					Bias: fenced(randoms(r, l.Out)), Workspace: fenced(randoms(r, l.Workspace(batch, 2)))}
				l.Forward(team, c)
				l.InputGradient(team, c)
				l.WeightGradient(team, c)
				c.Residual = c.Output
				l.Forward(team, c)
			}
		}
	})
}

func TestAddRowsStaysInside(t *testing.T) {
	eachFence(t, func(t *testing.T, fenced func([]float32) []float32) {
		for columns := 1; columns < 50; columns++ {
			AddRows(fenced(make([]float32, columns)), fenced(make([]float32, 3*columns)))
		}
	})
}

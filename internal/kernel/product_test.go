package kernel

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// reference is the product's definition, in float64.
func reference(p Product) []float64 {
	out := make([]float64, p.Rows*p.Columns)
	for i := range p.Rows {
		for j := range p.Columns {
			if p.Accumulate {
				out[i*p.Columns+j] = float64(p.C[i*p.CRow+j])
			}
			for s := range p.Segments {
				for k := range p.Depth {
					a := p.A.Data[i*p.A.Row+k*p.A.Depth+s*p.A.Segment]
					b := p.B.Data[j/16*p.B.Panel+k*p.B.Depth+s*p.B.Segment+j%16]
					out[i*p.Columns+j] += float64(a) * float64(b)
				}
			}
		}
	}
	return out
}

func randoms(r *rand.Rand, n int) []float32 {
	x := make([]float32, n)
	for i := range x {
		x[i] = float32(r.NormFloat64())
	}
	return x
}

func TestMultiplyInAllVariants(t *testing.T) {
	defer func(was variant) { current = was }(current)
	for _, v := range available {
		current = v
		t.Run(v.String(), func(t *testing.T) {
			r := rand.New(rand.NewPCG(1, 2))
			for _, shape := range [][4]int{ // rows, columns, depth, segments
				{1, 1, 1, 1}, {6, 16, 1, 1}, {7, 17, 3, 3}, {13, 5, 9, 1}, {28, 32, 48, 3},
				{11, 33, 7, 5}, {8, 20, 5, 2}, {3, 16, 1000, 1}, {16, 31, 4, 2}, {29, 16, 6, 1}, {5, 10, 20000, 1},
			} {
				for _, accumulate := range []bool{false, true} {
					testMultiply(t, r, shape, accumulate)
				}
			}
		})
	}
}

func testMultiply(t *testing.T, r *rand.Rand, shape [4]int, accumulate bool) {
	t.Helper()
	rows, columns, depth, segments := shape[0], shape[1], shape[2], shape[3]
	const gap = 3 // unaligned, and with something between the rows
	row := depth*segments + gap
	packed := make([]float32, PanelsSize(depth*segments, columns))
	b := Pack(packed, randoms(r, depth*segments*columns), depth*segments, columns, columns, 1)
	b.Segment = depth * PanelColumns
	p := Product{
		Rows: rows, Columns: columns, Depth: depth, Segments: segments,
		A: Matrix{randoms(r, rows*row+1)[1:], row, 1, depth}, B: b,
		C: randoms(r, rows*(columns+gap)), CRow: columns + gap, Accumulate: accumulate,
	}
	untouched := append([]float32(nil), p.C...)
	want := reference(p)
	Multiply(p)
	for i := range rows {
		for j := range columns + gap {
			got := p.C[i*p.CRow+j]
			if j >= columns {
				if got != untouched[i*p.CRow+j] {
					t.Fatalf("%v: wrote behind row %d", shape, i)
				}
				continue
			}
			// A running sum of n products of normal numbers is about sqrt(n)
			// large, and each addition rounds it to 24 bits: on the way it
			// errs by about n * 2^-24.
			n := float64(depth * segments)
			tolerance := 0x1p-24 * (64*math.Sqrt(n) + 4*n)
			if d := math.Abs(float64(got) - want[i*columns+j]); d > tolerance {
				t.Fatalf("%v accumulate %v: element (%d,%d) is %v, want %v", shape, accumulate,
					i, j, got, want[i*columns+j])
			}
		}
	}
}

func TestMultiplyAllocatesNothing(t *testing.T) {
	p := Product{
		Rows: 5, Columns: 3, Depth: 2, Segments: 1,
		A: Matrix{make([]float32, 10), 2, 1, 0}, B: Panels{make([]float32, 32), 32, 16, 0},
		C: make([]float32, 15), CRow: 3,
	}
	if n := testing.AllocsPerRun(10, func() { Multiply(p) }); n != 0 {
		t.Errorf("Multiply allocates %v times", n)
	}
}

func TestMultiplyPanicsOutsideItsSlices(t *testing.T) {
	good := Product{
		Rows: 2, Columns: 16, Depth: 3, Segments: 1,
		A: Matrix{make([]float32, 6), 3, 1, 0},
		B: Panels{make([]float32, 48), 48, 16, 0},
		C: make([]float32, 32), CRow: 16,
	}
	Multiply(good)
	for name, spoil := range map[string]func(*Product){
		"A": func(p *Product) { p.A.Data = p.A.Data[:5] },
		"B": func(p *Product) { p.B.Data = p.B.Data[:47] },
		"C": func(p *Product) { p.C = p.C[:31] },
		"K": func(p *Product) { p.Depth = 0 },
	} {
		bad := good
		spoil(&bad)
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("a short %s went unnoticed", name)
				}
			}()
			Multiply(bad)
		}()
	}
}

func TestPackTransposed(t *testing.T) {
	src := []float32{1, 2, 3, 4, 5, 6} // 3 columns of 2 as rows: element (k,j) at j*2+k
	p := Pack(make([]float32, PanelsSize(2, 3)), src, 2, 3, 1, 2)
	if got, want := fmt.Sprint(p.Data[:4], p.Data[16:20]), "[1 3 5 0] [2 4 6 0]"; got != want {
		t.Errorf("packed %s, want %s", got, want)
	}
}

func BenchmarkMultiply(b *testing.B) {
	defer func(was variant) { current = was }(current)
	r := rand.New(rand.NewPCG(1, 2))
	const rows, columns, depth = 96, 32, 144
	for _, v := range available {
		b.Run(v.String(), func(b *testing.B) {
			current = v
			panels := Pack(make([]float32, PanelsSize(depth, columns)),
				randoms(r, depth*columns), depth, columns, columns, 1)
			p := Product{
				Rows: rows, Columns: columns, Depth: depth, Segments: 1,
				A: Matrix{randoms(r, rows*depth), depth, 1, 0}, B: panels,
				C: make([]float32, rows*columns), CRow: columns,
			}
			for b.Loop() {
				Multiply(p)
			}
			b.ReportMetric(2*rows*columns*depth*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
		})
	}
}

package kernel

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/dsbuild/dsbuild/internal/kernel/isa"
)

// reference is the product's definition, in float64.
func reference(p Product) []float64 {
	var out []float64
	for l := range p.Lines {
		for i := range p.Rows {
			for j := range p.Columns {
				sum := 0.0
				for s, offset := range p.Offsets {
					for k := range p.Depth {
						a := p.A.Data[l*p.A.Line+i*p.A.Row+offset+k*p.A.Depth]
						b := p.B.Data[j/32*p.B.Panel+(s*p.Depth+k)*p.B.Depth+j%32]
						sum += dot(a, b, p.Pairs)
					}
				}
				out = append(out, finished(sum, p.Epilogue, l*p.CLine+i*p.CRow+j, j))
			}
		}
	}
	return out
}

// dot returns the product of two numbers, or that of two pairs of bfloat16.
func dot(a, b float32, pairs bool) float64 {
	if !pairs {
		return float64(a) * float64(b)
	}
	x, y := math.Float32bits(a), math.Float32bits(b)
	half := func(bits uint32) float64 { return float64(math.Float32frombits(bits)) }
	return half(x<<16)*half(y<<16) + half(x&^0xffff)*half(y&^0xffff)
}

func finished(sum float64, e Epilogue, at, column int) float64 {
	if e.Bias != nil {
		sum += float64(e.Bias[column])
	}
	if e.Residual != nil {
		sum += float64(e.Residual[at])
	}
	if e.ReLU {
		sum = max(sum, 0)
		if e.Ceiling > 0 {
			sum = min(sum, float64(e.Ceiling))
		}
	}
	return sum
}

func randoms(r *rand.Rand, n int) []float32 {
	x := make([]float32, n)
	for i := range x {
		x[i] = float32(r.NormFloat64())
	}
	return x
}

// inPairs makes pairs of bfloat16 of floats: one rounded down, and its half.
func inPairs(x []float32) {
	for i, v := range x {
		x[i] = math.Float32frombits(math.Float32bits(v)&^0xffff | math.Float32bits(v/2)>>16)
	}
}

// A shape is the size of a product for tests.
type shape struct{ lines, rows, columns, segments, depth int }

var shapes = []shape{
	{1, 1, 1, 1, 1}, {1, 14, 32, 1, 1}, {1, 6, 16, 1, 3}, {3, 7, 17, 3, 3}, {4, 7, 64, 2, 9},
	{1, 13, 5, 1, 9}, {2, 28, 32, 3, 48}, {1, 11, 33, 5, 7}, {5, 3, 16, 1, 100}, {2, 29, 48, 1, 6},
	{1, 5, 10, 1, 20000}, {3, 2, 40, 3, 5000}, {2, 16, 31, 2, 4}, {2, 9, 20, 0, 1}, {7, 14, 70, 1, 5},
	{1, 8, 70, 0, 1},
}

// product returns a product of odd strides whose memory lies askew, with gaps
// between its rows.
func (s shape) product(r *rand.Rand) Product {
	const gap = 3
	depth := s.depth + gap
	row := depth*s.segments + gap
	offsets := make([]int, s.segments)
	for i := range offsets {
		offsets[i] = depth * (s.segments - 1 - i)
	}
	whole := s.segments * s.depth
	b := Pack(make([]float32, PanelsSize(whole, s.columns)), randoms(r, whole*s.columns),
		whole, s.columns, s.columns, 1)
	crow := s.columns + gap
	cline := crow*s.rows + gap
	return Product{
		Lines: s.lines, Rows: s.rows, Columns: s.columns, Depth: s.depth, Offsets: offsets,
		A: Matrix{randoms(r, s.lines*row*s.rows+1)[1:], row * s.rows, row, 1}, B: b,
		C: randoms(r, s.lines*cline), CLine: cline, CRow: crow,
	}
}

func TestMultiplyInAllVariants(t *testing.T) {
	defer func(was isa.Variant) { current = was }(current)
	for _, v := range available {
		current = v
		t.Run(v.String(), func(t *testing.T) {
			r := rand.New(rand.NewPCG(1, 2))
			for _, s := range shapes {
				p := s.product(r)
				bias, residual := randoms(r, s.columns), randoms(r, len(p.C))
				for _, e := range []Epilogue{{}, {Residual: p.C}, {Bias: bias},
					{Bias: bias, Residual: residual, ReLU: true}, {ReLU: true, Ceiling: 0.5}} {
					p.Epilogue = e
					testMultiply(t, p, fmt.Sprintf("%+v", s))
				}
				p.Epilogue, p.Across = Epilogue{Residual: residual, ReLU: true}, true
				testMultiply(t, p, fmt.Sprintf("across %+v", s))
				p.Epilogue, p.Across = Epilogue{Bias: bias}, false
				p.Pairs = true
				inPairs(p.A.Data)
				inPairs(p.B.Data)
				testMultiply(t, p, fmt.Sprintf("pairs %+v", s))
			}
		})
	}
}

func testMultiply(t *testing.T, p Product, name string) {
	t.Helper()
	before := append([]float32(nil), p.C...)
	want := reference(p)
	Multiply(p)
	// A running sum of n products of normal numbers is about sqrt(n) large, and
	// each addition rounds it to 24 bits: on the way it errs by about n * 2^-24.
	n := float64(2 * p.steps())
	tolerance := 0x1p-24 * (64*math.Sqrt(n) + 4*n + 16)
	for at, got := range p.C {
		l, i, j := at/p.CLine, at%p.CLine/p.CRow, at%p.CLine%p.CRow
		if i >= p.Rows || j >= p.Columns {
			if got != before[at] {
				t.Fatalf("%s: wrote behind row %d of line %d", name, i, l)
			}
			continue
		}
		right := want[(l*p.Rows+i)*p.Columns+j]
		if d := math.Abs(float64(got) - right); !(d <= tolerance) {
			t.Fatalf("%s: element (%d,%d,%d) is %v, want %v", name, l, i, j, got, right)
		}
	}
}

// TestWhatIsNoNumberStaysSo has bounds that would make a number of it.
func TestWhatIsNoNumberStaysSo(t *testing.T) {
	defer func(was isa.Variant) { current = was }(current)
	const rows, row, column = 15, 3, 2
	for _, current = range available {
		for _, columns := range []int{5, 16, 32, 37} {
			for _, pairs := range []bool{false, true} {
				r := rand.New(rand.NewPCG(1, 2))
				p := shape{1, rows, columns, 1, 4}.product(r)
				p.Pairs, p.Epilogue = pairs, Epilogue{ReLU: true, Ceiling: 6}
				inPairs(p.A.Data)
				inPairs(p.B.Data)
				p.A.Data[row*p.A.Row] = float32(math.NaN())
				p.Bias = make([]float32, columns)
				p.Bias[column] = float32(math.Inf(1))
				Multiply(p)
				for at, v := range p.C {
					i, j := at/p.CRow, at%p.CRow
					switch isSum := i < rows && j < columns; {
					case isSum && (v != v) != (i == row):
						t.Errorf("%v: element (%d,%d) is %v", current, i, j, v)
					case isSum && i != row && j == column && v != 6:
						t.Errorf("%v: element (%d,%d) is %v, and should be 6", current, i, j, v)
					}
				}
			}
		}
	}
}

func TestMultiplyTransposed(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	const rows, columns, depth = 33, 48, 19
	p := Product{
		Lines: 1, Rows: rows, Columns: columns, Depth: depth, Offsets: []int{0},
		A: Matrix{Data: randoms(r, depth*rows), Row: 1, Depth: rows},
		B: Panels{Data: randoms(r, depth*columns), Panel: PanelColumns, Depth: columns},
		C: make([]float32, rows*columns), CLine: rows * columns, CRow: columns,
	}
	testMultiply(t, p, "transposed")
}

func TestMultiplyAllocatesNothing(t *testing.T) {
	p := Product{
		Rows: 5, Columns: 3, Depth: 2,
		A: Matrix{Data: make([]float32, 10), Row: 2, Depth: 1},
		B: Panels{make([]float32, 64), 64, 32},
		C: make([]float32, 15), CRow: 3,
	}
	if n := testing.AllocsPerRun(10, func() { Multiply(p) }); n != 0 {
		t.Errorf("Multiply allocates %v times", n)
	}
}

func TestMultiplyPanicsOutsideItsSlices(t *testing.T) {
	good := Product{
		Lines: 2, Rows: 2, Columns: 16, Depth: 3, Offsets: []int{0, 1},
		A: Matrix{Data: make([]float32, 16), Line: 8, Row: 4, Depth: 1},
		B: Panels{make([]float32, 5*32+16), 96, 32},
		C: make([]float32, 64), CLine: 32, CRow: 16,
		Epilogue: Epilogue{Bias: make([]float32, 16), Residual: make([]float32, 64)},
	}
	Multiply(good)
	for name, spoil := range map[string]func(*Product){
		"A":        func(p *Product) { p.A.Data = p.A.Data[:15] },
		"B":        func(p *Product) { p.B.Data = p.B.Data[:5*32+15] },
		"C":        func(p *Product) { p.C = p.C[:63] },
		"bias":     func(p *Product) { p.Bias = p.Bias[:15] },
		"residual": func(p *Product) { p.Residual = p.Residual[:63] },
		"depth":    func(p *Product) { p.Depth = 0 },
		"offset":   func(p *Product) { p.Offsets = []int{0, -1} },
		"stride":   func(p *Product) { p.A.Row = -1 },
		"row of C": func(p *Product) { p.CRow = -1 },
	} {
		bad := good
		spoil(&bad)
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("a wrong %s went unnoticed", name)
				}
			}()
			Multiply(bad)
		}()
	}
}

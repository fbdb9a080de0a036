package vector

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"
)

func TestProducts(t *testing.T) {
	eachVariant(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(1, 2))
		for _, rows := range []int{1, 3, 4, 9} {
			for _, depth := range []int{0, 1, 7, 8, 19} {
				for _, columns := range []int{1, 8, 17, 100, 1080, 4109} {
					t.Run(fmt.Sprintf("%dx%dx%d", rows, depth, columns), func(t *testing.T) {
						testProducts(t, r, Products{Rows: rows, Depth: depth, Columns: columns,
							ToRow: columns + 3, Row: columns + 5, FactorRow: depth + 1})
					})
				}
			}
		}
	})
}

// testProducts compares products with sums in float64.
func testProducts(t *testing.T, r *rand.Rand, p Products) {
	p.To, p.Matrix = random(r, p.Rows*p.ToRow), random(r, (p.Depth+1)*p.Row)
	p.Factors = random(r, p.Rows*p.FactorRow)
	want := append([]float32(nil), p.To...)
	for i := range p.Rows {
		for j := range p.Columns {
			sum := float64(want[i*p.ToRow+j])
			for k := range p.Depth {
				sum += float64(p.Factors[i*p.FactorRow+k]) * float64(p.Matrix[k*p.Row+j])
			}
			want[i*p.ToRow+j] = float32(sum)
		}
	}
	p.Add()
	near(t, "products", p.To, want, 1e-5)
}

func TestProductsStayInside(t *testing.T) {
	eachEdge(t, func(t *testing.T, random func(n int) []float32) {
		for _, rows := range []int{1, 5} {
			for columns := 1; columns < 70; columns += 3 {
				for _, depth := range []int{3, 8, 17} {
					Products{Rows: rows, Columns: columns, Depth: depth, To: random(rows * columns),
						ToRow: columns, Factors: random(rows * depth), FactorRow: depth,
						Matrix: random(depth * columns), Row: columns}.Add()
				}
			}
		}
	})
}

// BenchmarkProducts goes through more than caches hold.
func BenchmarkProducts(b *testing.B) {
	const depth, columns = 4096, 4096
	r := rand.New(rand.NewPCG(1, 2))
	matrix := random(r, depth*columns)
	for _, rows := range []int{1, 4, 16} {
		b.Run(fmt.Sprint(rows), func(b *testing.B) {
			p := Products{Rows: rows, Columns: columns, Depth: depth, Matrix: matrix, Row: columns,
				Factors: random(r, rows*depth), FactorRow: depth,
				To: make([]float32, rows*columns), ToRow: columns}
			best := time.Hour
			for b.Loop() {
				start := time.Now()
				p.Add()
				best = min(best, time.Since(start))
			}
			b.ReportMetric(4*depth*columns/best.Seconds()/1e9, "GB/s-best")
		})
	}
}

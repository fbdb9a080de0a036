package vector

const (
	// productDepth and productRows are how many rows of the matrix the assembly
	// takes at a time, and how many it adds to.
	productDepth, productRows = 8, 4
	// productColumns is how many columns it takes: so much of the matrix stays in
	// the first cache while it is added to several rows.
	productColumns = 1 << 8
	// mostProducts bounds the columns of a call for one row.
	mostProducts = 1 << 12
)

// Products are what a few rows of factors and a matrix come to, whose rows are
// read where they lie, once where To has few:
//
//	To[i*ToRow+j] += sum over k < Depth of Factors[i*FactorRow+k] * Matrix[k*Row+j]
//
// for i < Rows and j < Columns. To is apart from the others.
type Products struct {
	To, Factors, Matrix   []float32
	ToRow, FactorRow, Row int
	Rows, Columns, Depth  int
}

// Add adds the products to To.
func (p Products) Add() {
	if p.Rows < 1 || p.Columns < 1 || p.Depth < 1 {
		return
	}
	p.To = cut(p.To, (p.Rows-1)*p.ToRow+p.Columns)
	p.Factors = cut(p.Factors, (p.Rows-1)*p.FactorRow+p.Depth)
	p.Matrix = cut(p.Matrix, (p.Depth-1)*p.Row+p.Columns)
	part := p
	for k := 0; k < p.Depth; k += productDepth {
		part.Depth = min(productDepth, p.Depth-k)
		part.Factors, part.Matrix = p.Factors[k:], p.Matrix[k*p.Row:]
		part.add()
	}
}

// add adds the products of few rows of the matrix.
func (p *Products) add() {
	done := addProducts(p)
	for i := range p.Rows {
		to := p.To[i*p.ToRow:][done:p.Columns]
		for k, f := range p.Factors[i*p.FactorRow:][:p.Depth] {
			for j, v := range p.Matrix[k*p.Row:][done:p.Columns] {
				to[j] += f * v
			}
		}
	}
}

package winograd

// A product multiplies blocks of rows, as a stack has them, with a panel:
//
//	c[i*cRow+j] = sum over k < 16 depth of a(i,k) * b[32k+j]
//
// where row i of a block has its depths k in lines of 16:
// a(i,k) = a[k/16*16*rows + 16i + k%16]. The next block of a lies aBlock floats
// on, and its rows follow in c. Where adds is set, sums are added to what is
// there.
type product struct {
	a, b, c      []float32
	rows, blocks int
	aBlock, cRow int
	depth        int // in lines of 16
	adds         bool
}

// check panics where a product leads out of its slices.
func (p *product) check() {
	_ = p.a[(p.blocks-1)*p.aBlock+p.rows*p.depth*lanes-1]
	_ = p.b[p.depth*lanes*panel-1]
	_ = p.c[(p.rows*p.blocks-1)*p.cRow+panel-1]
}

// generic is the contract of the kernels, but that those round less often.
func (p *product) generic() {
	for i := range p.rows * p.blocks {
		a := p.a[i/p.rows*p.aBlock+i%p.rows*lanes:]
		c := (*[panel]float32)(p.c[i*p.cRow:])
		var sum [panel]float32
		if p.adds {
			sum = *c
		}
		for k := range p.depth * lanes {
			x := a[k/lanes*lanes*p.rows+k%lanes]
			line := (*[panel]float32)(p.b[k*panel:])
			for j := range line {
				sum[j] += x * line[j]
			}
		}
		*c = sum
	}
}

// An outer product sums, over depth lines, the products of 16 columns with 32:
//
//	c[i*cRow+16h+j] = sum over t < depth of a[16t+i] * b[h][16t+j]
//
// The next 16 columns of a lie aBlock floats on, and their rows follow in c.
type outer struct {
	a             []float32
	b             [2][]float32
	c             []float32
	aBlock, cRow  int
	depth, blocks int
}

func (p *outer) check() {
	_ = p.a[(p.blocks-1)*p.aBlock+p.depth*lanes-1]
	_, _ = p.b[0][p.depth*lanes-1], p.b[1][p.depth*lanes-1]
	_ = p.c[(p.blocks*lanes-1)*p.cRow+panel-1]
}

func (p *outer) generic() {
	for i := range p.blocks * lanes {
		a := p.a[i/lanes*p.aBlock+i%lanes:]
		c := (*[panel]float32)(p.c[i*p.cRow:])
		var sum [panel]float32
		for t := range p.depth {
			x := a[t*lanes]
			for h, b := range p.b {
				line, part := (*[lanes]float32)(b[t*lanes:]), sum[h*lanes:][:lanes]
				for j := range line {
					part[j] += x * line[j]
				}
			}
		}
		*c = sum
	}
}

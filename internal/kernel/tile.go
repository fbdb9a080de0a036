package kernel

// tile computes one tile of 1, 2, 4 or 6 rows with the fastest variant that the
// machine has. Slices start at the tile's first element.
var tile = tileGeneric

// variants are all the tiles that this machine can run, by name.
var variants = map[string]func(rows int, c, a, b []float32, args *tileArgs){
	"generic": tileGeneric,
}

// block is how many products tileGeneric adds up before it adds their sum to
// the others': the error of a long plain float32 sum grows with its length.
const block = 256

// tileGeneric is the contract of every tile, but for the order of additions.
func tileGeneric(rows int, c, a, b []float32, t *tileArgs) {
	for i := range rows {
		var sum [PanelColumns]float32
		for s := range t.segments {
			for k := 0; k < t.depth; k += block {
				part := dotBlock(a[i*t.aRow+k*t.aDepth+s*t.aSegment:],
					b[k*t.bDepth+s*t.bSegment:], t, min(block, t.depth-k))
				for j := range sum {
					sum[j] += part[j]
				}
			}
		}
		store(c[i*t.cRow:], sum[:t.columns], t.accumulate)
	}
}

// dotBlock returns the products of depth elements of a with lines of b.
func dotBlock(a, b []float32, t *tileArgs, depth int) (sum [PanelColumns]float32) {
	for k := range depth {
		x := a[k*t.aDepth]
		line := (*[PanelColumns]float32)(b[k*t.bDepth:])
		for j := range line {
			sum[j] += x * line[j]
		}
	}
	return sum
}

// store puts a row of sums into c.
func store(c, sum []float32, accumulate bool) {
	c = c[:len(sum)]
	if !accumulate {
		copy(c, sum)
		return
	}
	for j, v := range sum {
		c[j] += v
	}
}

package winograd

const (
	// fewTiles is how many tiles of 4 are multiplied with a kernel that is
	// transformed in registers, and fewGroups how many times it is for more.
	fewTiles, fewGroups = 4, 2
	// fewDepth bounds the lines of channels of a call of the assembly, which cannot
	// be interrupted.
	fewDepth = 128
)

// A few is the sums of one row of the interpolation points of four tiles of 4,
// for 16 columns:
//
//	c[t*cRow+p*panel+j] = sum over k < 16 depth of a(p,t,k) * kernel(row,p,k,j)
//
// where the kernel (3x3) at element i has channel k in b[i*bTap+32k+j], and
// tiles are laid out as in a block of a stack:
// a(p,t,k) = a[p*aPoint + k/16*16*fewTiles + 16t + k%16].
//
// What lies ahead floats behind what is read of b is asked for meanwhile.
type few struct {
	a, b, c            []float32
	aPoint, bTap, cRow int
	depth              int // in lines of 16
	row                int
	ahead              int
}

// check panics where sums lead out of their slices.
func (f *few) check() {
	_ = f.a[(basis4.side-1)*f.aPoint+f.depth*fewTiles*lanes-1]
	_ = f.b[(taps-1)*f.bTap+(f.depth*lanes-1)*panel+lanes-1]
	_ = f.c[(fewTiles-1)*f.cRow+(basis4.side-1)*panel+lanes-1]
}

// generic is the contract of the kernels, but that those round less often and
// otherwise.
func (f *few) generic() {
	f.check()
	x, side := basis4.kernel, basis4.side
	for p := range side {
		var sums [fewTiles][lanes]float32
		for k := range f.depth * lanes {
			var kernel [lanes]float32
			for i := range taps {
				scale := x[f.row][i/3] * x[p][i%3]
				for j := range kernel {
					kernel[j] += scale * f.b[i*f.bTap+k*panel+j]
				}
			}
			for t := range sums {
				v := f.a[p*f.aPoint+k/lanes*lanes*fewTiles+t*lanes+k%lanes]
				for j, w := range kernel {
					sums[t][j] += v * w
				}
			}
		}
		for t := range sums {
			copy(f.c[t*f.cRow+p*panel:][:lanes], sums[t][:])
		}
	}
}

// isFew tells whether so many tiles are few.
func (p *pass) isFew(tiles int) bool {
	return hasFew() && p.isShared() && p.tile == basis4.tile && tiles <= fewTiles*fewGroups &&
		p.depth <= fewDepth
}

// makeFew makes the sums of the block of four tiles with a panel of the kernel.
func (s *shared) makeFew(number, block int, sums []float32) {
	f := few{aPoint: s.stack.point, bTap: s.depth * lanes * panel, cRow: s.sumsRow(),
		depth: s.depth}
	for half := range panel / lanes {
		f.b = s.call.Packed[number*taps*f.bTap+half*lanes:]
		f.ahead = lanes
		if half > 0 {
			f.ahead = 0
			if next := number + s.workers; next < s.panels {
				f.ahead = s.workers*taps*f.bTap - half*lanes
			}
		}
		for f.row = range s.side {
			f.a = s.stack.data[f.row*s.side*s.stack.point+block*fewTiles*s.depth*lanes:]
			f.c = sums[f.row*s.side*panel+half*lanes:]
			f.run()
		}
	}
}

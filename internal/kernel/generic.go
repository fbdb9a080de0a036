package kernel

import "math"

// callGeneric is the contract of every tile. Those with fused multiply-add
// round less often.
func (s *strip) callGeneric(b *bunch, a, c int) {
	var sum [PanelColumns]float32
	part := *s
	for range b.tiles {
		for row := range b.rows {
			fromA, fromC := s.place(b, row)
			if s.Pairs {
				part.sumPairs(&sum, a+fromA)
			} else {
				part.sum(&sum, a+fromA)
			}
			part.store(sum[:s.width], c+fromC)
		}
		a, c, part.b = a+b.a, c+b.c, next(part.b, b.b)
	}
}

// next returns what lies n elements behind the start of data, or nothing.
func next(data []float32, n int) []float32 { return data[min(n, len(data)):] }

// sum sets the sums of the row that starts at element a of A, four columns at
// a time: more of them do not fit into a processor's plain registers.
func (s *strip) sum(sum *[PanelColumns]float32, a int) {
	for j := 0; j < s.width; j += 4 {
		var s0, s1, s2, s3 float32
		line := j
		for _, offset := range s.Offsets {
			at := a + offset
			for range s.Depth {
				x, y := s.A.Data[at], s.b[line:line+4:line+4]
				s0 += x * y[0]
				s1 += x * y[1]
				s2 += x * y[2]
				s3 += x * y[3]
				at, line = at+s.A.Depth, line+s.B.Depth
			}
		}
		sum[j], sum[j+1], sum[j+2], sum[j+3] = s0, s1, s2, s3
	}
}

// sumPairs is sum for pairs of bfloat16.
func (s *strip) sumPairs(sum *[PanelColumns]float32, a int) {
	for j := range s.width {
		sum[j] = 0
		line := j
		for _, offset := range s.Offsets {
			at := a + offset
			for range s.Depth {
				x, y := math.Float32bits(s.A.Data[at]), math.Float32bits(s.b[line])
				sum[j] += math.Float32frombits(x&^0xffff) * math.Float32frombits(y&^0xffff)
				sum[j] += math.Float32frombits(x<<16) * math.Float32frombits(y<<16)
				at, line = at+s.A.Depth, line+s.B.Depth
			}
		}
	}
}

// store does the epilogue to a row of sums that goes to element c of C, and
// stores it.
func (s *strip) store(sum []float32, c int) {
	to := s.C[c+s.column:][:len(sum)]
	if s.bias != nil {
		for j, v := range s.bias[:len(sum)] {
			sum[j] += v
		}
	}
	if s.Residual != nil {
		for j, v := range s.Residual[c+s.column:][:len(sum)] {
			sum[j] += v
		}
	}
	if s.ReLU {
		ceiling := s.ceiling()
		for j, v := range sum {
			sum[j] = min(max(v, 0), ceiling)
		}
	}
	copy(to, sum)
}

func (s *strip) ceiling() float32 {
	if s.Ceiling > 0 {
		return s.Ceiling
	}
	return float32(math.Inf(1))
}

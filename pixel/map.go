package pixel

// A Map moves the points of one image to those of another along straight
// lines: (x, y) goes to (A*x + B*y + C, D*x + E*y + F), both divided by
// G*x + H*y + I. Where that divisor is not positive the plane leads behind the
// observer, and points go nowhere. Maps of G = H = 0 are affine.
type Map struct{ A, B, C, D, E, F, G, H, I float64 }

var identity = affine(1, 0, 0, 0, 1, 0)

// affine returns the map to (a*x + b*y + c, d*x + e*y + f).
func affine(a, b, c, d, e, f float64) Map { return Map{A: a, B: b, C: c, D: d, E: e, F: f, I: 1} }

// At returns where a point goes, and whether it goes anywhere.
func (m Map) At(x, y float64) (toX, toY float64, ok bool) {
	w := m.G*x + m.H*y + m.I
	return (m.A*x + m.B*y + m.C) / w, (m.D*x + m.E*y + m.F) / w, w > 0
}

// after returns the map that first does b, then m.
func (m Map) after(b Map) Map {
	return Map{
		A: m.A*b.A + m.B*b.D + m.C*b.G, B: m.A*b.B + m.B*b.E + m.C*b.H, C: m.A*b.C + m.B*b.F + m.C*b.I,
		D: m.D*b.A + m.E*b.D + m.F*b.G, E: m.D*b.B + m.E*b.E + m.F*b.H, F: m.D*b.C + m.E*b.F + m.F*b.I,
		G: m.G*b.A + m.H*b.D + m.I*b.G, H: m.G*b.B + m.H*b.E + m.I*b.H, I: m.G*b.C + m.H*b.F + m.I*b.I,
	}
}

// inverse returns the map that undoes m, which must not flatten the plane. A
// point that m sends nowhere is sent nowhere by the inverse either.
func (m Map) inverse() Map {
	i := Map{
		A: m.E*m.I - m.F*m.H, B: m.C*m.H - m.B*m.I, C: m.B*m.F - m.C*m.E,
		D: m.F*m.G - m.D*m.I, E: m.A*m.I - m.C*m.G, F: m.C*m.D - m.A*m.F,
		G: m.D*m.H - m.E*m.G, H: m.B*m.G - m.A*m.H, I: m.A*m.E - m.B*m.D,
	}
	det := m.A*i.A + m.B*i.D + m.C*i.G
	for _, v := range []*float64{&i.A, &i.B, &i.C, &i.D, &i.E, &i.F, &i.G, &i.H, &i.I} {
		*v /= det
	}
	return i
}

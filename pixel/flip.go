package pixel

// Flip mirrors an image left to right.
type Flip struct{}

// Size implements Step.
func (*Flip) Size(width, height int) (int, int) { return width, height }

// Apply implements Step.
func (*Flip) Apply(m *Image, _ *Scratch) *Image {
	c := m.Channels
	for y := range m.Height {
		row := m.Row(y)
		for i, j := 0, len(row)-c; i < j; i, j = i+c, j-c {
			for k := range c {
				row[i+k], row[j+k] = row[j+k], row[i+k]
			}
		}
	}
	return m
}

// Map implements Mover.
func (*Flip) Map(width, _ int) Map { return affine(-1, 0, float64(width), 0, 1, 0) }

func (*Flip) String() string { return "flip" }

// FlipVertical mirrors an image top to bottom.
type FlipVertical struct{}

// Size implements Step.
func (*FlipVertical) Size(width, height int) (int, int) { return width, height }

// Apply implements Step.
func (*FlipVertical) Apply(m *Image, _ *Scratch) *Image {
	for i, j := 0, m.Height-1; i < j; i, j = i+1, j-1 {
		upper, lower := m.Row(i), m.Row(j)
		for k := range upper {
			upper[k], lower[k] = lower[k], upper[k]
		}
	}
	return m
}

// Map implements Mover.
func (*FlipVertical) Map(_, height int) Map { return affine(1, 0, 0, 0, -1, float64(height)) }

func (*FlipVertical) String() string { return "flip vertically" }

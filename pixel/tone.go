package pixel

import "strconv"

// The tone steps give each value another one by a table. They are those of
// torchvision on 8-bit tensors, bit for bit, and of Pillow's ImageOps.

// Posterize keeps the highest Bits bits of every value, 0 to 8.
type Posterize struct{ Bits int }

// Size implements Step.
func (*Posterize) Size(width, height int) (int, int) { return width, height }

// Apply implements Step.
func (p *Posterize) Apply(m *Image, _ *Scratch) *Image {
	keep := uint8(0xff << (8 - p.Bits))
	for i, v := range m.Pix {
		m.Pix[i] = v & keep
	}
	return m
}

func (p *Posterize) String() string { return "posterize " + strconv.Itoa(p.Bits) + " bits" }

// Solarize turns all values of at least Threshold into their complements.
type Solarize struct{ Threshold float64 }

// Size implements Step.
func (*Solarize) Size(width, height int) (int, int) { return width, height }

// Apply implements Step.
func (s *Solarize) Apply(m *Image, _ *Scratch) *Image {
	var table [256]uint8
	for v := range table {
		table[v] = uint8(v)
		if float64(v) >= s.Threshold {
			table[v] = uint8(255 - v)
		}
	}
	for i, v := range m.Pix {
		m.Pix[i] = table[v]
	}
	return m
}

func (s *Solarize) String() string { return "solarize " + number(s.Threshold) }

// Invert turns all values into their complements.
type Invert struct{}

// Size implements Step.
func (*Invert) Size(width, height int) (int, int) { return width, height }

// Apply implements Step.
func (*Invert) Apply(m *Image, _ *Scratch) *Image {
	for i, v := range m.Pix {
		m.Pix[i] = 255 - v
	}
	return m
}

func (*Invert) String() string { return "invert" }

// AutoContrast spreads the values of each channel from 0 to 255.
type AutoContrast struct{}

// Size implements Step.
func (*AutoContrast) Size(width, height int) (int, int) { return width, height }

// Apply implements Step.
func (*AutoContrast) Apply(m *Image, _ *Scratch) *Image {
	for c := range m.Channels {
		count := histogram(m, c)
		low, high := 0, 255
		for count[low] == 0 {
			low++
		}
		for count[high] == 0 {
			high--
		}
		if low == high {
			continue
		}
		var table [256]uint8
		scale := float32(high-low) / 255
		for v := low; v <= high; v++ {
			table[v] = clipDown(float32(v-low) / scale)
		}
		exchange(m, c, &table)
	}
	return m
}

func (*AutoContrast) String() string { return "autocontrast" }

// Equalize gives each channel about as many pixels of every value.
type Equalize struct{}

// Size implements Step.
func (*Equalize) Size(width, height int) (int, int) { return width, height }

// Apply implements Step.
func (*Equalize) Apply(m *Image, _ *Scratch) *Image {
	for c := range m.Channels {
		count := histogram(m, c)
		last := 255
		for count[last] == 0 {
			last--
		}
		step := (m.Width*m.Height - count[last]) / 255
		if step == 0 {
			continue
		}
		var table [256]uint8
		below := step / 2
		for v := range table {
			table[v] = uint8(min(below/step, 255))
			below += count[v]
		}
		exchange(m, c, &table)
	}
	return m
}

func (*Equalize) String() string { return "equalize" }

// histogram counts the values of a channel.
func histogram(m *Image, channel int) *[256]int {
	var count [256]int
	for i := channel; i < len(m.Pix); i += m.Channels {
		count[m.Pix[i]]++
	}
	return &count
}

// exchange gives every value of a channel the one in the table.
func exchange(m *Image, channel int, table *[256]uint8) {
	for i := channel; i < len(m.Pix); i += m.Channels {
		m.Pix[i] = table[m.Pix[i]]
	}
}

package filter

// A table gives every value another one; there is one for each channel.
type tables [3][256]uint8

// counts are how often each channel has each value.
type counts [3][256]int

// AutoContrast spreads the values of each channel from 0 to 255, in place.
// Channels of one value stay as they are.
func (w *Work) AutoContrast(pix []uint8, channels int) {
	low, high := extremes(pix, channels)
	var to tables
	for c := range channels {
		scale := float32(int(high[c])-int(low[c])) * (1.0 / 255)
		for v := range 256 {
			to[c][v] = uint8(v)
			if scale > 0 {
				to[c][v] = uint8(min(max(float32(v-int(low[c]))/scale, 0), 255))
			}
		}
	}
	exchange(pix, &to, channels)
}

// Equalize gives each channel about as many pixels of every value, in place,
// as Pillow does. Channels that have hardly more than one value stay.
func (w *Work) Equalize(pix []uint8, channels int) {
	var count counts
	histogram(pix, &count, channels)
	var to tables
	for c := range channels {
		last := 255
		for last > 0 && count[c][last] == 0 {
			last--
		}
		step := (len(pix)/channels - count[c][last]) / 255
		below := step / 2
		for v := range 256 {
			to[c][v] = uint8(v)
			if step > 0 {
				to[c][v] = uint8(min(below/step, 255))
			}
			below += count[c][v]
		}
	}
	exchange(pix, &to, channels)
}

// extremesGeneric returns the least and the largest value of each channel.
func extremesGeneric(pix []uint8, channels int) (low, high [3]uint8) {
	low = [3]uint8{255, 255, 255}
	for i := 0; i+channels <= len(pix); i += channels {
		for c, v := range pix[i : i+channels] {
			low[c], high[c] = min(low[c], v), max(high[c], v)
		}
	}
	return low, high
}

// histogram counts the values of each channel. Equal neighbours would wait for
// each other's counters: odd pixels have counters of their own.
func histogram(pix []uint8, count *counts, channels int) {
	var other counts
	if channels == 1 {
		i := 0
		for ; i+4 <= len(pix); i += 4 {
			p := pix[i : i+4 : i+4]
			count[0][p[0]]++
			other[0][p[1]]++
			count[1][p[2]]++
			other[1][p[3]]++
		}
		for _, v := range pix[i:] {
			count[0][v]++
		}
		for v := range 256 {
			count[0][v] += count[1][v] + other[0][v] + other[1][v]
		}
		return
	}
	i := 0
	for ; i+6 <= len(pix); i += 6 {
		p := pix[i : i+6 : i+6]
		count[0][p[0]]++
		count[1][p[1]]++
		count[2][p[2]]++
		other[0][p[3]]++
		other[1][p[4]]++
		other[2][p[5]]++
	}
	for c, v := range pix[i:] {
		count[c][v]++
	}
	for c := range 3 {
		for v := range 256 {
			count[c][v] += other[c][v]
		}
	}
}

// exchangeGeneric gives every value that in the table of its channel.
func exchangeGeneric(pix []uint8, to *tables, channels int) {
	if channels == 1 {
		for i, v := range pix {
			pix[i] = to[0][v]
		}
		return
	}
	for i := 0; i+3 <= len(pix); i += 3 {
		p := pix[i : i+3 : i+3]
		p[0], p[1], p[2] = to[0][p[0]], to[1][p[1]], to[2][p[2]]
	}
}

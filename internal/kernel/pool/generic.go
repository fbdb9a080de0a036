package pool

import "math"

// maxGeneric computes the maxima. What is not a number wins over all that came
// before it.
func (l *line) maxGeneric() {
	if l.channel == l.channels {
		return
	}
	for i := range l.pixels {
		place := l.place + i*l.pixelOut
		at := l.at + i*l.pixelIn
		for c := l.channel; c < l.channels; c++ {
			best, number := float32(math.Inf(-1)), l.number
			for row := range l.rows {
				for tap := range l.taps {
					v := l.from[at+row*l.rowIn+tap*l.tapIn+c]
					if v > best || v != v {
						best, number = v, l.number+row*l.window+tap
					}
				}
			}
			l.to[place+c] = best
			if l.places == nil {
				continue
			}
			l.places[place+c] = uint8(number)
			if len(l.high) > 0 {
				l.high[place+c] = uint8(number >> 8)
			}
		}
	}
}

// meanGeneric computes the means.
func (l *line) meanGeneric() {
	if l.channel == l.channels {
		return
	}
	for i := range l.pixels {
		at := l.at + i*l.pixelIn
		to := l.to[l.place+i*l.pixelOut:][l.channel:l.channels]
		clear(to)
		for row := range l.rows {
			for tap := range l.taps {
				from := l.from[at+row*l.rowIn+tap*l.tapIn+l.channel:][:len(to)]
				for c, v := range from {
					to[c] += v
				}
			}
		}
		for c := range to {
			to[c] *= l.share
		}
	}
}

// maxGradientGeneric adds the gradient of each maximum to the pixel that it
// came from, where that is in this row.
func (l *line) maxGradientGeneric() {
	if l.channel == l.channels {
		return
	}
	for i := range l.pixels {
		place := l.place + i*l.pixelOut
		from, places := l.from[place:], l.places[place:]
		for tap := range l.taps {
			number := l.number + tap
			to := l.to[l.at+i*l.pixelIn+tap*l.tapIn:]
			for c := l.channel; c < l.channels; c++ {
				if places[c] != uint8(number) ||
					len(l.high) > 0 && l.high[place+c] != uint8(number>>8) {
					continue
				}
				to[c] += from[c]
			}
		}
	}
}

// meanGradientGeneric adds to each pixel of the row its share of the gradients
// of the means.
func (l *line) meanGradientGeneric() {
	if l.channel == l.channels {
		return
	}
	for i := range l.pixels {
		from := l.from[l.place+i*l.pixelOut:][l.channel:l.channels]
		for tap := range l.taps {
			to := l.to[l.at+i*l.pixelIn+tap*l.tapIn+l.channel:][:len(from)]
			for c, v := range from {
				to[c] += v * l.share
			}
		}
	}
}

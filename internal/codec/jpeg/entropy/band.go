package entropy

// A Band is what a progressive scan has of the blocks of a component: the
// coefficients from place First to Last, their bits from Low up. Where High is
// not 0 their higher bits are known from earlier scans, and Low is the one bit
// that follows. See annex G.
type Band struct {
	First, Last, High, Low int
	DC                     *DC // where First and High are 0
	AC                     *AC // where First is not 0
	// Previous is the DC coefficient of the block before, and Ended how many of
	// the blocks to come have no more coefficients in the scan.
	Previous int16
	Ended    int
	// Damaged is set where the data are no codes, or go beyond the band.
	Damaged bool
}

// ReadBand reads what a scan has of up to n blocks that lie side by side, the
// first at blocks[0:64]. It returns how many: fewer where the data end.
func (r *Reader) ReadBand(b *Band, blocks []int16, n int) (done int) {
	for done < n {
		if b.Ended > 0 && b.High == 0 {
			skipped := min(b.Ended, n-done)
			b.Ended -= skipped
			done += skipped
			continue
		}
		if b.Ended == 0 && r.Over() {
			return done
		}
		r.ready()
		r.ReadBlock(b, (*[64]int16)(blocks[64*done:]))
		done++
	}
	return done
}

// SkipBand is ReadBand for blocks that nobody wants. It serves no Band that
// refines AC coefficients, for what its bits mean depends on the blocks.
func (r *Reader) SkipBand(b *Band, n int) (done int) {
	for done < n {
		if b.Ended > 0 {
			skipped := min(b.Ended, n-done)
			b.Ended -= skipped
			done += skipped
			continue
		}
		if r.Over() {
			return done
		}
		r.SkipBlock(b)
		done++
	}
	return done
}

// SkipBlock is ReadBlock for a block that nobody wants.
func (r *Reader) SkipBlock(b *Band) {
	var discard [64]int16
	r.ReadBlock(b, &discard)
}

// ReadBlock reads what a scan has of a block. The Reader must not be Over.
func (r *Reader) ReadBlock(b *Band, block *[64]int16) {
	r.fill()
	switch {
	case b.First > 0 && b.High > 0:
		r.refine(b, block)
	case b.First > 0:
		r.readFirst(b, block)
	case b.High > 0:
		block[0] |= int16(r.bits(1)) << b.Low
	default:
		difference, valid := r.difference(b.DC)
		b.Damaged = b.Damaged || !valid
		b.Previous += difference
		block[0] = b.Previous << b.Low
	}
}

// readFirst reads the higher bits of coefficients, section G.1.2.2.
func (r *Reader) readFirst(b *Band, block *[64]int16) {
	for place := b.First - 1; place < b.Last; {
		r.fill()
		value, advance := r.bandSymbol(b)
		place += advance
		if place <= b.Last {
			block[natural[place]] = value << b.Low
		} else if advance < endOfBlock {
			b.Damaged = true
		}
	}
}

// bandSymbol reads a coefficient and by how many places it advances. At the
// end of a block it sets how many more blocks end.
func (r *Reader) bandSymbol(b *Band) (value int16, advance int) {
	if e := b.AC.look[r.acc>>(64-lookBits)]; e != 0 {
		r.skip(e.length())
		return e.value(), e.advance()
	}
	symbol, length := b.AC.symbol(uint32(r.acc >> 48))
	r.skip(length)
	if length == noCode {
		b.Damaged = true
	}
	run, size := uint(symbol>>4), uint(symbol&15)
	switch {
	case size > 0:
		return extend(r.bits(size), size), int(run) + 1
	case run == 15:
		return 0, 16
	case run > 0:
		b.Ended = 1<<run + int(r.bits(run)) - 1
	}
	return 0, endOfBlock
}

// refine reads one more bit of coefficients, section G.1.2.3: those that are
// not zero have a bit each, in between are the codes of those that become so.
func (r *Reader) refine(b *Band, block *[64]int16) {
	unit := int16(1) << b.Low
	place := b.First
	if b.Ended > 0 {
		b.Ended--
		place = r.correct(b, block, place, endOfBlock)
	}
	for place <= b.Last {
		r.fill()
		value, advance := r.bandSymbol(b)
		place = r.correct(b, block, place, advance)
		if value != 0 && place <= b.Last {
			if value < 0 {
				unit = -unit
			}
			block[natural[place]] = unit
			unit = max(unit, -unit)
		}
		place++
	}
}

// correct reads the bits of the coefficients that are not zero from place on
// until it has come to the one that is the zeros-th zero. It returns its place,
// or the one behind the band.
func (r *Reader) correct(b *Band, block *[64]int16, place, zeros int) int {
	unit := int16(1) << b.Low
	for ; place <= b.Last; place++ {
		c := &block[natural[place]]
		if *c == 0 {
			if zeros--; zeros == 0 {
				break
			}
			continue
		}
		if r.have == 0 {
			r.fill()
		}
		if r.bits(1) == 0 || *c&unit != 0 {
			continue
		}
		if *c > 0 {
			*c += unit
		} else {
			*c -= unit
		}
	}
	return place
}

package entropy

import "math/bits"

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
//
// For each block there is a mask, which has bit p set where the coefficient at
// place p is not 0, for p from 1 up: scans of AC coefficients read and write it.
func (r *Reader) ReadBand(b *Band, blocks []int16, masks []uint64, n int) (done int) {
	for done < n {
		if b.Ended > 0 && b.High == 0 {
			skipped := min(b.Ended, n-done)
			b.Ended -= skipped
			done += skipped
			continue
		}
		if r.Over() && b.Ended == 0 {
			return done
		}
		r.ReadBlock(b, (*[64]int16)(blocks[64*done:]), &masks[done])
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
	var block [64]int16
	var mask uint64
	r.ReadBlock(b, &block, &mask)
}

// ReadBlock reads what a scan has of a block. The Reader must not be Over.
func (r *Reader) ReadBlock(b *Band, block *[64]int16, mask *uint64) {
	switch {
	case b.First > 0 && b.High > 0:
		r.refine(b, block, mask)
	case b.First > 0:
		r.readFirst(b, block, mask)
	case b.High > 0:
		r.fill(&r.window)
		block[0] |= int16(r.bits(1)) << b.Low
	default:
		r.fill(&r.window)
		difference, valid := r.difference(b.DC)
		b.Damaged = b.Damaged || !valid
		b.Previous += difference
		block[0] = b.Previous << b.Low
	}
}

// readFirst reads the higher bits of coefficients, section G.1.2.2.
func (r *Reader) readFirst(b *Band, block *[64]int16, mask *uint64) {
	local, table := r.bitState, b.AC // in registers
	places := *mask
	for place := b.First - 1; place < b.Last; {
		local.fill(&r.window)
		e := table.look[local.acc>>(64-lookBits)]
		value, advance := e.value(), e.advance()
		if e == 0 {
			r.bitState = local
			value, advance = r.bandSymbol(b)
			local = r.bitState
		} else {
			local.skip(e.length())
		}
		if place += advance; place > b.Last {
			b.Damaged = b.Damaged || advance < endOfBlock
			break
		}
		if value != 0 {
			block[natural[place&63]&63] = value << (b.Low & 15)
			places |= 1 << (place & 63)
		}
	}
	r.bitState = local
	*mask = places
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
func (r *Reader) refine(b *Band, block *[64]int16, mask *uint64) {
	unit := int16(1) << (b.Low & 15)
	left := uint64(2)<<(b.Last&63) - uint64(1)<<(b.First&63) // places to come
	if b.Ended > 0 {
		b.Ended--
		if places := *mask & left; places != 0 {
			r.correct(block, places, unit)
		}
		return
	}
	for left != 0 {
		value, zeros := r.refineSymbol(b)
		if zeros == endOfBlock {
			if places := *mask & left; places != 0 {
				r.correct(block, places, unit)
			}
			return
		}
		// Before the zeros-th place that is zero there are others.
		free := left &^ *mask
		for range zeros - 1 {
			free &= free - 1
		}
		place := free & -free // 0 where there are too few
		if places := *mask & left & (place - 1); places != 0 {
			r.correct(block, places, unit)
		}
		if value != 0 && place != 0 {
			// The sign of value, on a unit.
			block[natural[bits.TrailingZeros64(place)&63]&63] = (value>>15 | 1) * unit
			*mask |= place
		}
		left &^= place | (place - 1)
	}
}

// refineSymbol is bandSymbol of filled bits.
func (r *Reader) refineSymbol(b *Band) (value int16, advance int) {
	r.fill(&r.window)
	if e := b.AC.look[r.acc>>(64-lookBits)]; e != 0 {
		r.skip(e.length())
		return e.value(), e.advance()
	}
	return r.bandSymbol(b)
}

// correct reads a bit for each coefficient whose place is set: where it is 1
// the coefficient moves by a unit away from 0.
func (r *Reader) correct(block *[64]int16, places uint64, unit int16) {
	for places != 0 {
		r.fill(&r.window)
		acc, n := r.acc, uint(0)
		for ; places != 0 && n < 56; n++ {
			c := &block[natural[bits.TrailingZeros64(places)&63]&63]
			*c += (*c>>15 | 1) * unit & int16(int64(acc)>>63)
			acc <<= 1
			places &= places - 1
		}
		r.skip(n)
	}
}

package filter

// Sharpen moves all values away from those of a smoothed image, to factor
// times their distance: 0 smooths, 1 changes nothing, 2 sharpens. The
// outermost pixels stay, as do images with a side of less than 3 pixels. dst
// and src do not overlap.
func (w *Work) Sharpen(dst, src []uint8, width, height, channels int, factor float64) {
	row := width * channels
	s := newScaling(factor, 1-factor, 256)
	copy(dst, src[:row])
	copy(dst[(height-1)*row:], src[(height-1)*row:])
	for y := 1; y < height-1; y++ {
		own, to := src[y*row:][:row], dst[y*row:][:row]
		if width < 3 {
			copy(to, own)
			continue
		}
		s.sharpen(to, src[(y-1)*row:][:row], own, src[(y+1)*row:][:row], channels)
		copy(to[:channels], own)
		copy(to[row-channels:], own[row-channels:])
	}
}

// sharpenGeneric adds to every value base/256 times its distance from the mean
// of those around it, a step to each side, with the weight 5 for itself and 1
// for the others. As in applyGeneric there are shift bits behind the point.
func (s scaling) sharpenGeneric(dst, above, own, below []uint8, step int) {
	for i := step; i < len(own)-step; i++ {
		sum := 4 * int32(own[i])
		for _, row := range [3][]uint8{above, own, below} {
			sum += int32(row[i-step]) + int32(row[i]) + int32(row[i+step])
		}
		mean := (sum + 6) * 5042 >> 16 // a thirteenth, rounded to the nearest
		own := int32(own[i])
		added := ((mean-own)<<7*int32(s.base) + 1<<14) >> 15
		dst[i] = clip(narrow(own<<s.shift+added) >> s.shift)
	}
}

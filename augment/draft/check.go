package draft

import "fmt"

// CheckShare tells whether a probability or share is one.
func CheckShare(name string, p float64) error {
	if !(p >= 0 && p <= 1) {
		return fmt.Errorf("%s is %v, but must be from 0 to 1", name, p)
	}
	return nil
}

// CheckRange tells whether a range is one within [least, most].
func CheckRange(name string, r [2]float64, least, most float64) error {
	if !(r[0] >= least && r[0] <= r[1] && r[1] <= most) {
		return fmt.Errorf("%s is [%v, %v], but must be two numbers from %v to %v, the smaller first",
			name, r[0], r[1], least, most)
	}
	return nil
}

// CheckInts is CheckRange for whole numbers.
func CheckInts(name string, r [2]int, least, most int) error {
	return CheckRange(name, [2]float64{float64(r[0]), float64(r[1])}, float64(least), float64(most))
}

// CheckNumber tells whether a number is one within [least, most].
func CheckNumber(name string, v, least, most float64) error {
	if !(v >= least && v <= most) {
		return fmt.Errorf("%s is %v, but must be from %v to %v", name, v, least, most)
	}
	return nil
}

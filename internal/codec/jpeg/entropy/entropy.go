// Package entropy reads the Huffman-coded data of JPEG scans: what lies between
// two markers.
//
// Bytes of a file flow in, quantised coefficients flow out, 64 a block in
// natural order. A Reader takes the stuffed zeros out of the data, Tables say
// what its bits mean, and a Run is what most of the time is spent in: a number
// of MCUs of a sequential scan. A Band reads the blocks of progressive scans.
//
//	table, err := cache.AC(spec)
//	reader.Start(data, at)
//	done := reader.Read(&run, 0, 25)
//
// Where the bits are no code, 17 of them stand for the symbol 0, as libjpeg has
// it; where the data end, zeros follow.
//
// Names of tables and sections are those of ITU-T T.81.
package entropy

import "errors"

// ErrTable means a Huffman table that contradicts the format.
var ErrTable = errors.New("damaged Huffman table")

// MaxBlocks is the limit of section B.2.3 for the blocks of an MCU.
const MaxBlocks = 10

// Places of coefficients in the file, that of figure A.6, to those in a block
// that is stored row by row.
var natural = [64]uint8{
	0, 1, 8, 16, 9, 2, 3, 10,
	17, 24, 32, 25, 18, 11, 4, 5,
	12, 19, 26, 33, 40, 48, 41, 34,
	27, 20, 13, 6, 7, 14, 21, 28,
	35, 42, 49, 56, 57, 50, 43, 36,
	29, 22, 15, 23, 30, 37, 44, 51,
	58, 59, 52, 45, 38, 31, 39, 46,
	53, 60, 61, 54, 47, 55, 62, 63,
}

// Natural returns where in a block the coefficient is that has the given place
// in the file.
func Natural(place int) int { return int(natural[place]) }

// extend returns the value that size bits stand for, figure F.12.
func extend(bits uint64, size uint) int16 {
	if size > 0 && bits>>(size-1) == 0 {
		return int16(int64(bits) - 1<<size + 1)
	}
	return int16(bits)
}

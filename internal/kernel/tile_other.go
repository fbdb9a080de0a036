//go:build !amd64

package kernel

// tile computes one tile. Slices start at the tile's first element.
func tile(rows int, c, a, b []float32, t *tileArgs) { tileGeneric(rows, c, a, b, t) }

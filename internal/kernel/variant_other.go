//go:build !amd64

package kernel

// tileRows returns the most rows of a tile.
func tileRows(bool) int { return 1 }

// call computes a bunch of tiles.
func (s *strip) call(b *bunch, a, c int) { s.callGeneric(b, a, c) }

// pairs packs as many pairs as assembly can, and returns how many.
func pairs(dst, src []float32) int { return 0 }

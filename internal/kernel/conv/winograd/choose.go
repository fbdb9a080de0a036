package winograd

import "github.com/dsbuild/dsbuild/internal/kernel/conv"

// What transforms cost, in products of the same interpolation point: that of a
// tile as many as the products of a channel with so many others, that of the
// kernel as many as the products of so many tiles. Measured on Zen 5, where
// AVX-512, AVX2 and plain Go differ by less than noise in this.
const (
	tileCost   = 20
	kernelCost = 8
	// fewCost is what the kernel costs where it is transformed as it is multiplied
	// with four tiles: those products and all.
	fewCost = 8
	// gain is by how much fewer products must promise to be faster.
	gain = 0.9
)

// Choose returns the size of tile, 2 or 4, that a batch of a convolution is
// fastest with, or 0 where it is direct. Passes and gradients agree: the cost is
// told by multiplications,
//
//	9 In Out pixels                                            direct
//	points (In Out tiles + 20 (In + Out) tiles + 8 In Out)     in tiles
//
// with channels rounded up to what a product takes at once, or with 8 in place of
// tiles + 8 for each four of few tiles. So tiles of 4 are taken for nearly
// everything that has 32 channels and a batch of 8 tiles, or of 4 where there is
// AVX-512, as an image of 7x7 pixels has. The benchmarks of the room print the layers of
// ResNet-18 and VGG-16 beside direct kernels; where memory does not bound both,
// the formula tells how much faster tiles are within a quarter.
func Choose(g conv.Geometry, batch int) int { return ChooseBeside(g, batch, 1) }

// ChooseBeside is Choose where direct kernels are so many times as fast as those of
// float32: twice, say, with bfloat16.
func ChooseBeside(g conv.Geometry, batch int, speed float64) int {
	if !Fits(g) {
		return 0
	}
	g = g.WithDefaults()
	best, tile := gain*cost(g, batch, 0)/speed, 0
	for _, size := range []int{4, 2} {
		if c := cost(g, batch, size); c < best {
			best, tile = c, size
		}
	}
	return tile
}

// cost returns the cost of a batch with a size of tile, or of direct kernels.
func cost(g conv.Geometry, batch, tile int) float64 {
	if tile == 0 {
		return float64(batch * g.MultiplyAdds())
	}
	s := basisOf(tile)
	p := newPass(newGrid(s, g.Height, g.Width, g.Pad), g.In, g.Out, false)
	tiles := float64(batch * p.tiles())
	in, out := float64(p.depth*lanes), float64(p.panels*panel)
	if n := batch * p.tiles(); p.isFew(n) {
		groups := float64((n + fewTiles - 1) / fewTiles)
		return float64(s.points()) * (fewCost*in*out*groups + tileCost*(in+out)*tiles)
	}
	return float64(s.points()) * (in*out*tiles + tileCost*(in+out)*tiles + kernelCost*in*out)
}

package convtest

import (
	"math/rand/v2"

	"github.com/dsbuild/dsbuild/internal/kernel/conv"
)

// maxDrawn is how many multiplications a drawn convolution has at most.
const maxDrawn = 1 << 18

// Drawn returns n convolutions drawn at random, the same for a seed: what no
// network has, too, such as kernels that see nothing but padding and strides
// that pass over pixels.
func Drawn(n int, seed uint64) []conv.Geometry {
	return draw(n, seed, func(r *rand.Rand, g *conv.Geometry) {
		g.Groups = 1
		if r.IntN(3) == 0 {
			g.Groups += r.IntN(8)
		}
		most := []int{4, 40, 150}[r.IntN(3)] / g.Groups
		g.In, g.Out = g.Groups*(1+r.IntN(1+most)), g.Groups*(1+r.IntN(1+most))
	})
}

// DrawnDepthwise is Drawn with a group for each channel.
func DrawnDepthwise(n int, seed uint64) []conv.Geometry {
	return draw(n, seed, func(r *rand.Rand, g *conv.Geometry) {
		g.In = 1 + r.IntN([]int{40, 450}[r.IntN(2)])
		g.Out, g.Groups = g.In, g.In
	})
}

func draw(n int, seed uint64, channels func(r *rand.Rand, g *conv.Geometry)) []conv.Geometry {
	r := rand.New(rand.NewPCG(seed, 0))
	// often returns 1 + a number below few in most cases, and below many in others.
	often := func(few, many int) int {
		if r.IntN(6) > 0 {
			many = few
		}
		return 1 + r.IntN(many)
	}
	var list []conv.Geometry
	for len(list) < n {
		g := conv.Geometry{Height: often(20, 3), Width: often(40, 500)}
		channels(r, &g)
		for i := range 2 {
			g.Kernel[i], g.Stride[i] = often(4, 11), often(2, 9)
			g.Pad[i], g.Dilation[i] = often(4, 20)-1, often(2, 5)
		}
		if r.IntN(5) == 0 {
			g.Kernel = [2]int{1, 1}
		}
		if r.IntN(5) == 0 {
			g.Pad, g.Stride = [2]int{}, [2]int{1, 1}
		}
		if r.IntN(5) == 0 {
			g.Crop = [2]int{r.IntN(4), r.IntN(4)}
		}
		if g.Check() == nil && g.MultiplyAdds() < maxDrawn {
			list = append(list, g)
		}
	}
	return list
}

package conv

import "slices"

// Forward is the contract of a forward pass.
func Forward(g Geometry, batch int, to, from, weights []float32, e Epilogue) {
	e.Residual = slices.Clone(e.Residual) // which may be to
	clear(to[:batch*g.OutputSize()])
	eachTap(g, batch, func(at, in, weight int) { to[at] += from[in] * weights[weight] }, nil)
	e.apply(to[:batch*g.OutputSize()], g.Out)
}

// InputGradient is the contract of a gradient of the input: from is the
// gradient of the output.
func InputGradient(g Geometry, batch int, to, from, weights []float32, e Epilogue) {
	e.Residual = slices.Clone(e.Residual) // which may be to
	clear(to[:batch*g.InputSize()])
	eachTap(g, batch, func(at, in, weight int) { to[in] += from[at] * weights[weight] }, nil)
	e.apply(to[:batch*g.InputSize()], g.In)
}

// WeightGradient is the contract of a gradient of the weights and, where it is
// not nil, of the bias. That of no images is zero.
func WeightGradient(g Geometry, batch int, weights, bias, input, output []float32) {
	clear(weights[:g.WeightSize()])
	if bias != nil {
		clear(bias[:g.Out])
	}
	eachTap(g, batch, func(at, in, weight int) { weights[weight] += input[in] * output[at] },
		func(at int) {
			if bias != nil {
				bias[at%g.Out] += output[at]
			}
		})
}

// eachTap calls element for each element of the output and tap for each product
// of an element of the input with one of the kernel that goes into it.
func eachTap(g Geometry, batch int, tap func(at, in, weight int), element func(at int)) {
	height, width := g.Output()
	groupIn, groupOut := g.In/g.Groups, g.Out/g.Groups
	for n := range batch {
		for at := n * g.OutputSize(); at < (n+1)*g.OutputSize(); at++ {
			if element != nil {
				element(at)
			}
			out := at % g.Out
			x, y := at/g.Out%width, at/g.Out/width%height
			for k := range g.Kernel[0] * g.Kernel[1] {
				row := y*g.Stride[0] + k/g.Kernel[1]*g.Dilation[0] - g.Pad[0]
				column := x*g.Stride[1] + k%g.Kernel[1]*g.Dilation[1] - g.Pad[1]
				if row < 0 || row >= g.Height || column < 0 || column >= g.Width {
					continue
				}
				in := ((n*g.Height+row)*g.Width+column)*g.In + out/groupOut*groupIn
				for c := range groupIn {
					tap(at, in+c, (k*groupIn+c)*g.Out+out)
				}
			}
		}
	}
}

// apply does the epilogue to whole images of the given channels.
func (e Epilogue) apply(to []float32, channels int) {
	for i := range to {
		if e.Bias != nil {
			to[i] += e.Bias[i%channels]
		}
		if e.Residual != nil {
			to[i] += e.Residual[i]
		}
		if e.ReLU {
			to[i] = max(to[i], 0)
			if e.Ceiling > 0 {
				to[i] = min(to[i], e.Ceiling)
			}
		}
	}
}

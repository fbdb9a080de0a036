//go:build !amd64

package vector

// Other processors leave everything to the generic loops.

func (n *Norm) moments(sum, squares, x []float32) (done int) { return 0 }

func (n *Norm) forward(to, x, residual []float32, past bool) (done int) { return 0 }

func (n *Norm) sums(sum, product, grad, x []float32) (done int) { return 0 }

func (n *Norm) maskedSums(sum, product, masked, grad, x, out []float32) (done int) { return 0 }

func (n *Norm) backward(to, grad, x []float32, isMasked bool) (done int) { return 0 }

func relu(to, x []float32, top float32) (done int) { return 0 }

func reluGradient(to, grad, out []float32, top float32) (done int) { return 0 }

func add(to, a, b []float32) (done int) { return 0 }

func affine(to, x []float32, scale, offset float32) (done int) { return 0 }

func blend(to, x, y []float32, a, b, c float32) (done int) { return 0 }

func addProducts(p *Products) (done int) { return 0 }

func sumSquares(sums *[lanes]float64, x []float32) (done int) { return 0 }

func maximum(highest *[lanes]float32, x []float32) (done int) { return 0 }

func exponentials(sums *[lanes]float32, to, x []float32, shift float32) (done int) { return 0 }

func (m Mask) apply(to, x []float32, first int) (done int) { return 0 }

func (s SGD) update(value, gradient, momentum []float32, mean Average) (done int) { return 0 }

func (a Adam) update(value, gradient, first, second []float32, mean Average) (done int) { return 0 }

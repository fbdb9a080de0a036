package vector

// ReLU writes x held to [0, top] (Krizhevsky, 2010, for a top of 6); a top of 0
// stands for none. What is not a number stays so.
func ReLU(to, x []float32, top float32) {
	to, top = cut(to, len(x)), ceiling(top)
	done := relu(to, x, top)
	to, x = to[done:], x[done:]
	for i, v := range x {
		to[i] = min(max(v, 0), top)
	}
}

// ReLUGradient writes grad where the output out of ReLU lies between 0 and top,
// and 0 elsewhere.
func ReLUGradient(to, grad, out []float32, top float32) {
	to, grad, top = cut(to, len(out)), cut(grad, len(out)), ceiling(top)
	done := reluGradient(to, grad, out, top)
	to, grad, out = to[done:], grad[done:], out[done:]
	for i, v := range out {
		if v > 0 && v < top {
			to[i] = grad[i]
		} else {
			to[i] = 0
		}
	}
}

// Add writes a+b.
func Add(to, a, b []float32) {
	to, b = cut(to, len(a)), cut(b, len(a))
	done := add(to, a, b)
	to, a, b = to[done:], a[done:], b[done:]
	for i, v := range a {
		to[i] = v + b[i]
	}
}

// Affine writes x*scale + offset.
func Affine(to, x []float32, scale, offset float32) {
	to = cut(to, len(x))
	done := affine(to, x, scale, offset)
	to, x = to[done:], x[done:]
	for i, v := range x {
		to[i] = v*scale + offset
	}
}

// Blend writes a*x + b*y + c.
func Blend(to, x, y []float32, a, b, c float32) {
	to, y = cut(to, len(x)), cut(y, len(x))
	done := blend(to, x, y, a, b, c)
	to, x, y = to[done:], x[done:], y[done:]
	for i, v := range x {
		to[i] = a*v + (b*y[i] + c)
	}
}

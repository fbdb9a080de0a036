package pixel

import "math"

// A point is a place in an image, in pixels.
type point struct{ x, y float64 }

// maxCorners bounds the corners of a shape. Each cut adds at most one, and most
// cuts none; corners beyond the bound are left out.
const maxCorners = 32

// A shape is a convex polygon.
type shape struct {
	corners [maxCorners]point
	n       int
}

// rectangle returns an upright rectangle.
func rectangle(x0, y0, x1, y1 float64) shape {
	return shape{corners: [maxCorners]point{{x0, y0}, {x1, y0}, {x1, y1}, {x0, y1}}, n: 4}
}

func (s *shape) points() []point { return s.corners[:s.n] }

// add adds a corner.
func (s *shape) add(p point) {
	if s.n < maxCorners {
		s.corners[s.n] = p
		s.n++
	}
}

// leastDivisor is how near to the horizon shapes are followed.
const leastDivisor = 1e-3

// move moves the shape, as far as it lies before the observer.
func (s *shape) move(m Map) {
	if m.G != 0 || m.H != 0 {
		s.clip(m.G, m.H, m.I-leastDivisor)
	}
	for i, p := range s.points() {
		s.corners[i].x, s.corners[i].y, _ = m.At(p.x, p.y)
	}
}

// cut cuts off what leads out of an image.
func (s *shape) cut(width, height int) {
	s.clip(1, 0, 0)
	s.clip(0, 1, 0)
	s.clip(-1, 0, float64(width))
	s.clip(0, -1, float64(height))
}

// clip cuts off the part of the shape where a*x + b*y + c is negative
// (Sutherland and Hodgman, "Reentrant Polygon Clipping", 1974).
func (s *shape) clip(a, b, c float64) {
	before := *s
	s.n = 0
	for i, p := range before.points() {
		q := before.corners[(i+1)%before.n]
		from, to := a*p.x+b*p.y+c, a*q.x+b*q.y+c
		if from >= 0 {
			s.add(p)
		}
		if (from < 0) != (to < 0) && from != 0 && to != 0 {
			t := from / (from - to)
			s.add(point{p.x + t*(q.x-p.x), p.y + t*(q.y-p.y)})
		}
	}
}

// area returns the shape's area.
func (s *shape) area() float64 {
	sum := 0.0
	for i, p := range s.points() {
		q := s.corners[(i+1)%s.n]
		sum += p.x*q.y - q.x*p.y
	}
	return math.Abs(sum) / 2
}

// around returns the upright rectangle around the shape.
func (s *shape) around() (x0, y0, x1, y1 float64) {
	x0, y0, x1, y1 = math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)
	for _, p := range s.points() {
		x0, y0, x1, y1 = min(x0, p.x), min(y0, p.y), max(x1, p.x), max(y1, p.y)
	}
	return x0, y0, x1, y1
}

// span returns the first pixel of a row of so many whose middle lies in the
// shape at height y, and the one behind the last.
func (s *shape) span(y float64, width int) (from, to int) {
	x0, x1 := math.Inf(1), math.Inf(-1)
	for i, p := range s.points() {
		q := s.corners[(i+1)%s.n]
		if (p.y <= y) == (q.y <= y) {
			continue
		}
		x := p.x + (y-p.y)/(q.y-p.y)*(q.x-p.x)
		x0, x1 = min(x0, x), max(x1, x)
	}
	if x0 > x1 {
		return 0, 0
	}
	const rounding = 1e-9
	from = min(max(int(math.Ceil(x0-0.5-rounding)), 0), width)
	return from, max(min(int(math.Floor(x1-0.5+rounding))+1, width), from)
}

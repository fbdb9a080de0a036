package sketch

import "math"

// A point lies in a subject's square or, after an affine map, in the picture.
type point struct{ x, y float64 }

// An affine maps (x, y) to (xx x + xy y + x0, yx x + yy y + y0).
type affine struct{ xx, xy, x0, yx, yy, y0 float64 }

func (m affine) apply(p point) point {
	return point{m.xx*p.x + m.xy*p.y + m.x0, m.yx*p.x + m.yy*p.y + m.y0}
}

// inverse returns the map back; m must not be singular.
func (m affine) inverse() affine {
	det := m.xx*m.yy - m.xy*m.yx
	return affine{
		xx: m.yy / det, xy: -m.xy / det, x0: (m.xy*m.y0 - m.yy*m.x0) / det,
		yx: -m.yx / det, yy: m.xx / det, y0: (m.yx*m.x0 - m.xx*m.y0) / det,
	}
}

// scale returns by how much the map enlarges lengths, on average.
func (m affine) scale() float64 { return math.Sqrt(math.Abs(m.xx*m.yy - m.xy*m.yx)) }

// A path is a set of polygons; curves are flattened when they are made. What
// it covers is the union of its polygons as long as all turn the same way,
// which the makers below see to.
type path [][]point

// polygon returns the polygon through x, y, x, y, …
func polygon(coordinates ...float64) path { return path{turned(points(coordinates))} }

func points(coordinates []float64) []point {
	out := make([]point, len(coordinates)/2)
	for i := range out {
		out[i] = point{coordinates[2*i], coordinates[2*i+1]}
	}
	return out
}

// ellipse returns an upright ellipse.
func ellipse(cx, cy, rx, ry float64) path {
	const corners = 40
	out := make([]point, corners)
	for i := range out {
		sin, cos := math.Sincos(2 * math.Pi * float64(i) / corners)
		out[i] = point{cx + rx*cos, cy + ry*sin}
	}
	return path{out}
}

// blob returns the closed smooth curve through x, y, x, y, …
func blob(coordinates ...float64) path {
	p := points(coordinates)
	n := len(p)
	var out []point
	for i := range p {
		out = catmullRom(out, p[(i+n-1)%n], p[i], p[(i+1)%n], p[(i+2)%n])
	}
	return path{turned(out)}
}

// curve returns the open smooth curve through x, y, x, y, … as a bare line,
// good for stroke.
func curve(coordinates ...float64) []point {
	p := points(coordinates)
	last := len(p) - 1
	var out []point
	for i := range last {
		out = catmullRom(out, p[max(i-1, 0)], p[i], p[i+1], p[min(i+2, last)])
	}
	return append(out, p[last])
}

// catmullRom appends the piece of a Catmull-Rom spline from b to c, without c.
func catmullRom(out []point, a, b, c, d point) []point {
	const steps = 10
	spline := func(a, b, c, d, t float64) float64 {
		return 0.5 * (2*b + (c-a)*t + (2*a-5*b+4*c-d)*t*t + (3*b-a-3*c+d)*t*t*t)
	}
	for i := range steps {
		t := float64(i) / steps
		out = append(out, point{spline(a.x, b.x, c.x, d.x, t), spline(a.y, b.y, c.y, d.y, t)})
	}
	return out
}

// stroke returns the area within width/2 of a line: a box for each piece and
// a disc on each of its points.
func stroke(line []point, width float64) path {
	var out path
	for i, p := range line {
		out = append(out, ellipse(p.x, p.y, width/2, width/2)...)
		if i == 0 {
			continue
		}
		q := line[i-1]
		length := math.Hypot(p.x-q.x, p.y-q.y)
		if length == 0 {
			continue
		}
		nx, ny := (p.y-q.y)/length*width/2, (q.x-p.x)/length*width/2
		out = append(out, turned([]point{
			{q.x + nx, q.y + ny}, {p.x + nx, p.y + ny}, {p.x - nx, p.y - ny}, {q.x - nx, q.y - ny},
		}))
	}
	return out
}

// edges returns the strokes along the borders of a path.
func (p path) edges(width float64) path {
	var out path
	for _, polygon := range p {
		out = append(out, stroke(append(polygon[:len(polygon):len(polygon)], polygon[0]), width)...)
	}
	return out
}

// apply returns the path mapped by m.
func (p path) apply(m affine) path {
	out := make(path, len(p))
	for i, polygon := range p {
		out[i] = make([]point, len(polygon))
		for j, corner := range polygon {
			out[i][j] = m.apply(corner)
		}
	}
	return out
}

// turned reverses a polygon in place where it turns the other way than
// ellipse does.
func turned(polygon []point) []point {
	area := 0.0
	for i, p := range polygon {
		q := polygon[(i+1)%len(polygon)]
		area += p.x*q.y - q.x*p.y
	}
	if area < 0 {
		for i, j := 0, len(polygon)-1; i < j; i, j = i+1, j-1 {
			polygon[i], polygon[j] = polygon[j], polygon[i]
		}
	}
	return polygon
}

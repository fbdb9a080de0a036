package pixel

import "math"

// Rotate turns an image counter-clockwise by Degrees. What was outside shows
// the colour Fill.
type Rotate struct {
	Degrees       float64
	Interpolation Interpolation
	// Center is the point that stays, in pixels from the upper left corner.
	// nil is the middle of the image.
	Center *[2]float64
	// Expand makes the result as large as the turned image; otherwise the size
	// stays.
	Expand bool
	Fill   [3]uint8
}

// Size implements Step.
func (r *Rotate) Size(width, height int) (int, int) {
	if !r.Expand {
		return width, height
	}
	if turns, ok := r.quarters(); ok && r.Center == nil {
		if turns%2 != 0 {
			return height, width
		}
		return width, height
	}
	// The corners are moved as torchvision moves them: backwards.
	sin, cos := r.sinCos()
	halfX, halfY := float64(width)/2, float64(height)/2
	offX, offY := 0.0, 0.0
	if r.Center != nil {
		x, y := r.Center[0]-halfX, r.Center[1]-halfY
		offX, offY = x-cos*x+sin*y, y-sin*x-cos*y
	}
	// Below 1e-4 are errors of rounding.
	side := func(half, off, reach float64) int {
		const precision = 1e4
		most, least := half+off+reach, half+off-reach
		return int(math.Ceil(math.Trunc(most*precision)/precision) -
			math.Floor(math.Trunc(least*precision)/precision))
	}
	sin, cos = math.Abs(sin), math.Abs(cos)
	return max(side(halfX, offX, cos*halfX+sin*halfY), 1),
		max(side(halfY, offY, sin*halfX+cos*halfY), 1)
}

// Map implements Mover.
func (r *Rotate) Map(width, height int) Map {
	sin, cos := r.sinCos()
	x, y := float64(width)/2, float64(height)/2
	toWidth, toHeight := r.Size(width, height)
	moveX, moveY := float64(toWidth-width)/2, float64(toHeight-height)/2
	if r.Center != nil {
		x, y = r.Center[0], r.Center[1]
	}
	return affine(cos, sin, x+moveX-cos*x-sin*y, -sin, cos, y+moveY+sin*x-cos*y)
}

// quarters returns how many quarters of a turn are made, where these are whole.
func (r *Rotate) quarters() (int, bool) {
	turns := math.Mod(r.Degrees, 360) / 90
	return int(turns), turns == math.Trunc(turns)
}

// sinCos returns the angle's sine and cosine, exact at right angles.
func (r *Rotate) sinCos() (sin, cos float64) {
	if turns, ok := r.quarters(); ok {
		turns = (turns + 4) % 4
		return [4]float64{0, 1, 0, -1}[turns], [4]float64{1, 0, -1, 0}[turns]
	}
	return math.Sincos(r.Degrees * math.Pi / 180)
}

// Apply implements Step.
func (r *Rotate) Apply(m *Image, s *Scratch) *Image {
	if r.Degrees == 0 {
		return m
	}
	width, height := r.Size(m.Width, m.Height)
	return warped(m, width, height, r.Map(m.Width, m.Height), r.Interpolation, r.Fill, s)
}

func (r *Rotate) String() string {
	text := "rotate " + number(r.Degrees) + "°" + about(r.Center)
	if r.Expand {
		text += " expanded"
	}
	return text + r.Interpolation.details(r.Fill)
}

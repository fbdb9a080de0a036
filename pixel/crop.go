package pixel

import (
	"fmt"
	"image"
)

// Crop takes the region of W x H pixels at (X, Y) and scales it to Width x
// Height. A crop that keeps its size copies; one of the whole image resizes. It
// is torchvision's resized_crop with antialias=True; values differ by at most 1
// from Pillow's.
type Crop struct {
	X, Y, W, H, Width, Height int
	Filter                    Filter
}

// Resize returns the crop that scales a whole image of the given size.
func Resize(fromWidth, fromHeight, width, height int) Crop {
	return Crop{W: fromWidth, H: fromHeight, Width: width, Height: height}
}

// Size implements Step.
func (c *Crop) Size(int, int) (int, int) { return c.Width, c.Height }

// Apply implements Step. It panics where the region leads out of the image.
func (c *Crop) Apply(m *Image, s *Scratch) *Image {
	region := image.Rect(c.X, c.Y, c.X+c.W, c.Y+c.H)
	if c.W == c.Width && c.H == c.Height && region == m.Bounds() {
		return m
	}
	defer s.Free(m)
	return c.ApplyPart(Whole(m), s)
}

// Map implements Mover.
func (c *Crop) Map(int, int) Map {
	sx, sy := float64(c.Width)/float64(c.W), float64(c.Height)/float64(c.H)
	return affine(sx, 0, -float64(c.X)*sx, 0, sy, -float64(c.Y)*sy)
}

func (c *Crop) String() string {
	text := fmt.Sprintf("crop %d,%d %dx%d to %dx%d", c.X, c.Y, c.W, c.H, c.Width, c.Height)
	if c.Filter != "" && c.Filter != FilterBilinear {
		text += " " + string(c.Filter)
	}
	return text
}

// Centre returns the crop that takes the largest part in the middle of an
// image that has the aspect ratio of the result.
func Centre(fromWidth, fromHeight, width, height int) Crop {
	c := Crop{W: fromWidth, H: fromHeight, Width: width, Height: height}
	if fromWidth*height > fromHeight*width {
		c.W = max(1, (fromHeight*width+height/2)/height)
	} else {
		c.H = max(1, (fromWidth*height+width/2)/width)
	}
	c.X, c.Y = (fromWidth-c.W)/2, (fromHeight-c.H)/2
	return c
}

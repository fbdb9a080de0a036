// Package codec turns the bytes of image files into pixels.
//
// Bytes flow in, as they were collected; a Header or a pixel.Image flows out.
// The format is sniffed from the content, never believed from a name. Sizes
// are checked in the header before any pixel memory is taken, and the EXIF
// orientation is applied, so widths and heights are those a person sees.
//
//	header, err := codec.Probe(data, codec.Limits{})
//	img, header, err := codec.Decode(data, codec.Limits{})
//
// Who decodes many files keeps a Decoder and a scratch, and asks for no more of
// an image than is needed:
//
//	d := codec.NewDecoder(codec.Limits{})
//	header, err := d.Open(data)
//	part, err := d.Part(region, 224, 224, scratch)
package codec

import (
	"errors"
	"fmt"
	"image"
)

// Errors that callers tell apart.
var (
	// ErrNotImage means that the bytes are of no image format known here.
	ErrNotImage = errors.New("not an image")
	// ErrUnsupported means an image of a kind that cannot be decoded.
	ErrUnsupported = errors.New("unsupported image")
	// ErrTruncated means that the file ends before the image does.
	ErrTruncated = errors.New("truncated image")
	// ErrDamaged means that the image's data contradict the format.
	ErrDamaged = errors.New("damaged image")
)

// A SizeError says that an image is larger than the limit allows.
type SizeError struct {
	Width, Height int
	MaxPixels     int64
}

func (e *SizeError) Error() string {
	return fmt.Sprintf("image of %dx%d pixels is over the limit of %d pixels",
		e.Width, e.Height, e.MaxPixels)
}

// DefaultMaxPixels is the pixel limit where none is given.
const DefaultMaxPixels = 100_000_000

// maxSide is the longest side of an image, that of JPEG: scaling holds as many
// rows as an image has, so a longer one takes memory beyond all its pixels.
const maxSide = 1<<16 - 1

// Limits bound what may be decoded. No side may be longer than 65535 pixels.
type Limits struct {
	// MaxPixels bounds width times height; 0 means DefaultMaxPixels.
	MaxPixels int64
}

func (l Limits) check(width, height int) error {
	limit := l.MaxPixels
	if limit == 0 {
		limit = DefaultMaxPixels
	}
	if width <= 0 || height <= 0 {
		return fmt.Errorf("%w: its header says %dx%d pixels", ErrDamaged, width, height)
	}
	if int64(width) > limit/int64(height) {
		return &SizeError{Width: width, Height: height, MaxPixels: limit}
	}
	if max(width, height) > maxSide {
		return fmt.Errorf("%w: it has %dx%d pixels, but no side may be longer than %d",
			ErrUnsupported, width, height, maxSide)
	}
	return nil
}

// A Header is what a file says of its image before any pixel is decoded.
type Header struct {
	Format string // jpeg, png, gif, webp, bmp or tiff
	// Width and Height in pixels as shown: with Orientation applied.
	Width, Height int
	// Channels is 1 for gray images and 3 for all others.
	Channels int
	// Orientation is EXIF's, from 1 (as stored) to 8.
	Orientation int
}

// bounds returns the image's rectangle.
func (h Header) bounds() image.Rectangle { return image.Rect(0, 0, h.Width, h.Height) }

// Extension returns the file name ending of a format, with its dot.
func Extension(format string) string {
	switch format {
	case "jpeg":
		return ".jpg"
	case "tiff":
		return ".tif"
	default:
		return "." + format
	}
}

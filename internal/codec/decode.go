package codec

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/draw"
	"image/gif"
	"image/jpeg"
	"image/png"
	"strings"
	"sync"

	"golang.org/x/image/bmp"
	"golang.org/x/image/tiff"
	"golang.org/x/image/webp"

	"github.com/dsbuild/dsbuild/pixel"
)

// Decode returns the pixels of an image file as a person sees them, with the
// channels its header tells. A file that is cut short, or lacks the data of
// some of its pixels, is always an error; other damage may show in the pixels.
// The caller owns the image.
func Decode(data []byte, limits Limits) (*pixel.Image, Header, error) {
	return decode(data, limits, false)
}

// DecodeStrict is Decode, but takes any damage for an error.
func DecodeStrict(data []byte, limits Limits) (*pixel.Image, Header, error) {
	return decode(data, limits, true)
}

// decoders are those of callers that keep none.
var decoders = sync.Pool{New: func() any { return new(Decoder) }}

// mostKept is how many pixels the images have whose decoders are kept. One for
// a larger image may hold several bytes a pixel.
const mostKept = 1 << 22

// giveBack keeps a decoder for the next caller.
func (d *Decoder) giveBack() {
	if d.header.Width*d.header.Height > mostKept {
		return
	}
	d.data = nil
	decoders.Put(d)
}

func decode(data []byte, limits Limits, strict bool) (*pixel.Image, Header, error) {
	d := decoders.Get().(*Decoder)
	defer d.giveBack()
	d.limits, d.Strict = limits, strict
	header, err := d.Open(data)
	if err != nil {
		return nil, Header{}, err
	}
	m, err := d.Whole(nil)
	if err != nil {
		return nil, Header{}, err
	}
	return m, header, nil
}

// fromLibrary decodes with the libraries for the formats, and for the kinds of
// JPEG files, that have no decoder here.
func (d *Decoder) fromLibrary(s *pixel.Scratch) (*pixel.Image, error) {
	format := d.header.Format
	std, err := d.standard()
	if err != nil {
		if err = classify(err); errors.Is(err, ErrDamaged) && !hasEnd(format, d.data) {
			err = fmt.Errorf("%w: %w", ErrTruncated, err)
		}
		return nil, fmt.Errorf("%s: %w", format, err)
	}
	m := pixel.FromImage(std).WithChannels(d.header.Channels)
	m = d.finish(m, d.header.Orientation, s)
	if m.Width != d.header.Width || m.Height != d.header.Height {
		return nil, fmt.Errorf("%s: %w: its header says %dx%d pixels, its data %dx%d",
			format, ErrDamaged, d.header.Width, d.header.Height, m.Width, m.Height)
	}
	return m, nil
}

// standard returns the image in the file as the format's library gives it.
func (d *Decoder) standard() (image.Image, error) {
	switch d.header.Format {
	case "jpeg":
		if !endsJPEG(d.data) {
			return nil, ErrTruncated
		}
		return jpeg.Decode(bytes.NewReader(d.data))
	case "png":
		return png.Decode(bytes.NewReader(d.data))
	case "gif":
		return decodeGIF(d.data, d.header)
	case "webp":
		return webp.Decode(bytes.NewReader(d.data))
	case "bmp":
		return bmp.Decode(bytes.NewReader(d.data))
	default:
		return tiff.Decode(bytes.NewReader(d.data))
	}
}

// decodeGIF returns the first frame on the whole canvas.
func decodeGIF(data []byte, header Header) (image.Image, error) {
	frame, err := gif.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	canvas := image.Rect(0, 0, header.Width, header.Height)
	if frame.Bounds() == canvas {
		return frame, nil
	}
	whole := image.NewNRGBA(canvas)
	draw.Draw(whole, canvas, frame, image.Point{}, draw.Src)
	return whole, nil
}

// hasEnd tells whether the mark that ends an image of the format is there,
// which a file cut short lacks. Formats without such a mark have it always.
func hasEnd(format string, data []byte) bool {
	switch format {
	case "jpeg":
		return endsJPEG(data)
	case "png":
		return bytes.Contains(data, []byte("IEND"))
	}
	return true
}

// isUnsupported tells the errors of the decoding libraries that mean a kind
// of image they do not know from those that mean damage.
func isUnsupported(err error) bool {
	if _, ok := errors.AsType[jpeg.UnsupportedError](err); ok {
		return true
	}
	if _, ok := errors.AsType[png.UnsupportedError](err); ok {
		return true
	}
	if _, ok := errors.AsType[tiff.UnsupportedError](err); ok {
		return true
	}
	return errors.Is(err, bmp.ErrUnsupported) || strings.Contains(err.Error(), "unsupported") ||
		strings.Contains(err.Error(), "not implemented")
}

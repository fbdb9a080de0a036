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

	"github.com/gen2brain/jpegn"
	"golang.org/x/image/bmp"
	"golang.org/x/image/tiff"
	"golang.org/x/image/webp"

	"github.com/dsbuild/dsbuild/pixel"
)

// Decode returns the pixels of an image file as a person sees them, with the
// channels its header tells. It takes the fastest decoder for the format and
// is as strict as that one: a file that is cut short is always an error,
// other damage may show in the pixels. The caller owns the image.
func Decode(data []byte, limits Limits) (*pixel.Image, Header, error) {
	return decode(data, limits, decodeJPEG)
}

// DecodeStrict is Decode with a decoder that takes any damage for an error.
func DecodeStrict(data []byte, limits Limits) (*pixel.Image, Header, error) {
	return decode(data, limits, decodeJPEGStrict)
}

func decode(data []byte, limits Limits, jpegDecoder func([]byte) (image.Image, error)) (
	m *pixel.Image, header Header, err error) {
	header, err = Probe(data, limits)
	if err != nil {
		return nil, Header{}, err
	}
	defer func() {
		// A decoder that trips over hostile input must not end the program.
		if r := recover(); r != nil {
			m, err = nil, fmt.Errorf("%s: %w: %v", header.Format, ErrDamaged, r)
		}
	}()
	var std image.Image
	switch header.Format {
	case "jpeg":
		std, err = jpegDecoder(data)
	case "png":
		std, err = png.Decode(bytes.NewReader(data))
	case "gif":
		std, err = decodeGIF(data, header)
	case "webp":
		std, err = webp.Decode(bytes.NewReader(data))
	case "bmp":
		std, err = bmp.Decode(bytes.NewReader(data))
	case "tiff":
		std, err = tiff.Decode(bytes.NewReader(data))
	}
	if err != nil {
		if err = classify(err); errors.Is(err, ErrDamaged) && !hasEnd(header.Format, data) {
			err = fmt.Errorf("%w: %w", ErrTruncated, err)
		}
		return nil, Header{}, fmt.Errorf("%s: %w", header.Format, err)
	}
	m = pixel.FromImage(std)
	m = m.WithChannels(header.Channels)
	m = m.Orient(header.Orientation)
	if m.Width != header.Width || m.Height != header.Height {
		return nil, Header{}, fmt.Errorf("%s: %w: its header says %dx%d pixels, its data %dx%d",
			header.Format, ErrDamaged, header.Width, header.Height, m.Width, m.Height)
	}
	return m, header, nil
}

// decodeJPEG takes the SIMD decoder, and the standard library's for the rare
// kinds that it does not know.
func decodeJPEG(data []byte) (image.Image, error) {
	if !endsJPEG(data) {
		return nil, ErrTruncated
	}
	img, err := jpegn.Decode(bytes.NewReader(data), &jpegn.Options{ToRGBA: true})
	if err != nil {
		return decodeJPEGStrict(data)
	}
	return img, nil
}

// decodeJPEGStrict takes the standard library's decoder, which accepts no
// damage.
func decodeJPEGStrict(data []byte) (image.Image, error) {
	return jpeg.Decode(bytes.NewReader(data))
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

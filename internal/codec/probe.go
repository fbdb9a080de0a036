package codec

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/gif"
	"io"

	"golang.org/x/image/bmp"
	"golang.org/x/image/tiff"
	"golang.org/x/image/webp"
)

// Sniff returns the format that the first bytes of a file show, or "". Twelve
// bytes are enough.
func Sniff(data []byte) string {
	has := func(prefix string) bool { return bytes.HasPrefix(data, []byte(prefix)) }
	switch {
	case has("\xff\xd8\xff"):
		return "jpeg"
	case has("\x89PNG\r\n\x1a\n"):
		return "png"
	case has("GIF87a"), has("GIF89a"):
		return "gif"
	case has("RIFF") && len(data) >= 12 && string(data[8:12]) == "WEBP":
		return "webp"
	case has("BM"):
		return "bmp"
	case has("II*\x00"), has("MM\x00*"):
		return "tiff"
	}
	return ""
}

// unread names the format of images that phones and web sites have and that
// are not read here, or returns "". HEIF and AVIF tell by the brand in their
// first box (ISO/IEC 14496-12, section 4.3).
func unread(data []byte) string {
	if len(data) >= 12 && string(data[4:8]) == "ftyp" {
		switch string(data[8:12]) {
		case "heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1":
			return "HEIC"
		case "avif", "avis":
			return "AVIF"
		}
	}
	switch {
	case bytes.HasPrefix(data, []byte("\x00\x00\x00\x0cJXL \r\n\x87\n")):
		return "JPEG XL"
	case bytes.HasPrefix(data, []byte("\x00\x00\x00\x0cjP  \r\n\x87\n")):
		return "JPEG 2000"
	}
	return ""
}

// Probe reads the header of an image file. It allocates nothing that depends
// on the image's size. Errors wrap ErrNotImage, ErrUnsupported, ErrTruncated
// or ErrDamaged, or are a *SizeError.
func Probe(data []byte, limits Limits) (Header, error) {
	d := decoders.Get().(*Decoder)
	defer d.giveBack()
	d.limits = limits
	return d.Open(data)
}

// probe reads the header of a file with the sides as stored.
func (d *Decoder) probe(data []byte) (Header, error) {
	header := Header{Format: Sniff(data), Orientation: 1, Channels: 3}
	var err error
	switch header.Format {
	case "":
		if name := unread(data); name != "" {
			return Header{}, fmt.Errorf("%w: %s files are not read here: convert them to JPEG or PNG",
				ErrUnsupported, name)
		}
		return Header{}, ErrNotImage
	case "jpeg":
		return d.probeJPEG(data)
	case "png":
		err = probePNG(data, &header)
	default:
		err = probeConfig(data, &header)
	}
	if err != nil {
		return Header{}, fmt.Errorf("%s: %w", header.Format, err)
	}
	return header, nil
}

// probeConfig asks the decoding library of the remaining formats.
func probeConfig(data []byte, header *Header) error {
	decode := map[string]func(io.Reader) (image.Config, error){
		"gif": gif.DecodeConfig, "webp": webp.DecodeConfig,
		"bmp": bmp.DecodeConfig, "tiff": tiff.DecodeConfig,
	}[header.Format]
	config, err := decode(bytes.NewReader(data))
	if err != nil {
		if header.Format == "bmp" { // two letters prove nothing
			return fmt.Errorf("%w: %w", ErrNotImage, err)
		}
		return classify(err)
	}
	header.Width, header.Height = config.Width, config.Height
	if config.ColorModel == color.GrayModel || config.ColorModel == color.Gray16Model {
		header.Channels = 1
	}
	return nil
}

// probePNG reads the IHDR chunk, which must come first (PNG 3rd edition,
// section 11.2.1).
func probePNG(data []byte, header *Header) error {
	const (
		widthAt, heightAt, colourAt = 16, 20, 25
		gray, grayAlpha             = 0, 4
	)
	if len(data) < colourAt+1 {
		return ErrTruncated
	}
	if string(data[12:16]) != "IHDR" {
		return fmt.Errorf("%w: it does not start with IHDR", ErrDamaged)
	}
	width := binary.BigEndian.Uint32(data[widthAt:])
	height := binary.BigEndian.Uint32(data[heightAt:])
	if width > 1<<31-1 || height > 1<<31-1 {
		return fmt.Errorf("%w: sizes over 2^31-1", ErrDamaged)
	}
	header.Width, header.Height = int(width), int(height)
	if c := data[colourAt]; c == gray || c == grayAlpha {
		header.Channels = 1
	}
	return nil
}

// classify maps a decoding library's error to one of this package's.
func classify(err error) error {
	var size *SizeError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &size), errors.Is(err, ErrTruncated), errors.Is(err, ErrDamaged),
		errors.Is(err, ErrUnsupported), errors.Is(err, ErrNotImage):
		return err
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return fmt.Errorf("%w: %w", ErrTruncated, err)
	case isUnsupported(err):
		return fmt.Errorf("%w: %w", ErrUnsupported, err)
	}
	return fmt.Errorf("%w: %w", ErrDamaged, err)
}

// Package jpeg decodes JPEG files the way training needs them: a region at a
// scale, and nothing that has no part in it.
//
// The bytes of a file flow in, rows of RGB or gray samples flow out. A Decoder
// reads the headers, then decodes as often as it is asked, each time only the
// coefficients that the region and the scale need. It knows baseline, extended
// sequential and progressive files with Huffman coding and 8 bits a sample, of
// one or three components with any sampling factors that divide each other.
// All pixels equal those of libjpeg-turbo with its default settings.
//
// What lies before the region is read only as far as it takes to find its
// beginning, what lies behind it not at all. Restart markers let whole
// stretches be jumped over, and the restart index that package transcode writes
// makes the cost of a region follow its area.
//
//	var d jpeg.Decoder
//	header, err := d.Open(data)
//	bounds := d.Bounds(region, 2) // in pixels of the image at half the size
//	pix := make([]uint8, bounds.Dx()*bounds.Dy()*header.Components)
//	report, err := d.Decode(pix, bounds.Dx()*header.Components, region, 2, jpeg.Options{})
//
// Names of tables and sections are those of ITU-T T.81.
package jpeg

import (
	"errors"
	"fmt"
	"image"

	"github.com/dsbuild/dsbuild/internal/codec/jpeg/entropy"
)

// Errors that callers tell apart.
var (
	// ErrUnsupported means a kind of JPEG file that this package leaves to
	// others: four components, arithmetic coding, 12 bits, lossless.
	ErrUnsupported = errors.New("unsupported kind of jpeg")
	// ErrTruncated means that the file ends before the image does.
	ErrTruncated = errors.New("truncated jpeg")
	// ErrDamaged means that the data contradict the format.
	ErrDamaged = errors.New("damaged jpeg")
)

// A Header is what a file says of its image before the first scan.
type Header struct {
	// Width and Height in pixels as stored, before Orientation.
	Width, Height int
	// Components is 1 for gray images and 3 for all others, which become RGB.
	Components int
	// Orientation is EXIF's, from 1 (as stored) to 8.
	Orientation int
	Progressive bool
	// Sampling holds the horizontal and vertical factors of each component:
	// {2, 2}, {1, 1}, {1, 1} is 4:2:0.
	Sampling [3][2]int
}

// Options say how to decode.
type Options struct {
	// Strict takes any damage in what has to be read for an error. Otherwise
	// damage is reported and the rest is decoded: what is missing is gray.
	Strict bool
}

// A Report says what was wrong with a file that was decoded all the same.
type Report struct {
	// Damage is the first damage met, nil where there is none.
	Damage error
	// Missing counts the blocks of 8x8 samples of the region whose data were
	// not there, Blocks all of them. Of progressive files it counts the scans'
	// blocks, so that each block is counted once for every scan.
	Missing, Blocks int
}

// A Decoder decodes one file after the other. The zero value is ready. It
// keeps its memory, so that decoding files no larger than those before
// allocates nothing. It is not for several goroutines at once.
type Decoder struct {
	header Header
	data   []byte
	scans  int // where in data the header of the first scan begins, at its marker
	colour colourModel

	components [3]component
	hMax, vMax int

	first  tables // as they are before the first scan
	tables tables // as they are now
	cache  entropy.Cache

	strict bool
	report Report

	bits      entropy.Reader
	scan      scan
	intervals intervals
	index     index

	output output
	layout layout
}

// Bounds returns the rectangle that Decode writes for a region: in pixels of
// the image at the scale, grown outward where the region lies between them.
// Decode must have a valid region and a scale of 1, 2, 4 or 8.
func (d *Decoder) Bounds(region image.Rectangle, scale int) image.Rectangle {
	region = region.Intersect(image.Rect(0, 0, d.header.Width, d.header.Height))
	return image.Rect(region.Min.X/scale, region.Min.Y/scale,
		ceilDiv(region.Max.X, scale), ceilDiv(region.Max.Y, scale))
}

// Decode writes the pixels of Bounds(region, scale) of the file that was
// opened, three bytes each (one where it has one component), row after row at
// a distance of stride bytes. They are the same, bit for bit, for every region
// that holds them. The region is in whole pixels as stored.
//
// The file's width and height bound the memory that this takes: at most 2
// bytes for each sample of a file of several scans, otherwise a few rows.
// Errors wrap ErrUnsupported, ErrTruncated or ErrDamaged.
func (d *Decoder) Decode(dst []uint8, stride int, region image.Rectangle, scale int,
	options Options) (Report, error) {
	if d.header.Width == 0 {
		return Report{}, errors.New("jpeg: Decode before Open")
	}
	if scale != 1 && scale != 2 && scale != 4 && scale != 8 {
		return Report{}, fmt.Errorf("jpeg: a scale of %d: it must be 1, 2, 4 or 8", scale)
	}
	bounds := d.Bounds(region, scale)
	if bounds.Empty() {
		return Report{}, fmt.Errorf("jpeg: the region %v holds no pixel of an image of %dx%d",
			region, d.header.Width, d.header.Height)
	}
	row := bounds.Dx() * d.header.Components
	if stride < row || len(dst) < (bounds.Dy()-1)*stride+row {
		return Report{}, fmt.Errorf("jpeg: %d bytes with rows of %d do not hold %v pixels",
			len(dst), stride, bounds.Size())
	}
	d.strict, d.report = options.Strict, Report{}
	d.layOut(bounds, scale, false)
	d.output.start(dst, stride, bounds)
	d.output.begin(d)
	err := d.decode()
	if err != nil {
		d.forget()
		return d.report, fmt.Errorf("jpeg: %w", err)
	}
	return d.report, nil
}

// hurt notes damage, which in strict mode ends the decoding.
func (d *Decoder) hurt(err error) error {
	if d.report.Damage == nil {
		d.report.Damage = err
	}
	if d.strict {
		return err
	}
	return nil
}

func ceilDiv(a, b int) int { return (a + b - 1) / b }

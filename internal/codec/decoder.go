package codec

import (
	"cmp"
	"errors"
	"fmt"
	"image"
	"runtime/debug"
	"unsafe"

	"github.com/dsbuild/dsbuild/internal/codec/jpeg"
	"github.com/dsbuild/dsbuild/internal/kernel/dct"
	"github.com/dsbuild/dsbuild/pixel"
)

// A Decoder decodes one image file after the other: whole, or of JPEG files
// just the part that is wanted at the scale that is needed. It keeps its
// memory, so that JPEG files after the first ones take none, given a scratch.
// It is not for several goroutines at once. Make one with NewDecoder.
type Decoder struct {
	// Channels of the images: 1, 3, or 0 for as many as each file has.
	Channels int
	// Strict takes any damage for an error, as DecodeStrict does.
	Strict bool

	limits Limits
	header Header
	data   []byte

	jpeg   jpeg.Decoder
	stored jpeg.Header
	direct bool // the file is for the jpeg decoder
}

// NewDecoder returns a decoder of images within the limits.
func NewDecoder(limits Limits) *Decoder { return &Decoder{limits: limits} }

// Open reads the header of a file. The data must stay as they are while the
// decoder works on them; where they are of a file mapped into memory that is cut
// short meanwhile, that is an error. Errors are those of Probe.
func (d *Decoder) Open(data []byte) (header Header, err error) {
	defer d.contain(debug.SetPanicOnFault(true), &err)
	d.data, d.header, d.direct = data, Header{}, false
	if header, err = d.probe(data); err == nil {
		err = d.limits.check(header.Width, header.Height)
	}
	if err != nil {
		d.data = nil
		return Header{}, err
	}
	if pixel.SwapsSides(header.Orientation) {
		header.Width, header.Height = header.Height, header.Width
	}
	d.header = header
	return header, nil
}

// contain makes an error of a panic: a decoder that trips over hostile input must
// not end the program, nor must data mapped from a file that is cut short. It
// also puts back whether faults of memory panic.
func (d *Decoder) contain(panicOnFault bool, err *error) {
	debug.SetPanicOnFault(panicOnFault)
	r := recover()
	if r == nil {
		return
	}
	format, data := cmp.Or(d.header.Format, "image"), d.data
	d.jpeg, d.data, d.header = jpeg.Decoder{}, nil, Header{}
	*err = fmt.Errorf("%s: %w: %v", format, ErrDamaged, r)
	if fault, ok := r.(interface{ Addr() uintptr }); ok {
		start := uintptr(unsafe.Pointer(unsafe.SliceData(data)))
		if fault.Addr()-start >= uintptr(len(data)) {
			panic(r) // a fault of this program
		}
		*err = fmt.Errorf("%s: %w: the file was cut short while it was read", format, ErrTruncated)
	}
}

var errNotOpen = errors.New("codec: no file has been opened")

// Whole returns the image of the file that was opened as a person sees it. Its
// memory comes from s, which may be nil, and is the caller's. What is an error
// is told at Decode.
func (d *Decoder) Whole(s *pixel.Scratch) (m *pixel.Image, err error) {
	defer d.contain(debug.SetPanicOnFault(true), &err)
	if d.data == nil {
		return nil, errNotOpen
	}
	if !d.direct {
		return d.fromLibrary(s)
	}
	part, err := d.decodeJPEG(d.header.bounds(), 1, s)
	return part.Image, err
}

// Part returns at least the region of the image of the file that was opened,
// in pixels as a person sees them. Of a JPEG file it is decoded at the smallest
// of the scales 1/8, 1/4, 1/2 and 1 at which the region still has width x
// height pixels; other files are decoded whole. Memory and errors are those of
// Whole, but that damage elsewhere in the file may go unseen.
func (d *Decoder) Part(region image.Rectangle, width, height int, s *pixel.Scratch) (
	part pixel.Part, err error) {
	defer d.contain(debug.SetPanicOnFault(true), &err)
	if d.data == nil {
		return pixel.Part{}, errNotOpen
	}
	region = region.Intersect(d.header.bounds())
	if region.Empty() {
		return pixel.Part{}, fmt.Errorf("codec: the region holds nothing of an image of %dx%d pixels",
			d.header.Width, d.header.Height)
	}
	if !d.direct {
		m, err := d.fromLibrary(s)
		return pixel.Part{Image: m, ScaleX: 1, ScaleY: 1}, err
	}
	scale := 8
	for scale > 1 && (region.Dx() < width*scale || region.Dy() < height*scale) {
		scale /= 2
	}
	return d.decodeJPEG(region, scale, s)
}

// decodeJPEG returns the region, as a person sees it, at a scale.
func (d *Decoder) decodeJPEG(region image.Rectangle, scale int, s *pixel.Scratch) (
	pixel.Part, error) {
	if !endsJPEG(d.data) {
		return pixel.Part{}, fmt.Errorf("jpeg: %w", ErrTruncated)
	}
	o, w, h := d.header.Orientation, d.stored.Width, d.stored.Height
	stored := toStored(region, o, w, h)
	// Pixels in pairs, as those of halved chroma are made.
	pair := 2 * scale
	stored.Min.X = stored.Min.X / pair * pair
	stored.Max.X = min((stored.Max.X+pair-1)/pair*pair, w)
	bounds := d.jpeg.Bounds(stored, scale)
	m := s.New(bounds.Dx(), bounds.Dy(), d.stored.Components)
	options := jpeg.Options{Strict: d.Strict}
	report, err := d.jpeg.Decode(m.Pix, m.Width*m.Channels, stored, scale, options)
	if err == nil && report.Missing > 0 {
		err = report.Damage
	}
	if err != nil {
		s.Free(m)
		return pixel.Part{}, fromJPEG(err)
	}
	bounds.Min, bounds.Max = bounds.Min.Mul(scale), bounds.Max.Mul(scale)
	shown := toShown(bounds, o, w, h)
	return pixel.Part{
		Image: d.finish(m, o, s),
		X:     float64(shown.Min.X), Y: float64(shown.Min.Y),
		ScaleX: float64(scale), ScaleY: float64(scale),
	}, nil
}

// finish gives an image its channels and turns it upright.
func (d *Decoder) finish(m *pixel.Image, orientation int, s *pixel.Scratch) *pixel.Image {
	m = m.Orient(orientation, s)
	switch {
	case d.Channels == 3 && m.Channels == 1:
		out := s.New(m.Width, m.Height, 3)
		dct.GrayToRGB(out.Pix, m.Pix)
		s.Free(m)
		return out
	case d.Channels == 1 && m.Channels == 3:
		return m.Gray()
	}
	return m
}

// toStored maps a rectangle of an image as a person sees it to where it is in
// the file, where the image is w x h pixels.
func toStored(r image.Rectangle, orientation, w, h int) image.Rectangle {
	if pixel.SwapsSides(orientation) {
		r = image.Rect(r.Min.Y, r.Min.X, r.Max.Y, r.Max.X)
	}
	return mirror(r, orientation, w, h)
}

// toShown is the inverse of toStored.
func toShown(r image.Rectangle, orientation, w, h int) image.Rectangle {
	r = mirror(r, orientation, w, h)
	if pixel.SwapsSides(orientation) {
		r = image.Rect(r.Min.Y, r.Min.X, r.Max.Y, r.Max.X)
	}
	return r
}

// mirror maps a rectangle in the sense of the file's rows and columns.
func mirror(r image.Rectangle, orientation, w, h int) image.Rectangle {
	switch orientation {
	case 2, 3, 7, 8:
		r.Min.X, r.Max.X = w-r.Max.X, w-r.Min.X
	}
	switch orientation {
	case 3, 4, 6, 7:
		r.Min.Y, r.Max.Y = h-r.Max.Y, h-r.Min.Y
	}
	return r
}

package transcode

import (
	"errors"
	"fmt"

	"github.com/dsbuild/dsbuild/internal/codec/jpeg"
)

// A Form is how a file lays out its coefficients.
type Form int

// The forms.
const (
	// Marked is one baseline scan.
	Marked Form = iota
	// Banded is a progressive scan of the DC coefficients, then one of each
	// component's AC coefficients.
	Banded
)

// Options say how files are written. Zero values stand for the defaults named.
type Options struct {
	// Form; default Marked.
	Form Form
	// MCUs between two restart markers, at most: as many as split the rows of
	// MCUs evenly. In scans of one component they are blocks. Default: as many
	// as measurements found best.
	Interval int
	// Tables that files share: they are taken for small Marked files that are
	// not much larger with them than with their own. Default: each file has its
	// own.
	Tables *Tables
}

// LargePixels is from how many pixels on images never share Tables: it takes
// little of the time of such images to make their own ready.
const LargePixels = 1 << 20

// A Transcoder writes one file after the other. The zero value is ready. It
// keeps its memory, and is not for several goroutines at once.
type Transcoder struct {
	decoder jpeg.Decoder
	writer  writer
}

// Transcode appends to dst a file with the coefficients of the JPEG file in
// data. What it wrote is read and compared before it returns. The memory taken
// is about 8 bytes for each coefficient. On errors dst is left as it was.
//
// Errors wrap jpeg.ErrUnsupported where the file is of a kind that is not
// written here (four components, 12 bits, arithmetic coding, 16-bit divisors,
// coefficients beyond those of 8-bit images, progressive without all bits), and
// jpeg.ErrTruncated or jpeg.ErrDamaged where it has a fault of any kind.
func (t *Transcoder) Transcode(dst, data []byte, o Options) ([]byte, error) {
	f, err := t.read(data)
	if err != nil {
		return nil, err
	}
	out, err := t.writer.file(dst, f, o)
	if err != nil {
		return nil, fmt.Errorf("transcode: %w", err)
	}
	g, err := t.read(out[len(dst):])
	if err != nil {
		return nil, fmt.Errorf("transcode: what was written cannot be read: %w", err)
	}
	if !f.same(g) {
		return nil, errors.New("transcode: what was written has other coefficients")
	}
	return out, nil
}

// read returns the frame of a file that is complete.
func (t *Transcoder) read(data []byte) (*frame, error) {
	c, err := t.coefficients(data)
	if err != nil {
		return nil, err
	}
	if !isComplete(data, c) {
		return nil, fmt.Errorf("transcode: %w: its scans leave bits of coefficients out",
			jpeg.ErrUnsupported)
	}
	f, err := newFrame(c)
	if err != nil {
		return nil, fmt.Errorf("transcode: %w", err)
	}
	return f, nil
}

func (t *Transcoder) coefficients(data []byte) (*jpeg.Coefficients, error) {
	if _, err := t.decoder.Open(data); err != nil {
		return nil, err
	}
	return t.decoder.Coefficients()
}

package pack

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"image/jpeg"
	"image/png"
	"math"
	"os"

	"golang.org/x/sync/semaphore"

	"github.com/dsbuild/dsbuild/dataset"
	"github.com/dsbuild/dsbuild/internal/codec"
	"github.com/dsbuild/dsbuild/internal/codec/jpeg/transcode"
	"github.com/dsbuild/dsbuild/internal/pack"
	"github.com/dsbuild/dsbuild/pixel"
)

// maxFileBytes bounds the files that are read.
const maxFileBytes = 1 << 30

// mostKept is how many pixels the images have after which an encoder keeps its
// memory for the next: otherwise every worker might keep that of a large one.
const mostKept = 1 << 22

// A packed sample is what a pack holds of it: the bytes, and the entry but for
// its place.
type packed struct {
	entry pack.Entry
	data  []byte
}

// An encoder makes images of samples, one after the other.
type encoder struct {
	dir        dataset.Dir
	options    Options
	room       *semaphore.Weighted // in pixels, for all encoders
	tables     *transcode.Tables
	transcoder transcode.Transcoder
	counted    transcode.Tally
}

// encode returns what the pack is to hold of a sample.
func (e *encoder) encode(ctx context.Context, s dataset.Sample) (m packed, err error) {
	err = e.prepared(ctx, s, func(image packed) {
		m = image
		if m.entry.Format == "jpeg" {
			e.mark(&m)
		}
		sum := sha256.Sum256(m.data)
		m.entry.SHA256, m.entry.Bytes = hex.EncodeToString(sum[:]), int64(len(m.data))
	})
	return m, err
}

// prepared reads a sample's file and shows its image to work, reduced where that
// is due but not marked yet. It waits until there is room for the pixels.
func (e *encoder) prepared(ctx context.Context, s dataset.Sample, work func(packed)) error {
	data, header, err := e.read(s)
	if err != nil {
		return err
	}
	pixels := min(int64(header.Width)*int64(header.Height), pixelsInFlight)
	if err := e.room.Acquire(ctx, pixels); err != nil {
		return err
	}
	defer e.room.Release(pixels)
	m := packed{data: data, entry: pack.Entry{
		FileName: s.FileName, Kind: pack.Plain, Format: header.Format,
		Width: header.Width, Height: header.Height, SourceBytes: int64(len(data)),
	}}
	if e.options.Longest > 0 && max(header.Width, header.Height) > e.options.Longest {
		if err := e.reduce(&m); err != nil {
			return fmt.Errorf("%s: %w", s.FileName, err)
		}
	}
	work(m)
	if pixels > mostKept {
		e.transcoder = transcode.Transcoder{}
	}
	return nil
}

// mark gives a JPEG file restart intervals. One that cannot be transcoded, as
// it is damaged or of a rare kind, stays as it is.
func (e *encoder) mark(m *packed) {
	o := transcode.Options{Tables: e.tables}
	pixels := int64(m.entry.Width) * int64(m.entry.Height)
	if e.options.BandedPixels > 0 && pixels >= e.options.BandedPixels {
		o.Form = transcode.Banded
	}
	marked, err := e.transcoder.Transcode(nil, m.data, o)
	if err != nil {
		return
	}
	m.data = marked
	switch {
	case m.entry.Kind == pack.Reduced:
	case o.Form == transcode.Banded:
		m.entry.Kind = pack.Banded
	default:
		m.entry.Kind = pack.Marked
	}
}

// reduce scales an image down to the longest side allowed. An image of a
// lossless format becomes PNG, others become JPEG. A damaged one stays as it is.
func (e *encoder) reduce(m *packed) error {
	limits := codec.Limits{MaxPixels: e.options.MaxPixels}
	whole, header, err := codec.DecodeStrict(m.data, limits)
	if err != nil {
		return nil
	}
	scale := float64(e.options.Longest) / float64(max(whole.Width, whole.Height))
	width := max(1, int(math.Round(scale*float64(whole.Width))))
	height := max(1, int(math.Round(scale*float64(whole.Height))))
	resize := pixel.Resize(whole.Width, whole.Height, width, height)
	small := resize.Apply(whole, nil).Std()
	var b bytes.Buffer
	m.entry.Kind, m.entry.Width, m.entry.Height = pack.Reduced, width, height
	if header.Format == "jpeg" || header.Format == "webp" {
		m.entry.Format = "jpeg"
		err = jpeg.Encode(&b, small, &jpeg.Options{Quality: e.options.Quality})
	} else {
		m.entry.Format = "png"
		err = png.Encode(&b, small)
	}
	if err != nil {
		return err
	}
	m.data = b.Bytes()
	return nil
}

// read returns the bytes of a sample's file, which must be those of the
// manifest, and their header, which is zero where they are no image that can be
// read.
func (e *encoder) read(s dataset.Sample) ([]byte, codec.Header, error) {
	path := e.dir.Path(s.FileName)
	info, err := os.Stat(path)
	if err != nil {
		return nil, codec.Header{}, err
	}
	if !info.Mode().IsRegular() || info.Size() > maxFileBytes {
		return nil, codec.Header{}, fmt.Errorf("%s is not a regular file of at most 1 GiB", path)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, codec.Header{}, err
	}
	if sum := sha256.Sum256(data); s.SHA256 != "" && s.SHA256 != hex.EncodeToString(sum[:]) {
		return nil, codec.Header{}, fmt.Errorf("%s is not the file that the manifest describes: its "+
			"bytes have changed (restore the file, or import it again and run: dsbuild split)", path)
	}
	header, err := codec.Probe(data, codec.Limits{MaxPixels: e.options.MaxPixels})
	if err != nil {
		return data, codec.Header{}, nil
	}
	return data, header, nil
}

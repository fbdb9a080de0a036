package main

import (
	"context"
	"fmt"
	"io"

	"github.com/urfave/cli/v2"

	"github.com/dsbuild/dsbuild/internal/codec"
	"github.com/dsbuild/dsbuild/pixel"
)

func benchDecodeCommand() *cli.Command {
	return &cli.Command{
		Name:  "decode",
		Usage: "measure the time to decode whole pictures to RGB",
		Description: `Reads the pictures into memory and decodes all of them --runs times, after one run to
warm up. Each thread has its own decoder. Pictures that cannot be decoded are
reported and left out.

Example:
   dsbuild bench decode --from photos --threads 1`,
		Flags: benchFlags(),
		Action: func(c *cli.Context) error {
			b, err := newBench(c, "bench decode")
			if err != nil {
				return err
			}
			return runBenchDecode(c.Context, bareSetting(c), b)
		},
	}
}

// A decodeFigures value tells how fast pictures are decoded.
type decodeFigures struct {
	Images           int     `json:"images"`
	MsPerImage       float64 `json:"ms_per_image"`
	MpixelsPerSecond float64 `json:"mpixels_per_second"`
	CPUMsPerImage    float64 `json:"cpu_ms_per_image,omitempty"`
	Threads          int     `json:"threads"`
}

// runBenchDecode measures decoding and shows the figures.
func runBenchDecode(ctx context.Context, s setting, b bench) error {
	pictures, err := b.pictures(ctx)
	if err != nil {
		return err
	}
	pictures, pixels := s.decodable(pictures)
	if len(pictures) == 0 {
		return fmt.Errorf("none of the pictures in %s can be decoded", b.from)
	}
	decoders := make([]wholeDecoder, b.threads)
	t, err := least(ctx, b.runs, func() error {
		return onThreads(b.threads, len(pictures), func(thread, i int) error {
			return decoders[thread].decode(pictures[i])
		})
	})
	if err != nil {
		return err
	}
	n := len(pictures)
	figures := decodeFigures{
		Images: n, MsPerImage: perImage(t.wall, n), CPUMsPerImage: perImage(t.cpu, n),
		MpixelsPerSecond: float64(pixels) / 1e6 / t.wall.Seconds(), Threads: b.threads,
	}
	return s.result(figures, func(w io.Writer) { writeDecode(w, figures) })
}

// decodable returns the pictures that can be decoded and the sum of their
// pixels, and names the others.
func (s setting) decodable(all []pictureFile) ([]pictureFile, int64) {
	var good []pictureFile
	var pixels int64
	for _, p := range all {
		m, _, err := codec.Decode(p.data, codec.Limits{})
		if err != nil {
			s.warn("skipped %s: %v", p.path, err)
			continue
		}
		good = append(good, p)
		pixels += int64(m.Width) * int64(m.Height)
	}
	return good, pixels
}

// A wholeDecoder is what one thread needs to decode one picture after another.
type wholeDecoder struct {
	decoder *codec.Decoder
	scratch pixel.Scratch
}

// decode decodes a picture and lets it go.
func (d *wholeDecoder) decode(p pictureFile) error {
	if d.decoder == nil {
		d.decoder = codec.NewDecoder(codec.Limits{})
		d.decoder.Channels = 3
	}
	_, err := d.decoder.Open(p.data)
	if err == nil {
		var m *pixel.Image
		if m, err = d.decoder.Whole(&d.scratch); err == nil {
			d.scratch.Free(m)
		}
	}
	if err != nil {
		return fmt.Errorf("%s: %w", p.path, err)
	}
	return nil
}

func writeDecode(w io.Writer, f decodeFigures) {
	var t table
	t.row("images", "threads", "ms/image", "megapixels/s")
	t.row(f.Images, f.Threads, f.MsPerImage, f.MpixelsPerSecond)
	t.write(w)
}

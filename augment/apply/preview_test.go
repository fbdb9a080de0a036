package apply

import (
	"bytes"
	"context"
	"image"
	"image/png"
	"os"
	"strings"
	"testing"

	"github.com/dsbuild/dsbuild/augment"
	"github.com/dsbuild/dsbuild/internal/codec"
)

// A network for gray images sees no colours, and captions tell of partners.
func TestPreviewIsInTheChannelsOfTraining(t *testing.T) {
	dir := makeSet(t, 3)
	affine := augment.RandomAffine(0, 0.4, [2]float64{0.5, 0.5}, 0)
	affine.Fill = [3]uint8{200, 20, 0}
	pipeline := augment.Pipeline{augment.RandomResizedCrop(40), affine, augment.MixUp(1)}
	samples, err := readTrain(dir)
	if err != nil {
		t.Fatal(err)
	}
	for i := range samples {
		samples[i].Boxes, samples[i].Mask = nil, "" // which are drawn in colours
	}
	for _, channels := range []int{1, 3} {
		o := PreviewOptions{Pipeline: pipeline, Channels: channels, Parameters: true}.withDefaults(dir)
		mix := &mixer{dir, samples, o.Pipeline, o.Channels, *o.Boxes}
		tiles, draws, err := o.line(context.Background(), mix, samples[0])
		if err != nil {
			t.Fatal(err)
		}
		for i, tile := range tiles[1:] {
			isGray := true
			m := tile.Image.(*image.NRGBA)
			for at := 0; at < len(m.Pix); at += 4 {
				isGray = isGray && m.Pix[at] == m.Pix[at+1] && m.Pix[at] == m.Pix[at+2]
			}
			if isGray != (channels == 1) {
				t.Errorf("%d channels: draw %d is gray: %v", channels, i, isGray)
			}
			told := strings.Contains(tile.Caption, "; image 1 at 0,0 40x40 weight ")
			if !told || len(draws[i].Layers) != 1 {
				t.Errorf("caption %q for %v", tile.Caption, draws[i])
			}
		}
	}
}

func TestPreview(t *testing.T) {
	dir := makeSet(t, 3)
	report, err := Preview(context.Background(), dir, PreviewOptions{
		Pipeline: moving(), Images: 4, Draws: 3, Parameters: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(report.Path)
	if err != nil {
		t.Fatal(err)
	}
	m, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	if len(report.Draws) != 12 || len(report.Draws[0].Steps) != 2 && len(report.Draws[0].Steps) != 3 {
		t.Errorf("the report has %d draws, the first of them %v", len(report.Draws), report.Draws[0])
	}
	if b := m.Bounds(); b.Dx() < 4*128 || b.Dy() < 4*128 {
		t.Errorf("a sheet of 4 lines of 4 pictures has %v pixels", b.Size())
	}
	if header, err := codec.Probe(data, codec.Limits{}); err != nil || header.Format != "png" {
		t.Errorf("header %+v, error %v", header, err)
	}
}

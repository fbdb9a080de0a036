package apply

import (
	"cmp"
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/dsbuild/dsbuild/augment"
	"github.com/dsbuild/dsbuild/dataset"
	"github.com/dsbuild/dsbuild/internal/sheet"
	"github.com/dsbuild/dsbuild/pixel"
)

// PreviewOptions say what a contact sheet of augmented images shows. Zero
// values stand for the defaults named.
type PreviewOptions struct {
	Pipeline augment.Pipeline
	// Boxes says which boxes stay; nil means pixel.DefaultBoxRule.
	Boxes *pixel.BoxRule
	Seed  uint64
	// Channels are those of the network: 1 shows all in gray, 3 in colour. 0
	// means those of each image.
	Channels int
	// Epoch is the first of the epochs whose draws are shown.
	Epoch int
	// Images is how many training images are shown, a line each; default 8.
	Images int
	// Draws is how many epochs of each image are shown; default 7.
	Draws int
	// Parameters writes what was drawn below each picture.
	Parameters bool
	// Path of the PNG file; default sheets/augmented.png in the data set.
	Path string
}

// tileSide is that of the pictures of a preview, in pixels.
const tileSide = 192

func (o PreviewOptions) withDefaults(dir dataset.Dir) PreviewOptions {
	rule := pixel.DefaultBoxRule()
	o.Boxes = cmp.Or(o.Boxes, &rule)
	o.Images = cmp.Or(o.Images, 8)
	o.Draws = cmp.Or(o.Draws, 7)
	o.Path = cmp.Or(o.Path, dir.Path("sheets/augmented.png"))
	return o
}

// Validate tells what is wrong with the options.
func (o PreviewOptions) Validate() error {
	const most = 64
	if o.Images < 0 || o.Images > most || o.Draws < 0 || o.Draws > most || o.Epoch < 0 {
		return fmt.Errorf("a preview shows at most %d images and %d draws, from epoch 0 on", most, most)
	}
	if err := CheckPNG(o.Path); o.Path != "" && err != nil {
		return err
	}
	if o.Channels != 0 && o.Channels != 1 && o.Channels != 3 {
		return fmt.Errorf("images have 1 or 3 channels, not %d", o.Channels)
	}
	return o.Pipeline.Validate()
}

// CheckPNG tells whether a path is the name of a PNG file.
func CheckPNG(path string) error {
	if !strings.EqualFold(filepath.Ext(path), ".png") {
		return fmt.Errorf("%s must end in .png, because the preview is a PNG file", path)
	}
	return nil
}

// A PreviewReport says what a preview shows.
type PreviewReport struct {
	Path  string `json:"preview"`
	Draws []Draw `json:"draws,omitempty"`
}

// A Draw is what augmentation drew for one image in one epoch.
type Draw struct {
	FileName string `json:"file_name"`
	Epoch    int    `json:"epoch"`
	Steps    []Step `json:"steps"`
	// Layers say how the image was mixed with its partners.
	Layers   []Step    `json:"layers,omitempty"`
	Partners []Partner `json:"partners,omitempty"`

	caption string // all of it, shortly
}

// String returns the draw on one line.
func (d Draw) String() string {
	text := fmt.Sprintf("%s in epoch %d: %s", d.FileName, d.Epoch, Join(d.Steps))
	for i, p := range d.Partners {
		text += fmt.Sprintf("; image %d is %s: %s", i+1, p.FileName, Join(p.Steps))
	}
	if len(d.Layers) > 0 {
		text += "; " + Join(d.Layers)
	}
	return text
}

// Preview draws a contact sheet of training images, each followed by what it
// becomes in some epochs, into a PNG file. The images are drawn from all classes
// by the seed. Boxes and masks are drawn where samples have them.
func Preview(ctx context.Context, dir dataset.Dir, o PreviewOptions) (PreviewReport, error) {
	if err := o.Validate(); err != nil {
		return PreviewReport{}, err
	}
	o = o.withDefaults(dir)
	samples, err := readTrain(dir)
	if err != nil {
		return PreviewReport{}, err
	}
	report := PreviewReport{Path: o.Path}
	mix := &mixer{dir, samples, o.Pipeline, o.Channels, *o.Boxes}
	var tiles []sheet.Tile
	for _, s := range chooseEvenly(samples, o.Images, o.Seed) {
		line, draws, err := o.line(ctx, mix, s)
		if err != nil {
			return report, err
		}
		tiles, report.Draws = append(tiles, line...), append(report.Draws, draws...)
	}
	return report, sheet.Write(o.Path, slices.Values(tiles), sheet.Options{
		Columns: o.Draws + 1, Title: "Original and what training sees of it", TileSide: tileSide,
		CaptionLines: 8,
	})
}

// line returns the tiles of one sample, and what was drawn for them.
func (o PreviewOptions) line(
	ctx context.Context, mix *mixer, s dataset.Sample,
) (tiles []sheet.Tile, draws []Draw, err error) {
	original, err := readPicture(mix.dir, s)
	if err != nil {
		return nil, nil, err
	}
	tiles = append(tiles, sheet.Tile{Image: original.Draw(tileSide), Caption: s.Label})
	own := original.withChannels(o.Channels)
	for i := range o.Draws {
		if err := ctx.Err(); err != nil {
			return nil, nil, err
		}
		key := dataset.Key{Seed: o.Seed, Epoch: o.Epoch + i, Sample: s.FileName}
		plan := o.Pipeline.Plan(key, own.Image.Width, own.Image.Height)
		draw := Draw{
			FileName: s.FileName, Epoch: key.Epoch, Steps: Describe(plan), caption: plan.String(),
		}
		seen, err := mix.mix(own.after(plan, *o.Boxes), key, &draw)
		if err != nil {
			return nil, nil, err
		}
		tile := sheet.Tile{Image: seen.Draw(tileSide)}
		if o.Parameters {
			tile.Caption = draw.caption
		}
		tiles, draws = append(tiles, tile), append(draws, draw)
	}
	return tiles, draws, nil
}

// withChannels returns the picture with so many channels; 0 stands for those
// that it has.
func (p Picture) withChannels(channels int) Picture {
	if channels != 0 {
		p.Image = p.Image.WithChannels(channels)
	}
	return p
}

// after returns the picture after a plan. It is not changed itself.
func (p Picture) after(plan pixel.Plan, rule pixel.BoxRule) Picture {
	width, height := p.Image.Width, p.Image.Height
	moved := Picture{
		Image: plan.Apply(p.Image.Clone(), nil),
		Boxes: plan.AppendBoxes(nil, p.Boxes, width, height, rule),
	}
	if p.Mask != nil {
		moved.Mask = plan.Mask(p.Mask, nil)
	}
	return moved
}

// chooseEvenly returns up to n samples, from all classes in turn.
func chooseEvenly(samples []dataset.Sample, n int, seed uint64) []dataset.Sample {
	rng := dataset.Key{Seed: seed}.Rand("preview")
	byClass := map[string][]dataset.Sample{}
	for _, i := range rng.Perm(len(samples)) {
		s := samples[i]
		byClass[s.Label] = append(byClass[s.Label], s)
	}
	var chosen []dataset.Sample
	for round := 0; len(chosen) < min(n, len(samples)); round++ {
		for _, label := range dataset.ClassesOf(samples) {
			if of := byClass[label]; round < len(of) && len(chosen) < n {
				chosen = append(chosen, of[round])
			}
		}
	}
	return chosen
}

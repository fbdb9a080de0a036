package apply

import (
	"fmt"

	"github.com/dsbuild/dsbuild/augment"
	"github.com/dsbuild/dsbuild/dataset"
	"github.com/dsbuild/dsbuild/pixel"
)

// A Partner is an image that is mixed into another, and what was drawn for it.
type Partner struct {
	FileName string `json:"file_name"`
	Steps    []Step `json:"steps"`
}

// A mixer mixes pictures as a loader of the training split does: partners are
// drawn from all of its samples, and each goes through the pipeline under a
// plan of its own.
type mixer struct {
	dir      dataset.Dir
	samples  []dataset.Sample
	pipeline augment.Pipeline
	channels int // of all images; 0 for those that they have
	boxes    pixel.BoxRule
}

// mix returns what becomes of a picture, which the pipeline's plan has been
// done to, and tells in draw how.
func (x *mixer) mix(p Picture, key dataset.Key, draw *Draw) (Picture, error) {
	var mix pixel.Mix
	x.pipeline.Mix(&mix, key, p.Image.Width, p.Image.Height)
	if len(mix.Layers) == 0 {
		return p, nil
	}
	draw.Layers = DescribeMix(mix)
	draw.caption += "; " + mix.String()
	pictures := []Picture{p}
	rng := key.Rand("mix/partners")
	for range mix.Partners {
		s := x.samples[rng.IntN(len(x.samples))]
		read, err := readPicture(x.dir, s)
		if err != nil {
			return p, err
		}
		own := key
		own.Sample = s.FileName + "\x00mix/" + key.Sample
		plan := x.pipeline.Plan(own, read.Image.Width, read.Image.Height)
		draw.Partners = append(draw.Partners, Partner{s.FileName, Describe(plan)})
		pictures = append(pictures, read.withChannels(x.channels).after(plan, x.boxes))
	}
	return x.compose(mix, pictures)
}

// compose makes one picture of those of a mix.
func (x *mixer) compose(mix pixel.Mix, pictures []Picture) (Picture, error) {
	var images, masks []*pixel.Image
	var boxes [][]dataset.Box
	hasMask := false
	width, height := pictures[0].Image.Width, pictures[0].Image.Height
	for _, p := range pictures {
		if p.Image.Width != width || p.Image.Height != height {
			return Picture{}, fmt.Errorf("images of %dx%d and of %dx%d pixels cannot be mixed: let a "+
				"crop or resize decide the size (augment.Pipeline.For)",
				width, height, p.Image.Width, p.Image.Height)
		}
		if p.Mask == nil {
			p.Mask = pixel.New(width, height, 1)
		} else {
			hasMask = true
		}
		images, masks = append(images, p.Image.RGB()), append(masks, p.Mask.Gray())
		boxes = append(boxes, p.Boxes)
	}
	mixed := Picture{
		Image: mix.Apply(images, nil),
		Boxes: mix.AppendBoxes(nil, boxes, width, height, x.boxes),
	}
	if hasMask {
		mixed.Mask = mix.Mask(masks, nil)
	}
	return mixed, nil
}

package main

import (
	"cmp"
	"context"
	"fmt"
	"image/png"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/urfave/cli/v2"

	"github.com/dsbuild/dsbuild/augment"
	"github.com/dsbuild/dsbuild/augment/apply"
	"github.com/dsbuild/dsbuild/dataset"
	"github.com/dsbuild/dsbuild/loader"
	"github.com/dsbuild/dsbuild/pixel"
	"github.com/dsbuild/dsbuild/train"
)

// A replay is what training saw of one picture in one epoch.
type replay struct {
	FileName string `json:"file_name"`
	Label    string `json:"label"`
	// Instead is the picture that took its place, if it cannot be decoded.
	Instead string       `json:"instead,omitempty"`
	Epoch   int          `json:"epoch"`
	Seed    uint64       `json:"seed"`
	Width   int          `json:"width"`
	Height  int          `json:"height"`
	Steps   []apply.Step `json:"steps"`
	// Layers say how it was mixed with the partners.
	Layers   []apply.Step       `json:"layers,omitempty"`
	Partners []apply.Partner    `json:"partners,omitempty"`
	Targets  map[string]float32 `json:"targets,omitempty"`
	Boxes    []dataset.Box      `json:"boxes,omitempty"`
	Picture  string             `json:"picture,omitempty"`

	pixels *pixel.Image
}

// runReplay makes one training picture again and shows what was drawn for it.
func runReplay(c *cli.Context, s setting) error {
	out := c.String("output")
	if err := apply.CheckPNG(out); out != "" && err != nil {
		return invalid("augment", err)
	}
	if c.Int("epoch") < 0 {
		return usagef("augment", "--epoch is %d, but must be 0 or more", c.Int("epoch"))
	}
	options, err := replayOptions(c, s)
	if err != nil {
		return err
	}
	sample, err := findTraining(s.dir, c.String("sample"), options.Variants)
	if err != nil {
		return err
	}
	r, err := makeReplay(c.Context, s.dir, sample, c.Int("epoch"), options)
	if err != nil {
		return err
	}
	if out != "" {
		r.Picture = out
		if err := dataset.WriteFile(out, func(w io.Writer) error {
			return png.Encode(w, r.pixels.Std())
		}); err != nil {
			return err
		}
	}
	return s.result(r, r.write)
}

// replayOptions returns the options of the loader that training has, or that
// a run had.
func replayOptions(c *cli.Context, s setting) (loader.TrainOptions, error) {
	o := s.recipe.Train
	o.Seed = s.recipe.Seed
	bind(c, "xdim", &o.Model.XDim, c.Int)
	bind(c, "ydim", &o.Model.YDim, c.Int)
	s.recipe.augment(&o)
	settings, err := train.Choose(s.dir, o)
	if err != nil {
		return loader.TrainOptions{}, err
	}
	isPlain := false
	if run := c.String("run"); run != "" {
		recorded, err := recordedFor(s.dir, run, c.Int("epoch"), settings)
		if err != nil {
			return loader.TrainOptions{}, err
		}
		settings, isPlain = recorded, recorded.Augment == ""
	}
	input := settings.Input()
	pipeline := augment.Pipeline{}
	if !isPlain {
		pipeline = s.recipe.pipeline(input.Channels)
	}
	pipeline = pipeline.For(input.Width, input.Height)
	input.BoxRule = s.recipe.boxRule()
	return loader.TrainOptions{
		Input: input, Augment: &recorder{pipeline: pipeline}, Seed: settings.Seed,
		Variants: settings.Variants,
	}, pipeline.Validate()
}

// recordedFor returns the settings of a run whose epoch can be made again with
// what the data set and the recipe say now.
func recordedFor(
	dir dataset.Dir, run string, epoch int, now train.Settings,
) (train.Settings, error) {
	recorded, err := train.Recorded(dir, run)
	switch {
	case err != nil:
		return recorded, err
	case recorded.Augment != "" && recorded.Augment != now.Augment:
		return recorded, fmt.Errorf("run %q was trained with a different augmentation than the recipe "+
			"has now; to replay it, restore this in %s: %s", run, dir.Recipe(), recorded.Augment)
	case recorded.Split != now.Split:
		return recorded, fmt.Errorf("run %q was trained on a different split: the data set has been "+
			"split again since", run)
	case epoch >= recorded.Epochs:
		return recorded, fmt.Errorf("run %q has no epoch %d: epochs count from 0, and there are %d",
			run, epoch, recorded.Epochs)
	}
	return recorded, nil
}

// findTraining returns a sample of the training split.
func findTraining(dir dataset.Dir, name string, variants bool) (dataset.Sample, error) {
	name = filepath.ToSlash(name)
	if within, err := filepath.Rel(string(dir), name); err == nil && filepath.IsLocal(within) {
		name = filepath.ToSlash(within)
	}
	find := func(path string) (found dataset.Sample, err error) {
		err = dataset.ForEach(path, func(s dataset.Sample) error {
			if s.FileName == name {
				found = s
			}
			return nil
		})
		return found, err
	}
	paths := []string{dir.Split(dataset.Train)}
	if variants {
		paths = append(paths, dir.Augmented())
	}
	for _, path := range paths {
		found, err := find(path)
		if err != nil || found.FileName != "" {
			return found, err
		}
	}
	for _, split := range []dataset.Split{dataset.Val, dataset.Test} {
		if found, err := find(dir.Split(split)); err == nil && found.FileName != "" {
			return found, usagef("augment", "%s is of the split %s: only training pictures are ever "+
				"augmented, as others are there to measure by", name, split)
		}
	}
	return dataset.Sample{}, fmt.Errorf("%s has no picture %s (names look like raw/cat/….jpg)",
		paths[0], name)
}

// makeReplay lets the loader make one image of an epoch again. Which others
// are in an epoch has no say in what an image looks like, so it is one of this
// image alone.
func makeReplay(
	ctx context.Context, dir dataset.Dir, sample dataset.Sample, epoch int, o loader.TrainOptions,
) (replay, error) {
	r := replay{
		FileName: sample.FileName, Label: sample.Label, Epoch: epoch, Seed: o.Seed,
		Width: o.Input.Width, Height: o.Input.Height,
	}
	o.BatchSize, o.Workers, o.Prefetch = 1, 1, 1
	o.Input.Boxes, o.Input.Type = true, loader.Uint8
	o.Sampling = loader.Sampling{Length: 1, Weight: func(s dataset.Sample) float64 {
		if s.FileName == sample.FileName {
			return 1
		}
		return 0
	}}
	instead := map[string]string{}
	o.OnError = func(bad loader.BadImage) { instead[bad.FileName] = bad.Instead }
	images, err := loader.NewTrain(dir, o)
	if err != nil {
		return r, err
	}
	for batch, err := range images.Epoch(ctx, epoch) {
		if err != nil {
			return r, err
		}
		r.take(batch, images.Classes())
		batch.Release()
	}
	r.Instead = instead[sample.FileName]
	o.Augment.(*recorder).tell(&r, instead)
	return r, ctx.Err()
}

// take copies what a batch of one image holds.
func (r *replay) take(batch *loader.Batch, classes dataset.Classes) {
	shape := batch.Images().Shape()
	r.pixels = &pixel.Image{
		Pix:   slices.Clone(batch.Images().Data().([]uint8)),
		Width: shape[2], Height: shape[1], Channels: shape[3],
	}
	r.Boxes = slices.Clone(batch.Boxes()[0])
	targets := map[string]float32{}
	for i, share := range batch.Targets().Data().([]float32) {
		if share > 0 {
			targets[classes[i]] = share
		}
	}
	if len(targets) > 1 || targets[r.Label] != 1 {
		r.Targets = targets
	}
}

// write shows the replay as text.
func (r replay) write(w io.Writer) {
	fmt.Fprintf(w, "%s (%s) in epoch %d of seed %d: %dx%d pixels\n",
		r.FileName, r.Label, r.Epoch, r.Seed, r.Width, r.Height)
	if r.Instead != "" {
		fmt.Fprintf(w, "cannot be decoded and is replaced by %s\n", r.Instead)
	}
	lines := func(indent string, steps []apply.Step) {
		if len(steps) == 0 {
			fmt.Fprintf(w, "%sunchanged\n", indent)
		}
		for _, step := range steps {
			fmt.Fprintf(w, "%s%s\n", indent, step)
		}
	}
	lines("  ", r.Steps)
	for i, p := range r.Partners {
		fmt.Fprintf(w, "  mixed with image %d, %s\n", i+1, p.FileName)
		lines("    ", p.Steps)
	}
	if len(r.Layers) > 0 {
		lines("  ", r.Layers)
	}
	for _, label := range slices.Sorted(maps.Keys(r.Targets)) {
		fmt.Fprintf(w, "  target %s %v\n", label, r.Targets[label])
	}
	for _, b := range r.Boxes {
		fmt.Fprintf(w, "  box %s x %v y %v w %v h %v\n", b.Label, b.X, b.Y, b.Width, b.Height)
	}
	if r.Picture != "" {
		fmt.Fprintf(w, "picture: %s\n", r.Picture)
	}
}

// A recorder is a pipeline that keeps what it draws.
type recorder struct {
	pipeline augment.Pipeline

	mu     sync.Mutex
	drawn  []apply.Partner // with the samples of the keys as names
	layers []apply.Step
}

// Draw implements loader.Transform.
func (r *recorder) Draw(plan *pixel.Plan, key dataset.Key, width, height int) {
	r.pipeline.Draw(plan, key, width, height)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.drawn = append(r.drawn, apply.Partner{
		FileName: strings.Clone(key.Sample), Steps: apply.Describe(*plan),
	})
}

// Mix implements loader.Mixer.
func (r *recorder) Mix(mix *pixel.Mix, key dataset.Key, width, height int) {
	r.pipeline.Mix(mix, key, width, height)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.layers = apply.DescribeMix(*mix)
}

// String tells pipelines apart.
func (r *recorder) String() string { return r.pipeline.String() }

// tell puts what was drawn into a replay. A picture that cannot be decoded was
// drawn for, and then again those tried in its place: the last one counts.
func (r *recorder) tell(to *replay, instead map[string]string) {
	to.Layers = r.layers
	before := ""
	for _, d := range r.drawn {
		key := d.FileName
		name, _, isPartner := strings.Cut(key, "\x00")
		again := key == before && instead[name] != ""
		before = key
		switch {
		case !isPartner:
			to.Steps = d.Steps
			continue
		case again:
			to.Partners = to.Partners[:len(to.Partners)-1]
		}
		d.FileName = cmp.Or(instead[name], name)
		to.Partners = append(to.Partners, d)
	}
}

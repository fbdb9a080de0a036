package loader

import (
	"fmt"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/dsbuild/dsbuild/augment"
	"github.com/dsbuild/dsbuild/dataset"
	"github.com/dsbuild/dsbuild/pack"
	"github.com/dsbuild/dsbuild/pixel"
)

// All layouts and types hold the same images.
func TestLayoutsAndTypes(t *testing.T) {
	dir := makePhotos(t, 3)
	const h, w = 20, 24
	load := func(layout Layout, kind Type) (shape string, at func(i, y, x, c int) float64) {
		in := Input{Width: w, Height: h, Layout: layout, Type: kind}.withDefaults()
		o := TrainOptions{Input: in, BatchSize: 9}
		o.Augment = augment.Pipeline{
			augment.RandomResizedCrop(0), augment.HorizontalFlip(0.5), augment.GaussianBlur(0.5),
		}.For(w, h)
		for b, err := range newTrain(t, dir, o).Epoch(ctx, 0) {
			if err != nil {
				t.Fatal(err)
			}
			defer b.Release()
			data := b.Images().Data()
			return fmt.Sprint(b.Images().Shape()), func(i, y, x, c int) float64 {
				place := ((i*h+y)*w+x)*3 + c
				if layout == NCHW {
					place = ((i*3+c)*h+y)*w + x
				}
				if bytes, ok := data.([]uint8); ok {
					return float64(bytes[place])
				}
				n := in.Normalization
				v := data.([]float32)[place]
				return math.Round(float64((v*n.Std[c] + n.Mean[c]) * 255))
			}
		}
		panic("no batch")
	}
	_, want := load(NHWC, Uint8)
	for shape, c := range map[string]struct {
		layout Layout
		kind   Type
	}{
		"(9, 20, 24, 3)":  {NHWC, Float32},
		"(9, 3, 20, 24)":  {NCHW, Float32},
		"(9, 3, 20, 24) ": {NCHW, Uint8},
	} {
		gotShape, got := load(c.layout, c.kind)
		if gotShape != strings.TrimSpace(shape) {
			t.Errorf("%v %v: shape %s, want %s", c.layout, c.kind, gotShape, shape)
		}
		for i := range 9 * h * w * 3 {
			n, y, x, k := i/(h*w*3), i/(w*3)%h, i/3%w, i%3
			if a, b := got(n, y, x, k), want(n, y, x, k); a != b {
				t.Fatalf("%v %v: value %d of pixel (%d,%d) of image %d is %v, want %v",
					c.layout, c.kind, k, x, y, n, a, b)
			}
		}
	}
}

// Boxes and masks are those that the plan moves, also where images are reduced
// by the loader or in a pack.
func TestBoxesAndMasksFollowTheImages(t *testing.T) {
	dir := makePhotos(t, 4)
	samples, err := dataset.ReadAll(dir.Split(dataset.Train))
	if err != nil {
		t.Fatal(err)
	}
	byName := map[string]dataset.Sample{}
	for _, s := range samples {
		byName[s.FileName] = s
	}
	in := Input{Width: 30, Height: 30, Boxes: true, Masks: true}
	for _, c := range []struct{ reduce, longest int }{{0, 0}, {40, 0}, {0, 48}} {
		if c.longest > 0 {
			options := pack.Options{Longest: c.longest}
			if _, err := pack.Run(ctx, dir, dataset.Train, options); err != nil {
				t.Fatal(err)
			}
		}
		train := newTrain(t, dir, TrainOptions{Input: in, BatchSize: 5, Reduce: c.reduce})
		for b, err := range train.Epoch(ctx, 0) {
			if err != nil {
				t.Fatal(err)
			}
			if got := fmt.Sprint(b.Masks().Shape()); got != fmt.Sprintf("(%d, 30, 30)", b.Size()) {
				t.Fatalf("masks of shape %s", got)
			}
			masks := b.Masks().Data().([]uint8)
			for i, name := range b.FileNames() {
				checkBoxes(t, b.Boxes()[i], byName[name])
				left, right := masks[i*900+15*30+5], masks[i*900+15*30+25]
				if left != 1 || right != 0 {
					t.Errorf("reduce %d, pack %d: %s: mask %d on the left, %d on the right, want 1 and 0",
						c.reduce, c.longest, name, left, right)
				}
			}
			b.Release()
		}
	}
}

// checkBoxes compares boxes with those of a sample whose whole image is scaled
// to 30x30 pixels.
func checkBoxes(t *testing.T, got []dataset.Box, s dataset.Sample) {
	t.Helper()
	if len(got) != len(s.Boxes) {
		t.Fatalf("%s has %d boxes, want %d", s.FileName, len(got), len(s.Boxes))
	}
	sx, sy := 30/float64(s.Width), 30/float64(s.Height)
	for i, want := range s.Boxes {
		want.X, want.Y, want.Width, want.Height = want.X*sx, want.Y*sy, want.Width*sx, want.Height*sy
		if d := math.Abs(got[i].X-want.X) + math.Abs(got[i].Y-want.Y) +
			math.Abs(got[i].Width-want.Width) + math.Abs(got[i].Height-want.Height); d > 1e-6 {
			t.Errorf("%s: box %+v, want %+v", s.FileName, got[i], want)
		}
	}
}

func TestFaultyMasks(t *testing.T) {
	dir := makePhotos(t, 2)
	in := Input{Width: 8, Height: 8, Masks: true}
	train := newTrain(t, dir, TrainOptions{Input: in, BadImages: Fail})
	for what, data := range map[string][]byte{
		"pixels for an image of": mask(t, 3, 3, 0), "in colour": encodePNG(t, draw(70, 64, 0, 0)),
		"not an image": []byte("<html>"),
	} {
		for _, e := range train.entries {
			if err := os.WriteFile(dir.Path(e.mask), data, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		err := firstError(train.Epoch(ctx, 0))
		if err == nil || !strings.Contains(err.Error(), what) || !strings.Contains(err.Error(), "masks/") {
			t.Errorf("error %v, want %q", err, what)
		}
	}
	if _, err := NewTrain(makeSet(t, 2), TrainOptions{Input: in}); err == nil ||
		!strings.Contains(err.Error(), "train.jsonl:1: the sample has no mask") {
		t.Errorf("samples without masks: error %v", err)
	}
}

// half shows the middle of another image in the middle of each.
type half struct{ fit }

func (half) Mix(mix *pixel.Mix, _ dataset.Key, width, height int) {
	mix.Reset()
	mix.Partners = 1
	region := pixel.New(width, height, 1).Bounds().Inset(width / 4)
	mix.Layers = append(mix.Layers, pixel.Layer{Image: 1, Region: region, Cut: true, Weight: 1})
}

// unmixed lays each image over itself.
type unmixed struct{ augment.Pipeline }

func (unmixed) Mix(mix *pixel.Mix, _ dataset.Key, width, height int) {
	mix.Reset()
	whole := pixel.New(width, height, 1).Bounds()
	mix.Layers = append(mix.Layers, pixel.Layer{Region: whole, Cut: true, Weight: 1})
}

func TestMixingAnImageWithItselfChangesNothing(t *testing.T) {
	dir := makePhotos(t, 3)
	o := TrainOptions{Input: Input{Width: 12, Height: 10, Boxes: true, Masks: true}, BatchSize: 4}
	load := func(augment Transform) []string {
		o.Augment = augment
		train := newTrain(t, dir, o)
		return digests(t, train, train.State(0, 0))
	}
	want := load(pipeline())
	if got := load(unmixed{pipeline()}); !slices.Equal(got, want) {
		t.Errorf("batches %v, want %v", got, want)
	}
}

func TestTargetsAreTheSharesOfTheClasses(t *testing.T) {
	dir := makePhotos(t, 6)
	in := Input{Width: 32, Height: 32}
	mixed, plain := 0, 0
	o := TrainOptions{Input: in, Augment: half{fit{32, 32, true}}}
	for b, err := range newTrain(t, dir, o).Epoch(ctx, 0) {
		if err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprint(b.Targets().Shape()); got != fmt.Sprintf("(%d, 3)", b.Size()) {
			t.Fatalf("targets of shape %s", got)
		}
		targets := b.Targets().Data().([]float32)
		for i, label := range b.Labels() {
			row := slices.Clone(targets[i*3 : i*3+3])
			slices.Sort(row)
			switch own := targets[i*3+int(label)]; {
			case own == 1:
				plain++
			case own == 0.75 && slices.Equal(row, []float32{0, 0.25, 0.75}):
				mixed++
			default:
				t.Errorf("targets %v of class %d", targets[i*3:i*3+3], label)
			}
		}
		b.Release()
	}
	if mixed == 0 || plain == 0 {
		t.Errorf("%d images mixed with another class, %d with their own", mixed, plain)
	}
}

func TestCollateMayEndTheEpoch(t *testing.T) {
	dir := makeSet(t, 9)
	for what, hook := range map[string]func(*Batch) error{
		"enough": func(b *Batch) error { return fmt.Errorf("enough") },
		"oh":     func(b *Batch) error { panic("oh") },
	} {
		train := newTrain(t, dir, TrainOptions{BatchSize: 4, Collate: func(b *Batch) error {
			if b.Index < 2 {
				return nil
			}
			return hook(b)
		}})
		n := 0
		var last error
		for b, err := range train.Epoch(ctx, 0) {
			if last = err; err == nil {
				n++
				b.Release()
			}
		}
		if n != 2 || last == nil || !strings.Contains(last.Error(), what) {
			t.Errorf("%d batches and error %v, want 2 and %q", n, last, what)
		}
	}
}

func TestFaultyOptions(t *testing.T) {
	dir := makeSet(t, 2)
	for what, o := range map[string]TrainOptions{
		"without Reduce": {CacheBytes: 1}, "negative Reduce": {Reduce: -1},
		"rank 2 of a world of 2": {Shard: Shard{Rank: 2, World: 2}},
		"unknown Remainder 5":    {Shard: Shard{Remainder: 5}}, "Packs 7": {Packs: 7},
		"layout 2":       {Input: Input{Width: 1, Height: 1, Layout: 2}},
		"min_visibility": {Input: Input{Width: 1, Height: 1, BoxRule: &pixel.BoxRule{MinVisibility: 2}}},
	} {
		if o.Input.Width == 0 {
			o.Input = small()
		}
		if _, err := NewTrain(dir, o); err == nil || !strings.Contains(err.Error(), what) {
			t.Errorf("error %v, want %q", err, what)
		}
	}
}

// A reduced image is the whole one scaled down, and drawn for as such.
func TestReduce(t *testing.T) {
	dir := makePhotos(t, 2)
	in := Input{Width: 20, Height: 20, Type: Uint8}
	train := newTrain(t, dir, TrainOptions{Input: in, Reduce: 50})
	for b, err := range train.Epoch(ctx, 0) {
		if err != nil {
			t.Fatal(err)
		}
		for i, name := range b.FileNames() {
			m, err := readImage(dir, name)
			if err != nil {
				t.Fatal(err)
			}
			width, height := train.reduced(m.Width, m.Height)
			if min(width, height) != 50 {
				t.Errorf("an image of %dx%d is reduced to %dx%d", m.Width, m.Height, width, height)
			}
			first := pixel.Resize(m.Width, m.Height, width, height)
			second := pixel.Resize(width, height, 20, 20)
			want := second.Apply(first.Apply(m, nil), nil)
			if got := b.Images().Data().([]uint8)[i*1200 : (i+1)*1200]; !slices.Equal(got, want.Pix) {
				t.Errorf("%s is not what two resizes make of it", name)
			}
		}
		b.Release()
	}
}

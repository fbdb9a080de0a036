package augment

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/dsbuild/dsbuild/augment/draft"
	"github.com/dsbuild/dsbuild/augment/policy"
	"github.com/dsbuild/dsbuild/dataset"
	"github.com/dsbuild/dsbuild/pixel"
)

// all returns one transform of each kind with its usual parameters.
func all() Pipeline {
	return Pipeline{
		Resize(80), RandomResizedCrop(64), CenterCrop(48), HorizontalFlip(0.5), RandomRotation(15),
		GaussianBlur(0.5), ColorJitter(0.4, 0.4, 0.4, 0.1), Grayscale(0.2), RandomErasing(0.5),
		Normalize([]float32{0.5, 0.5, 0.5}, []float32{0.2, 0.2, 0.2}),
		VerticalFlip(0.5), RandomCrop(40, 4), RandomAffine(20, 0.2, [2]float64{0.7, 1.3}, 10),
		RandomPerspective(0.5, 0.5), Posterize(3, 0.5), Solarize(100, 0.5), Invert(0.5),
		AutoContrast(0.5), Equalize(0.5), AdjustSharpness(1.5, 0.5), GaussianNoise(0.1, 0.5),
		MotionBlur(0.5), CoarseDropout(0.5), JPEGCompression(30, 95),
		OneOf(Invert(1), CenterCrop(8)), SomeOf(2, Invert(1), CenterCrop(8), VerticalFlip(1)),
		RandomApply(0.5, Invert(1), CenterCrop(8)), RandomOrder(Invert(1), Resize(9)),
		policy.RandAugment(2, 9), policy.TrivialAugmentWide(), policy.AutoAugment(policy.SVHN),
		policy.AugMix(), MixUp(0.4), CutMix(1), Mosaic(0.7),
	}
}

// TestEveryTransform holds each kind to what a Transform promises.
func TestEveryTransform(t *testing.T) {
	for _, transform := range all() {
		t.Run(transform.Name(), func(t *testing.T) {
			if err := transform.Validate(); err != nil {
				t.Fatal(err)
			}
			different := map[string]bool{}
			for i := range 200 {
				width, height := 20+i, 20+(i*7)%90
				plan := pixel.Plan{Steps: draw(transform, i, width, height)}
				first := plan.String()
				if again := (pixel.Plan{Steps: draw(transform, i, width, height)}).String(); again != first {
					t.Fatalf("the same generator draws %s and %s", first, again)
				}
				different[first] = true
				for _, channels := range []int{1, 3} {
					m := plan.Apply(pixel.New(width, height, channels), nil)
					if w, h := plan.Size(width, height); m.Width != w || m.Height != h ||
						m.Channels != channels || len(m.Pix) != w*h*channels {
						t.Fatalf("%v makes %dx%dx%d of %dx%dx%d", plan, m.Width, m.Height, m.Channels,
							width, height, channels)
					}
				}
			}
			_, isFixed := transform.(Normalization)
			if !isFixed && !isMixer(transform) && len(different) < 2 {
				t.Error("all draws are the same")
			}
		})
	}
}

// Once its plan has held the most that a pipeline draws, drawing takes no
// memory.
func TestDrawingTakesNoMemory(t *testing.T) {
	for _, transform := range append(all(), nested()) {
		pipeline := Pipeline{transform}
		var plan pixel.Plan
		epoch := 0
		draw := func() {
			epoch = (epoch + 1) % 100
			pipeline.Draw(&plan, dataset.Key{Seed: 1, Epoch: epoch, Sample: "raw/cat/1.jpg"}, 90, 70)
		}
		for range 100 {
			draw()
		}
		if n := testing.AllocsPerRun(100, draw); n != 0 {
			t.Errorf("%s: %v allocations a draw", transform.Name(), n)
		}
	}
}

// nested is a composition of compositions.
func nested() Transform {
	return RandomApply(0.9, OneOf(ColorJitter(0.4, 0.4, 0.4, 0.1), RandomRotation(20)),
		SomeOf(2, Invert(0.5), RandomOrder(HorizontalFlip(1), Invert(1), Invert(1)), GaussianBlur(1)))
}

func TestPlanFollowsItsKeyAlone(t *testing.T) {
	key := dataset.Key{Seed: 3, Epoch: 2, Sample: "raw/cat/1.jpg"}
	want := all().Plan(key, 120, 90).String()
	for name, other := range map[string]dataset.Key{
		"seed":   {Seed: 4, Epoch: 2, Sample: "raw/cat/1.jpg"},
		"epoch":  {Seed: 3, Epoch: 3, Sample: "raw/cat/1.jpg"},
		"sample": {Seed: 3, Epoch: 2, Sample: "raw/cat/2.jpg"},
	} {
		if all().Plan(other, 120, 90).String() == want {
			t.Errorf("another %s draws the same", name)
		}
	}
	if got := all().Plan(key, 120, 90).String(); got != want {
		t.Errorf("the same key draws %s and %s", got, want)
	}
}

func TestAddingATransformLeavesOtherDraws(t *testing.T) {
	key := dataset.Key{Seed: 3, Sample: "a"}
	jitter := ColorJitter(0.4, 0.4, 0.4, 0.1)
	alone := Pipeline{jitter}.Plan(key, 50, 50).String()
	after := Pipeline{Blur{SigmaRange: [2]float64{1, 1}, P: 1}, jitter}.Plan(key, 50, 50).String()
	if !strings.HasSuffix(after, "; "+alone) {
		t.Errorf("jitter alone draws %s, after a blur %s", alone, after)
	}
	twice := Pipeline{jitter, jitter}.Plan(key, 50, 50).String()
	if twice == alone+"; "+alone {
		t.Error("two transforms of a kind draw the same numbers")
	}
}

func TestResizedCropOfExtremeImages(t *testing.T) {
	crop := RandomResizedCrop(8)
	for _, size := range [][2]int{{1, 1}, {1, 500}, {500, 1}, {3, 4000}, {4000, 3}} {
		for epoch := range 50 {
			c := draw(crop, epoch, size[0], size[1])[0].(*pixel.Crop)
			if c.W < 1 || c.H < 1 || c.X < 0 || c.Y < 0 || c.X+c.W > size[0] || c.Y+c.H > size[1] {
				t.Fatalf("%v of an image of %v", c, size)
			}
		}
	}
}

func TestProbabilities(t *testing.T) {
	for _, c := range []struct {
		make func(p float64) Transform
		name string
	}{
		{func(p float64) Transform { return HorizontalFlip(p) }, "flip"},
		{func(p float64) Transform { return GaussianBlur(p) }, "blur"},
		{func(p float64) Transform { return Grayscale(p) }, "gray"},
		{func(p float64) Transform { return RandomErasing(p) }, "erase"},
		{func(p float64) Transform { return VerticalFlip(p) }, "vertical flip"},
		{func(p float64) Transform { return RandomPerspective(0.5, p) }, "perspective"},
		{func(p float64) Transform { return Posterize(4, p) }, "posterize"},
		{func(p float64) Transform { return Solarize(128, p) }, "solarize"},
		{func(p float64) Transform { return Invert(p) }, "invert"},
		{func(p float64) Transform { return AutoContrast(p) }, "autocontrast"},
		{func(p float64) Transform { return Equalize(p) }, "equalize"},
		{func(p float64) Transform { return AdjustSharpness(2, p) }, "sharpness"},
		{func(p float64) Transform { return GaussianNoise(0.1, p) }, "noise"},
		{func(p float64) Transform { return MotionBlur(p) }, "motion blur"},
		{func(p float64) Transform { return Rotation{P: p} }, "rotation"},
		{func(p float64) Transform { return Affinity{ScaleRange: [2]float64{1, 1}, P: p} }, "affine"},
		{func(p float64) Transform { return Dropout{HolesRange: [2]int{1, 1}, P: p} }, "dropout"},
		{func(p float64) Transform { return Compression{[2]int{50, 50}, p} }, "compression"},
		{func(p float64) Transform { return RandomApply(p, Invert(1)) }, "random apply"},
		{func(p float64) Transform { return Blending{1, p} }, "mix up"},
		{func(p float64) Transform { return Tiling{[2]float64{0.5, 0.5}, p} }, "mosaic"},
	} {
		for _, p := range []float64{0, 0.3, 1} {
			happened := 0
			const n = 4000
			for i := range n {
				var mix pixel.Mix
				key, pipeline := dataset.Key{Epoch: i}, Pipeline{c.make(p)}
				pipeline.Mix(&mix, key, 100, 100)
				happened += len(pipeline.Plan(key, 100, 100).Steps) + min(len(mix.Layers), 1)
			}
			if got := float64(happened) / n; math.Abs(got-p) > 0.03 {
				t.Errorf("%s happens with probability %.3f, want %v", c.name, got, p)
			}
		}
	}
}

func TestForDecidesTheSize(t *testing.T) {
	for name, c := range map[string]struct {
		pipeline Pipeline
		want     string
	}{
		"none": {Pipeline{HorizontalFlip(1)}, "crop 0,0 90x60 to 32x24; flip"},
		"open": {Pipeline{CenterCrop(0), HorizontalFlip(1)}, "crop 5,0 80x60 to 32x24; flip"},
		"set":  {Pipeline{Resize(16)}, "crop 0,0 90x60 to 16x16"},
		"nil":  {nil, "crop 0,0 90x60 to 32x24"},
	} {
		if got := c.pipeline.For(32, 24).Plan(dataset.Key{}, 90, 60).String(); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

func TestValidateNamesTheParameter(t *testing.T) {
	for want, transform := range map[string]Transform{
		"p is 1.5":                HorizontalFlip(1.5),
		"p is NaN":                HorizontalFlip(math.NaN()),
		"scale_range is [2":       ResizedCrop{ScaleRange: [2]float64{2, 3}, RatioRange: [2]float64{1, 1}},
		"ratio_range is [2, 1":    ResizedCrop{ScaleRange: [2]float64{.1, 1}, RatioRange: [2]float64{2, 1}},
		"width and height":        Resize(-1),
		"hue is":                  ColorJitter(0, 0, 0, 0.7),
		"brightness is":           ColorJitter(-1, 0, 0, 0),
		"sigma_range is":          Blur{SigmaRange: [2]float64{0, 1}, P: 1},
		"degrees_range is":        RandomRotation(1000),
		"kernel_size is 4":        Blur{KernelSize: 4, SigmaRange: [2]float64{1, 1}},
		"kernel_size is only for": Blur{KernelSize: 5, SigmaRange: [2]float64{1, 1}, Profile: Imaging},
		"profile is \"pil\"":      Graying{Profile: "pil"},
		"interpolation is \"b":    Rotation{Interpolation: "bicubic"},
		"center is NaN,0":         Rotation{Center: &draft.Point{math.NaN(), 0}},
		"exclude size":            Resized{Width: 3, Height: 3, Size: 4},
		"max_size is -1":          Resized{MaxSize: -1},
		"severity is 11":          policy.Mixed{Severity: 11},
		"alpha is 0":              MixUp(0),
		"center_range is [0":      Tiling{},
		"mean has 0 numbers":      Normalize(nil, nil),
		"padding is 2000":         PaddedCrop{Padding: draft.Padding{0, 0, 2000, 0}},
		"padding is -1":           RandomCrop(8, -1),
		"padding_mode is":         PaddedCrop{PaddingMode: "wrap"},
		"translate is 2":          RandomAffine(0, 2, [2]float64{1, 1}, 0),
		"scale_range is [0, 0":    RandomAffine(0, 0, [2]float64{}, 0),
		"shear_x_range is":        RandomAffine(0, 0, [2]float64{1, 1}, 90),
		"distortion_scale is":     RandomPerspective(1.1, 1),
		"bits is 9":               Posterize(9, 1),
		"threshold is -1":         Solarize(-1, 1),
		"factor is -0.5":          AdjustSharpness(-0.5, 1),
		"sigma_range is [2, 2":    GaussianNoise(2, 1),
		"length_range is":         Smearing{LengthRange: [2]float64{0, 4}},
		"holes_range is [0":       Dropout{},
		"policy is \"mnist\"":     policy.AutoAugment("mnist"),
		"magnitude is 31":         policy.RandAugment(2, 31),
		"num_ops is -1":           policy.RandAugment(-1, 3),
		"num_magnitude_bins":      policy.TrivialWide{NumMagnitudeBins: 1},
		"quality_range is [0":     JPEGCompression(0, 50),
	} {
		err := Pipeline{Grayscale(0.1), transform}.Validate()
		prefix := fmt.Sprintf("augment: transform 2, %s: ", transform.Name())
		if err == nil || !strings.HasPrefix(err.Error(), prefix) ||
			!strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %s…%s", err, prefix, want)
		}
	}
}

func Example() {
	pipeline := Pipeline{RandomResizedCrop(64), HorizontalFlip(0.5), ColorJitter(0.4, 0.4, 0.4, 0)}
	key := dataset.Key{Seed: 1, Epoch: 0, Sample: "raw/corgi/3f2a9c0d11223344.jpg"}
	fmt.Println(pipeline.Plan(key, 500, 375))
	fmt.Println(pipeline.Plan(key, 500, 375)) // the same key draws the same
	// Output:
	// crop 180,32 300x331 to 64x64; flip; contrast 1.22; brightness 0.758; saturation 1.01
	// crop 180,32 300x331 to 64x64; flip; contrast 1.22; brightness 0.758; saturation 1.01
}

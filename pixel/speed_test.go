package pixel

import "testing"

// BenchmarkSteps applies steps to a picture of 224x224, each with memory that
// is used again.
func BenchmarkSteps(b *testing.B) {
	const side = 224
	picture := scene(side, side, 3)
	for _, plan := range []Plan{
		{Steps: []Step{&Brightness{1.2}}},
		{Steps: []Step{&Contrast{1.2}}},
		{Steps: []Step{&Saturation{1.2}}},
		{Steps: []Step{&Hue{0.05}}},
		{Steps: []Step{&Brightness{1.2}, &Contrast{0.8}, &Saturation{1.3}, &Hue{0.05}}},
		{Steps: []Step{&Gray{}}},
		{Steps: []Step{&Posterize{4}}},
		{Steps: []Step{&Solarize{128}}},
		{Steps: []Step{&Invert{}}},
		{Steps: []Step{&AutoContrast{}}},
		{Steps: []Step{&Equalize{}}},
		{Steps: []Step{&Sharpness{1.5}}},
		{Steps: []Step{&Blur{Sigma: 1.5, Kernel: 9}}},
		{Steps: []Step{&Blur{Sigma: 5, Kernel: 31}}},
		{Steps: []Step{&MotionBlur{Length: 7, Degrees: 30}}},
		{Steps: []Step{&Noise{Sigma: 0.1, Seed: 1}}},
		{Steps: []Step{&Erase{X: 50, Y: 50, W: 80, H: 80}}},
		{Steps: []Step{&JPEG{75}}},
		{Steps: []Step{&Pad{Left: 8, Top: 8, Right: 8, Bottom: 8, Mode: PadReflect}}},
		{Steps: []Step{&Rotate{Degrees: 20}}},
		{Steps: []Step{&Rotate{Degrees: 20, Interpolation: Bilinear}}},
		{Steps: []Step{&Affine{Degrees: 20, X: 3, Scale: 0.9, ShearX: 10}}},
		{Steps: []Step{&Affine{Degrees: 20, X: 3, Scale: 0.9, ShearX: 10, Interpolation: Bilinear}}},
		{Steps: []Step{&Perspective{Corners: [4][2]int{{20, 10}, {210, 30}, {200, 220}, {5, 200}}}}},
		{Steps: []Step{&Perspective{
			Corners: [4][2]int{{20, 10}, {210, 30}, {200, 220}, {5, 200}}, Interpolation: Bilinear,
		}}},
	} {
		b.Run(plan.String(), func(b *testing.B) {
			var s Scratch
			for b.Loop() {
				m := s.New(side, side, 3)
				copy(m.Pix, picture.Pix)
				s.Free(plan.Apply(m, &s))
			}
		})
	}
}

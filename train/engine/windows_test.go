package engine

import "github.com/dsbuild/dsbuild/train/nn"

// otherPools has poolings with settings that are rarely used.
func otherPools(b *nn.Builder) *nn.Node {
	x := b.Conv("conv1", b.Input(nn.Shape{13, 14, 2}), 5, nn.Kernel(3), nn.Pad(1))
	x = b.MaxPool("pool1", x, 3, nn.Stride(2), nn.CeilMode())
	y := b.MaxPool("pool2", x, 2, nn.Stride(1), nn.Dilation(2), nn.Pad(1, 0))
	x = b.Conv("conv2", x, 5)
	z := b.AvgPool("pool3", x, 3, nn.Stride(2), nn.Pad(1), nn.CeilMode(), nn.ExcludePad())
	z = b.AdaptiveMaxPool("pool4", b.Conv("conv3", z, 3), 3, 5)
	u := b.AdaptiveAvgPool("pool5", x, 4, 3)
	u = b.AvgPool("pool6", b.Conv("conv4", u, 4), 2, nn.Stride(3), nn.CeilMode())
	return b.Linear("fc", b.Concat("features", b.Flatten("flatten2", y), b.Flatten("flatten4", z),
		b.Flatten("flatten6", u)), 3)
}

// transposedConvs has all that transposed convolutions can be told. Pixels that
// see nothing but the bias are all alike and at first zero, so no layer with a
// bend follows those.
func transposedConvs(b *nn.Builder) *nn.Node {
	x := b.ConvTranspose("up1", b.Input(nn.Shape{4, 5, 3}), 6, nn.Kernel(3), nn.Stride(2), nn.Pad(1), nn.OutputPad(1))
	y := b.ReLU("relu2", b.ConvTranspose("up2", x, 4, nn.Kernel(3), nn.Dilation(2), nn.Groups(2), nn.NoBias()))
	z := b.ConvTranspose("up3", x, 6, nn.Kernel(2), nn.Stride(2), nn.Groups(6))
	z = b.MaxPool("pool3", b.BatchNorm("bn3", z), 3)
	z = b.ConvTranspose("up4", z, 20, nn.Kernel(3, 2), nn.Stride(2, 3), nn.Pad(1, 0), nn.OutputPad(1, 2))
	return b.Linear("fc", b.Concat("features", b.Flatten("flatten1", y), b.Flatten("flatten2", z)), 3)
}

func responseNorms(b *nn.Builder) *nn.Node {
	x := b.Conv("conv1", b.Input(nn.Shape{4, 3, 2}), 7)
	x = b.LocalResponseNorm("norm1", x, 5, 0.5, 0.75, 2)
	x = b.Add("add", x, b.LocalResponseNorm("norm2", x, 4, 1, 0.6, 1))
	return b.Linear("fc", b.Flatten("flatten", x), 3)
}

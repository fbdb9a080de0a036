package nn

import "fmt"

// MaxPool is the maximum over windows.
type MaxPool struct {
	leaf
	Window
	Ceil bool // counts the windows up rather than down; see CeilMode
}

// MaxPool adds the maximum over windows of size x size. It takes Stride
// (default size), Pad, Dilation and CeilMode.
func (b *Builder) MaxPool(name string, x *Node, size int, options ...Option) *Node {
	s := newSettings(size, options)
	return b.add(name, MaxPool{Window: s.Window, Ceil: s.ceil}, x)
}

// Kind returns "max_pool".
func (MaxPool) Kind() string { return "max_pool" }

// Infer returns the shape of the image of maxima.
func (o MaxPool) Infer(in []Shape) (Shape, error) {
	if err := checkMaxima(o.Kernel); err != nil {
		return nil, err
	}
	return o.inferPool(in[0], o.Ceil)
}

// checkMaxima tells whether windows are too large for their maxima to be told
// apart.
func checkMaxima(window [2]int) error {
	const most = 1 << 16
	if window[0]*window[1] > most {
		return fmt.Errorf("expects a window of at most %d pixels, but got %dx%d", most,
			window[0], window[1])
	}
	return nil
}

// AvgPool is the mean over windows.
type AvgPool struct {
	leaf
	Window
	Ceil       bool // counts the windows up rather than down; see CeilMode
	ExcludePad bool // divides by the pixels of the image alone
}

// AvgPool adds the mean over windows of size x size, padding counted as
// zeros. It takes Stride (default size), Pad, CeilMode and ExcludePad.
func (b *Builder) AvgPool(name string, x *Node, size int, options ...Option) *Node {
	s := newSettings(size, options)
	return b.add(name, AvgPool{Window: s.Window, Ceil: s.ceil, ExcludePad: s.excludePad}, x)
}

// GlobalAvgPool adds the mean of each channel over the whole image; the result is an
// image of one pixel.
func (b *Builder) GlobalAvgPool(name string, x *Node) *Node {
	op := AvgPool{Window: newSettings(1, nil).Window}
	if b.err == nil && x.shape.IsImage() {
		op.Kernel = [2]int{x.shape[0], x.shape[1]}
		op.Stride = op.Kernel
	}
	return b.add(name, op, x)
}

// Kind returns "avg_pool".
func (AvgPool) Kind() string { return "avg_pool" }

// Infer returns the shape of the image of means.
func (o AvgPool) Infer(in []Shape) (Shape, error) {
	if o.Dilation != [2]int{1, 1} {
		return nil, fmt.Errorf("expects no dilation, but got %v", o.Dilation)
	}
	return o.inferPool(in[0], o.Ceil)
}

// inferPool returns the shape that a pooling gives.
func (w Window) inferPool(in Shape, ceil bool) (Shape, error) {
	height, width, err := w.infer(in, ceil)
	if err != nil {
		return nil, err
	}
	for i, side := range []string{"height", "width"} {
		if 2*w.Pad[i] > w.Kernel[i] {
			return nil, fmt.Errorf("expects a pad of at most half the window's %s %d, but got %d",
				side, w.Kernel[i], w.Pad[i])
		}
	}
	return Shape{height, width, in.Channels()}, nil
}

// Adaptive is the output's size of poolings over as many windows. Together they
// cover the image: window i of n over a side begins at floor(i*side/n) and ends
// before ceil((i+1)*side/n).
type Adaptive struct{ Height, Width int }

// Infer returns the image's shape with the height and width asked for.
func (o Adaptive) Infer(in []Shape) (Shape, error) {
	if !in[0].IsImage() {
		return nil, notImage(in[0])
	}
	if o.Height < 1 || o.Width < 1 {
		return nil, fmt.Errorf("expects a height and width of at least 1, but got %dx%d",
			o.Height, o.Width)
	}
	return Shape{o.Height, o.Width, in[0].Channels()}, nil
}

// reach makes adaptive poolings windowed. Windows whose sizes differ count as
// the largest.
func (o Adaptive) reach(in Shape) (size [2]int, apart [2]float64) {
	for i, out := range [2]int{o.Height, o.Width} {
		for n := range out {
			size[i] = max(size[i], ((n+1)*in[i]+out-1)/out-n*in[i]/out)
		}
		apart[i] = float64(in[i]) / float64(out)
	}
	return size, apart
}

// AdaptiveMaxPool is the maximum over windows that cover the image.
type AdaptiveMaxPool struct {
	leaf
	Adaptive
}

// Infer returns the image's shape with the height and width asked for.
func (o AdaptiveMaxPool) Infer(in []Shape) (Shape, error) {
	shape, err := o.Adaptive.Infer(in)
	if err == nil {
		window, _ := o.reach(in[0])
		err = checkMaxima(window)
	}
	return shape, err
}

// AdaptiveMaxPool adds the maximum over as many windows as the output is to be
// high and wide. Together they cover the image, and where its sides cannot be
// divided they overlap, as PyTorch's do.
func (b *Builder) AdaptiveMaxPool(name string, x *Node, height, width int) *Node {
	return b.add(name, AdaptiveMaxPool{Adaptive: Adaptive{Height: height, Width: width}}, x)
}

// Kind returns "adaptive_max_pool".
func (AdaptiveMaxPool) Kind() string { return "adaptive_max_pool" }

// AdaptiveAvgPool is the mean over windows that cover the image.
type AdaptiveAvgPool struct {
	leaf
	Adaptive
}

// AdaptiveAvgPool adds the mean over as many windows as the output is to be
// high and wide. Together they cover the image, and where its sides cannot be
// divided they overlap, as PyTorch's do.
func (b *Builder) AdaptiveAvgPool(name string, x *Node, height, width int) *Node {
	return b.add(name, AdaptiveAvgPool{Adaptive: Adaptive{Height: height, Width: width}}, x)
}

// Kind returns "adaptive_avg_pool".
func (AdaptiveAvgPool) Kind() string { return "adaptive_avg_pool" }

package resample

import "fmt"

// A Source is an image: Height rows of Width pixels of Channels interleaved
// bytes (1 or 3), without padding.
type Source struct {
	Pix                     []uint8
	Width, Height, Channels int
}

// A Target is a slot of a batch: Bytes or Floats, whichever is not nil, in the
// order height, width, channel, or channel, height, width where it is Planar.
// Of a source with 1 channel all channels of the target are the same; one of 3
// channels needs a target of 3.
type Target struct {
	Bytes    []uint8
	Floats   []float32
	Norm     *Norm // of Floats
	Channels int
	Planar   bool
}

// check panics where the target does not fit the result.
func (t *Target) check(src *Source, width, height int) {
	n := width * height * t.Channels
	fits := len(t.Bytes) == n
	if t.Bytes == nil {
		fits = len(t.Floats) == n && t.Norm != nil && t.Norm.channels == t.Channels
	}
	if !fits || (t.Channels != src.Channels && (src.Channels != 1 || t.Channels != 3)) {
		panic(fmt.Sprintf("resample: %d bytes, %d floats for %dx%dx%d values of %d channels",
			len(t.Bytes), len(t.Floats), width, height, t.Channels, src.Channels))
	}
	if len(src.Pix) != src.Width*src.Height*src.Channels {
		panic(fmt.Sprintf("resample: an image of %dx%dx%d has %d bytes",
			src.Width, src.Height, src.Channels, len(src.Pix)))
	}
}

// streamFloats is from how many floats on a target is written around the cache:
// a batch of such images does not fit there, and lines that are written whole
// need not be read before.
const streamFloats = 1 << 15

func (t *Target) streams() bool { return t.Bytes == nil && len(t.Floats) >= streamFloats }

// finish makes what was written seen by others.
func (t *Target) finish() {
	if t.streams() {
		fence()
	}
}

// blockValues is how many values the loops handle at a time: a multiple of 3,
// for the channels of whole pixels, and of 16, for those of a register.
const blockValues = 48

// A Norm turns the value v of channel c into v*scale[c] + bias[c], rounded
// after the product and after the sum.
type Norm struct {
	scale, bias [blockValues]float32 // repeated for each pixel
	channels    int
}

// NewNorm returns the norm with a factor and a summand for each of 1 or 3
// channels.
func NewNorm(scale, bias []float32) *Norm {
	n := new(Norm)
	n.Set(scale, bias)
	return n
}

// Set gives the norm a factor and a summand for each of 1 or 3 channels.
func (n *Norm) Set(scale, bias []float32) {
	if len(scale) != len(bias) || (len(scale) != 1 && len(scale) != 3) {
		panic(fmt.Sprintf("resample: %d factors and %d summands", len(scale), len(bias)))
	}
	n.channels = len(scale)
	for i := range n.scale {
		n.scale[i], n.bias[i] = scale[i%len(scale)], bias[i%len(bias)]
	}
}

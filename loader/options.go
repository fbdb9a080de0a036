package loader

import (
	"cmp"
	"errors"
	"fmt"
	"runtime"

	"github.com/dsbuild/dsbuild/dataset"
	"github.com/dsbuild/dsbuild/pixel"
)

// Defaults of the options.
const (
	DefaultBatchSize = 64
	DefaultPrefetch  = 1
)

// maxBatchValues bounds what one batch may hold: 4 GiB of float32.
const maxBatchValues = 1 << 30

// A Transform draws what happens to a training image. augment.Pipeline is one.
type Transform interface {
	// Draw replaces the plan's steps by those for an image of the given size,
	// which must lead to the size of the loader's Input. Only the key may
	// decide the draws, and it is valid during the call alone. Draw is called
	// by several goroutines at a time.
	Draw(plan *pixel.Plan, key dataset.Key, width, height int)
}

// A Mixer is a Transform that also makes one image of several.
type Mixer interface {
	Transform
	// Mix replaces what the mix was by how a sample's image of the given size,
	// the Input's, is mixed with others; no Layers leave it as it is. It is
	// called like Draw.
	Mix(mix *pixel.Mix, key dataset.Key, width, height int)
}

// TrainOptions configure how training batches are made. Zero values stand for the
// defaults given.
type TrainOptions struct {
	Input Input
	// Augment transforms the images; nil resizes each whole image to the Input's
	// size. Its String method, or else its %+v format, must describe everything that
	// it does: a State uses it to tell pipelines apart.
	Augment Transform
	// Seed of the order of samples and of all random draws of Augment.
	Seed uint64
	// Sampling decides which images make up an epoch; the zero value takes each
	// image once, in random order.
	Sampling Sampling
	// BatchSize is the number of images in a batch; default 64. The last batch of
	// an epoch may be smaller.
	BatchSize int
	// DropLast drops the last batch if it is not full.
	DropLast bool
	// Shard is this program's part of every epoch; the zero value is all.
	Shard Shard
	// Variants adds the images that augment --materialize has written.
	Variants bool
	// Reduce is a side in pixels: images whose shorter side is longer are scaled
	// down to it before augmentation, so that it affects the pixels. 0 reduces
	// nothing.
	Reduce int
	// CacheBytes limits the memory in which decoded images are kept for later
	// epochs. It needs Reduce. Batches are the same with and without it.
	CacheBytes int64
	// Packs decides whether a pack of the split is read instead of its files.
	Packs Packs
	// Collate, if not nil, may change a batch before it is handed out, for example
	// to add noise. It is called for one batch after the other, in order, by one
	// goroutine of the epoch, while later batches are made. It owns the batch until
	// it returns and must not release it. An error ends the epoch.
	Collate func(*Batch) error
	// Workers is the number of images decoded at a time; default one per processor.
	Workers int
	// Prefetch is the number of batches that may be ready or in progress ahead of
	// the one that the program has; default 1, which is enough if batches take about
	// equally long. More batches smooth out differences but take more memory.
	Prefetch int
	// BadImages decides what happens with images that cannot be decoded; the zero
	// value replaces them with another image of the class.
	BadImages Policy
	// OnError, if not nil, is called for images that were replaced, batch by batch
	// in order and by one goroutine at a time. They are also listed in
	// logs/loader.jsonl.
	OnError func(BadImage)
	// MaxPixels limits the size of images; default 100 million. No side may be
	// longer than 65535 pixels.
	MaxPixels int64
}

// EvalOptions say how batches for evaluation are made. Each image is cut to
// the Input's aspect ratio around its middle and scaled to its size.
type EvalOptions struct {
	Input      Input
	BatchSize  int   // default 64; the last batch has what is left
	Workers    int   // default one for each processor
	Prefetch   int   // default 1
	MaxPixels  int64 // default 100 million
	Shard      Shard // the zero value is all
	Reduce     int   // as in TrainOptions
	CacheBytes int64 // as in TrainOptions
	Packs      Packs // as in TrainOptions
	// Whole scales the whole image to the Input's size instead of cutting.
	Whole bool
}

// Packs says whether packs are read.
type Packs int

// Auto reads the pack of a split where there is one of its present manifest,
// and else the files. Off reads the files.
const (
	Auto Packs = iota
	Off
)

// A Policy says what is done about training images that cannot be decoded.
type Policy int

// Substitute puts another image of the class in the place, so that an epoch
// keeps its length. Fail ends the epoch with an error that names the file.
const (
	Substitute Policy = iota
	Fail
)

// config is what loaders of both kinds are made by, defaults filled in.
type config struct {
	input      Input
	transform  Transform
	mixer      Mixer // nil where nothing is mixed
	sampling   Sampling
	shuffled   bool
	seed       uint64
	batchSize  int
	dropLast   bool
	shard      Shard
	reduce     int
	cacheBytes int64
	packs      Packs
	collate    func(*Batch) error
	workers    int
	prefetch   int
	policy     Policy
	onError    func(BadImage)
	maxPixels  int64
}

func (o TrainOptions) config() config {
	c := config{
		input: o.Input, transform: o.Augment, sampling: o.Sampling, shuffled: true, seed: o.Seed,
		batchSize: o.BatchSize, dropLast: o.DropLast, shard: o.Shard, reduce: o.Reduce,
		cacheBytes: o.CacheBytes, packs: o.Packs, collate: o.Collate, workers: o.Workers,
		prefetch: o.Prefetch, policy: o.BadImages, onError: o.OnError, maxPixels: o.MaxPixels,
	}.withDefaults()
	c.mixer, _ = o.Augment.(Mixer)
	if o.Augment == nil {
		c.transform = fit{c.input.Width, c.input.Height, true}
	}
	return c
}

func (o EvalOptions) config() config {
	c := config{
		input: o.Input, batchSize: o.BatchSize, shard: o.Shard, reduce: o.Reduce,
		cacheBytes: o.CacheBytes, packs: o.Packs, workers: o.Workers, prefetch: o.Prefetch,
		policy: Fail, maxPixels: o.MaxPixels,
	}.withDefaults()
	c.transform = fit{c.input.Width, c.input.Height, o.Whole}
	return c
}

func (c config) withDefaults() config {
	c.input = c.input.withDefaults()
	c.batchSize = cmp.Or(c.batchSize, DefaultBatchSize)
	c.prefetch = cmp.Or(c.prefetch, DefaultPrefetch)
	c.workers = cmp.Or(c.workers, runtime.GOMAXPROCS(0))
	c.shard.World = cmp.Or(c.shard.World, 1)
	c.sampling.Repeats = cmp.Or(c.sampling.Repeats, 1)
	return c
}

// validate tells what is wrong with the options.
func (c config) validate() error {
	if err := c.input.validate(); err != nil {
		return err
	}
	if c.batchSize < 1 || c.workers < 1 || c.prefetch < 1 || c.maxPixels < 0 {
		return errors.New("loader: a negative batch size, worker count, prefetch or pixel limit")
	}
	if c.batchSize > maxBatchValues/c.input.values() {
		return fmt.Errorf("loader: a batch of %d images of %dx%dx%d takes more than 4 GiB: "+
			"make it smaller", c.batchSize, c.input.Width, c.input.Height, c.input.Channels)
	}
	if c.reduce < 0 || c.cacheBytes < 0 {
		return errors.New("loader: a negative Reduce or CacheBytes")
	}
	if c.cacheBytes > 0 && c.reduce == 0 {
		return errors.New("loader: CacheBytes without Reduce: decoded images of full size fill any " +
			"memory; say by Reduce to which shorter side they are scaled down first, such as 256")
	}
	if c.packs < Auto || c.packs > Off || c.policy < Substitute || c.policy > Fail {
		return fmt.Errorf("loader: unknown Packs %d or Policy %d", c.packs, c.policy)
	}
	if err := c.shard.validate(); err != nil {
		return err
	}
	return c.sampling.validate()
}

// A fit scales images to one size without drawing anything: whole ones, or the
// largest part in the middle that has the size's aspect ratio.
type fit struct {
	width, height int
	whole         bool
}

func (f fit) Draw(plan *pixel.Plan, _ dataset.Key, width, height int) {
	plan.Reset()
	if f.whole {
		pixel.Add(plan, pixel.Resize(width, height, f.width, f.height))
		return
	}
	pixel.Add(plan, pixel.Centre(width, height, f.width, f.height))
}

// A BadImage is an image that could not be decoded.
type BadImage struct {
	FileName string
	// Instead is the image that took its place.
	Instead string
	Err     error
}

package apply

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"image/png"
	"runtime"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/dsbuild/dsbuild/augment"
	"github.com/dsbuild/dsbuild/dataset"
	"github.com/dsbuild/dsbuild/internal/codec"
	"github.com/dsbuild/dsbuild/internal/store"
	"github.com/dsbuild/dsbuild/pixel"
)

// maxVariants bounds the variants of one image.
const maxVariants = 1000

// MaterializeOptions say which variants of the training images are written.
// Zero values stand for the defaults named.
type MaterializeOptions struct {
	Pipeline augment.Pipeline
	// Boxes says which boxes stay; nil means pixel.DefaultBoxRule.
	Boxes *pixel.BoxRule
	Seed  uint64
	// Variants of each image. Variant i is what training sees of the image in
	// epoch i, but that it is not mixed with others: a sample has one label.
	Variants int
	// Workers is how many images are made at a time; default one for each
	// processor. The outcome does not depend on it.
	Workers int
	// Progress is told how many training images are done. It is called by one
	// goroutine at a time; nil means nobody wants to know.
	Progress func(done, total int)
}

// Validate tells what is wrong with the options.
func (o MaterializeOptions) Validate() error {
	if o.Variants < 1 || o.Variants > maxVariants {
		return fmt.Errorf("%d variants an image, but must be from 1 to %d", o.Variants, maxVariants)
	}
	if o.Workers < 0 {
		return errors.New("the number of workers is negative")
	}
	return o.Pipeline.Validate()
}

// A MaterializeReport counts what was written.
type MaterializeReport struct {
	Images   int `json:"images"`   // training images
	Variants int `json:"variants"` // made of them
	// Same counts draws that gave the same picture as another one of the same
	// image; they are kept once.
	Same     int    `json:"same,omitempty"`
	Manifest string `json:"manifest"`
}

// Materialize writes variants of every training image as PNG files under
// augmented/<class>/, and the manifest augmented.jsonl that names them: each
// with its Parent, and with its parent's group so that no later split can put
// the two on different sides. Boxes and masks move with the pixels. Validation
// and test images are never read. Files of an earlier call stay; the manifest
// names those of this one alone.
func Materialize(
	ctx context.Context, dir dataset.Dir, o MaterializeOptions,
) (MaterializeReport, error) {
	report := MaterializeReport{Manifest: dir.Augmented()}
	if err := o.Validate(); err != nil {
		return report, err
	}
	rule := pixel.DefaultBoxRule()
	o.Boxes, o.Workers = cmp.Or(o.Boxes, &rule), cmp.Or(o.Workers, runtime.GOMAXPROCS(0))
	samples, err := readTrain(dir)
	if err != nil {
		return report, err
	}
	m := &materializer{
		dir: dir, options: o, images: store.OpenFolder(dir, "augmented"),
		masks: store.OpenFolder(dir, "masks"),
		made:  make([][]dataset.Sample, len(samples)),
	}
	group, working := errgroup.WithContext(ctx)
	group.SetLimit(o.Workers)
	for i, s := range samples {
		if working.Err() != nil {
			break
		}
		group.Go(func() error { return m.variants(working, i, s) })
	}
	if err := errors.Join(group.Wait(), ctx.Err()); err != nil {
		return report, err
	}
	if err := errors.Join(m.images.Sync(), m.masks.Sync()); err != nil {
		return report, err
	}
	variants := slices.Concat(m.made...)
	dataset.Sort(variants)
	once := slices.CompactFunc(slices.Clone(variants), func(a, b dataset.Sample) bool {
		return a.FileName == b.FileName
	})
	report.Images, report.Variants = len(samples), len(once)
	report.Same = len(variants) - len(once)
	if err := dataset.WriteManifest(dir.Augmented(), slices.Values(once)); err != nil {
		return report, err
	}
	return report, dataset.LogRun(dir, "augment", report)
}

// A materializer makes the variants of one image after the other.
type materializer struct {
	dir     dataset.Dir
	options MaterializeOptions
	images  *store.Store
	masks   *store.Store
	made    [][]dataset.Sample // by training image

	mu   sync.Mutex
	done int
}

// variants makes all variants of training image i.
func (m *materializer) variants(ctx context.Context, i int, s dataset.Sample) error {
	own, err := readPicture(m.dir, s)
	if err != nil {
		return err
	}
	for epoch := range m.options.Variants {
		if err := ctx.Err(); err != nil {
			return err
		}
		key := dataset.Key{Seed: m.options.Seed, Epoch: epoch, Sample: s.FileName}
		plan := m.options.Pipeline.Plan(key, own.Image.Width, own.Image.Height)
		variant, err := m.write(s, own.after(plan, *m.options.Boxes))
		if err != nil {
			return err
		}
		m.made[i] = append(m.made[i], variant)
	}
	m.tick()
	return nil
}

func (m *materializer) tick() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.done++
	if m.options.Progress != nil {
		m.options.Progress(m.done, len(m.made))
	}
}

// write stores one variant and returns the sample that describes it.
func (m *materializer) write(parent dataset.Sample, p Picture) (dataset.Sample, error) {
	variant, err := put(m.images, parent.Label, p.Image)
	if err != nil {
		return variant, err
	}
	variant.Split, variant.Parent = dataset.Train, parent.FileName
	variant.Group, variant.Boxes = parent.Group, p.Boxes
	if variant.Group == "" {
		variant.Group = parent.FileName
	}
	if p.Mask != nil {
		mask, err := put(m.masks, parent.Label, p.Mask)
		if err != nil {
			return variant, err
		}
		variant.Mask = mask.FileName
	}
	return variant, nil
}

// put stores an image as a PNG file.
func put(files *store.Store, label string, m *pixel.Image) (dataset.Sample, error) {
	var b bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestSpeed, BufferPool: &encoderBuffers}
	if err := encoder.Encode(&b, m.Std()); err != nil {
		return dataset.Sample{}, err
	}
	return files.Put(label, b.Bytes(), codec.Header{
		Format: "png", Width: m.Width, Height: m.Height, Channels: m.Channels, Orientation: 1,
	})
}

// encoderBuffers spares small images the making of a compressor, which costs
// more than their compression.
var encoderBuffers bufferPool

// A bufferPool is a png.EncoderBufferPool.
type bufferPool struct{ pool sync.Pool }

func (p *bufferPool) Get() *png.EncoderBuffer {
	b, _ := p.pool.Get().(*png.EncoderBuffer)
	return b
}

func (p *bufferPool) Put(b *png.EncoderBuffer) { p.pool.Put(b) }

package main

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/dsbuild/dsbuild/train/engine"
	"github.com/dsbuild/dsbuild/train/model"
	"github.com/dsbuild/dsbuild/train/nn"
)

// A networkBench says what network is measured, and how often.
type networkBench struct {
	name      string // of the command
	model     model.Options
	batch     int
	threads   int
	steps     int
	precision engine.Precision
	exact     bool
}

// warmUpSteps come before those that are measured.
const warmUpSteps = 3

// benchNetworkFlags say what network is measured, and how often.
func benchNetworkFlags(batch int) []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "model", Value: "cnn",
			Usage: "`NAME` of the network: " + strings.Join(model.Names(), ", ")},
		&cli.StringFlag{Name: "input", DefaultText: "1x28x28 for cnn, 3x224x224 for others",
			Usage: "`SIZE` of an image: channels x height x width"},
		&cli.IntFlag{Name: "classes", DefaultText: "10 for cnn, 1000 for others",
			Usage: "number of classes, `N`"},
		&cli.IntFlag{Name: "batch", Value: batch, Usage: "`N` images per batch"},
		&cli.IntFlag{Name: "threads", DefaultText: "one per processor",
			Usage: "use `N` threads"},
		&cli.StringFlag{Name: "precision", Value: string(engine.Float32),
			Usage: "`TYPE` to multiply in: " + string(engine.Float32) + ", or " +
				string(engine.BFloat16) + " where faster, if the processor can"},
		&cli.BoolFlag{Name: "exact", DisableDefaultText: true,
			Usage: "do without Winograd convolutions, which are faster but less exact"},
		&cli.IntFlag{Name: "steps", Value: 10,
			Usage: "measure `N` steps, after a few to warm up"},
	}
}

// newNetworkBench reads and checks the flags of benchNetworkFlags.
func newNetworkBench(c *cli.Context, name string) (networkBench, error) {
	const most = 1 << 14
	b := networkBench{
		name: name, batch: c.Int("batch"), threads: runtime.GOMAXPROCS(0), steps: c.Int("steps"),
		precision: engine.Precision(c.String("precision")), exact: c.Bool("exact"),
		model: model.Options{Name: c.String("model"), Channels: 3, YDim: 224, XDim: 224, Classes: 1000},
	}
	if b.model.Name == "cnn" {
		b.model = model.Options{Name: "cnn", Channels: 1, YDim: 28, XDim: 28, Classes: 10,
			CDims: []int{32, 64}, HDims: []int{128}, Dropout: -1}
	}
	bind(c, "threads", &b.threads, c.Int)
	bind(c, "classes", &b.model.Classes, c.Int)
	if err := checkThreads(name, "threads", b.threads); err != nil {
		return b, err
	}
	switch {
	case b.batch < 1 || b.batch > most:
		return b, usagef(name, "--batch is %d, but must be from 1 to %d", b.batch, most)
	case b.steps < 1:
		return b, usagef(name, "--steps is %d, but must be 1 or more", b.steps)
	case b.precision != engine.Float32 && b.precision != engine.BFloat16:
		return b, usagef(name, "--precision is %q, but must be %s or %s",
			b.precision, engine.Float32, engine.BFloat16)
	}
	if c.IsSet("input") {
		if err := b.resize(c.String("input")); err != nil {
			return b, err
		}
	}
	return b, invalid(name, b.model.Validate())
}

// resize sets the size of the images from text such as 3x224x224.
func (b *networkBench) resize(text string) error {
	sides := strings.Split(text, "x")
	to := []*int{&b.model.Channels, &b.model.YDim, &b.model.XDim}
	if len(sides) != len(to) {
		return usagef(b.name, "--input is %q, but must be channels x height x width, such as 3x224x224",
			text)
	}
	for i, side := range sides {
		n, err := strconv.Atoi(side)
		if err != nil || n < 1 {
			return usagef(b.name, "--input is %q, but %q is not a number of 1 or more", text, side)
		}
		*to[i] = n
	}
	return nil
}

// session returns the network at work.
func (b networkBench) session(o engine.Options) (*engine.Session, error) {
	graph, err := model.Build(b.model)
	if err != nil {
		return nil, invalid(b.name, err)
	}
	o.MaxBatch, o.Threads, o.Precision, o.Exact = b.batch, b.threads, b.precision, b.exact
	return engine.New(nn.NewWeights(graph, 1), o)
}

// images returns a batch that shows nothing, with values from -1 to 1.
func (b networkBench) images() []float32 {
	images := make([]float32, b.batch*b.model.YDim*b.model.XDim*b.model.Channels)
	x := uint32(1)
	for i := range images {
		x = x*1664525 + 1013904223
		images[i] = float32(int32(x)) / (1 << 31)
	}
	return images
}

// title names what was measured.
func (b networkBench) title() string {
	exact := ""
	if b.exact {
		exact = ", exact"
	}
	return fmt.Sprintf("%s, input %dx%dx%d, batch of %s, %s, %s%s", b.model.Name,
		b.model.Channels, b.model.YDim, b.model.XDim, plural(b.batch, "image", "images"),
		plural(b.threads, "thread", "threads"), b.precision, exact)
}

// measure makes steps, a few of them to warm up. A step notes the moments at
// which its parts end.
func (b networkBench) measure(
	ctx context.Context, parts int, step func(number int, note func()),
) (measured, error) {
	m := measured{parts: make([]durations, parts)}
	var before resources
	for number := range warmUpSteps + b.steps {
		if err := ctx.Err(); err != nil {
			return m, err
		}
		if number == warmUpSteps {
			before = taken()
		}
		part, start := 0, time.Now()
		step(number, func() {
			now := time.Now()
			if number >= warmUpSteps {
				m.parts[part] = append(m.parts[part], now.Sub(start))
			}
			part, start = part+1, now
		})
	}
	after := taken()
	m.cpu = milliseconds(after.cpu-before.cpu) / float64(b.steps)
	m.peakMB = float64(after.peakRSS) / 1e6
	return m, nil
}

// measured is what steps took.
type measured struct {
	parts  []durations
	cpu    float64 // milliseconds of a step, all threads together
	peakMB float64 // of memory
}

// durations are what a part took in each step.
type durations []time.Duration

// plus adds up two parts, step by step.
func (d durations) plus(e durations) durations {
	sum := slices.Clone(d)
	for i := range sum {
		sum[i] += e[i]
	}
	return sum
}

// median returns the middle one in milliseconds, or the mean of the two.
func (d durations) median() float64 {
	sorted := slices.Sorted(slices.Values(d))
	n := len(sorted)
	return milliseconds(sorted[(n-1)/2]+sorted[n/2]) / 2
}

// least returns the least one in milliseconds.
func (d durations) least() float64 { return milliseconds(slices.Min(d)) }

func milliseconds(d time.Duration) float64 { return d.Seconds() * 1000 }

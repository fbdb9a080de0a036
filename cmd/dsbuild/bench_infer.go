package main

import (
	"context"
	"fmt"
	"io"

	"github.com/urfave/cli/v2"

	"github.com/dsbuild/dsbuild/train/engine"
)

func benchInferCommand() *cli.Command {
	return &cli.Command{
		Name:  "infer",
		Usage: "measure the time of inference",
		Description: `Runs a network on the same batch of random images again and again and reports the
median time. Batch norms are folded into the convolutions, as dsbuild predict does.
The networks are those of bench train.

Examples:
   dsbuild bench infer --model resnet18 --input 3x224x224
   dsbuild bench infer --model mobilenet_v2 --batch 16 --threads 2`,
		Flags: benchNetworkFlags(1),
		Action: func(c *cli.Context) error {
			b, err := newNetworkBench(c, "bench infer")
			if err != nil {
				return err
			}
			return runBenchInfer(c.Context, bareSetting(c), b)
		},
	}
}

// An inferFigures value tells how long a batch takes.
type inferFigures struct {
	Model     string           `json:"model"`
	Batch     int              `json:"batch"`
	Threads   int              `json:"threads"`
	Precision engine.Precision `json:"precision"`
	Ms        float64          `json:"ms"`               // the median
	Least     float64          `json:"least_ms"`         // of a batch
	CPU       float64          `json:"cpu_ms,omitempty"` // of all threads, the mean
	PeakMB    float64          `json:"peak_mb,omitempty"`
}

// runBenchInfer measures inference and shows the figures.
func runBenchInfer(ctx context.Context, s setting, b networkBench) error {
	session, err := b.session(engine.Options{Inference: true})
	if err != nil {
		return err
	}
	defer session.Close()
	images := b.images()
	m, err := b.measure(ctx, 1, func(_ int, note func()) {
		session.Predict(images, b.batch)
		note()
	})
	if err != nil {
		return err
	}
	figures := inferFigures{
		Model: b.model.Name, Batch: b.batch, Threads: b.threads, Precision: b.precision,
		Ms: m.parts[0].median(), Least: m.parts[0].least(), CPU: m.cpu, PeakMB: m.peakMB,
	}
	return s.result(figures, func(w io.Writer) { writeInfer(w, b, figures) })
}

func writeInfer(w io.Writer, b networkBench, f inferFigures) {
	fmt.Fprintf(w, "%s\n\n", b.title())
	var t table
	t.row("ms", "least", "images/s", "peak MB")
	t.row(f.Ms, f.Least, int(float64(f.Batch)/f.Ms*1000+0.5), int(f.PeakMB+0.5))
	t.write(w)
}

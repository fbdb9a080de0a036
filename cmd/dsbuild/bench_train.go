package main

import (
	"context"
	"fmt"
	"io"

	"github.com/urfave/cli/v2"

	"github.com/dsbuild/dsbuild/train/engine"
	"github.com/dsbuild/dsbuild/train/optim"
)

func benchTrainCommand() *cli.Command {
	return &cli.Command{
		Name:  "train",
		Usage: "measure the time of a training step",
		Description: `Trains a network on one batch of random images and reports the median time of a step
and of its parts: forward pass including the loss, backward pass, and weight update
(Adam for cnn, SGD with momentum for the other networks). The cnn used here has
convolutions with 32 and 64 channels, each followed by batch norm and max pooling,
a linear layer of 128, and no dropout. "peak MB" is the peak memory of the process.

Examples:
   dsbuild bench train --model cnn --batch 128
   dsbuild bench train --model resnet18 --input 3x224x224 --batch 16 --threads 2`,
		Flags: benchNetworkFlags(16),
		Action: func(c *cli.Context) error {
			b, err := newNetworkBench(c, "bench train")
			if err != nil {
				return err
			}
			return runBenchTrain(c.Context, bareSetting(c), b)
		},
	}
}

// A stepFigures value tells how long a step of training takes: medians, but for
// the least.
type stepFigures struct {
	Model     string           `json:"model"`
	Batch     int              `json:"batch"`
	Threads   int              `json:"threads"`
	Precision engine.Precision `json:"precision"`
	Step      float64          `json:"step_ms"`
	Forward   float64          `json:"forward_ms"`
	Backward  float64          `json:"backward_ms"`
	Update    float64          `json:"update_ms"`
	Least     float64          `json:"least_ms"`         // of a whole step
	CPU       float64          `json:"cpu_ms,omitempty"` // of all threads, the mean
	PeakMB    float64          `json:"peak_mb,omitempty"`
}

// runBenchTrain measures steps and shows the figures.
func runBenchTrain(ctx context.Context, s setting, b networkBench) error {
	note := func() {}
	session, err := b.session(engine.Options{OnLoss: func(engine.Result) { note() }})
	if err != nil {
		return err
	}
	defer session.Close()
	var optimizer optim.Optimizer
	if learnables := session.Learnables(); b.model.Name == "cnn" {
		optimizer = optim.NewAdam(learnables, optim.AdamOptions{})
	} else {
		optimizer = optim.NewSGD(learnables, optim.SGDOptions{Momentum: 0.9})
	}
	images, labels := b.images(), make([]int32, b.batch)
	for i := range labels {
		labels[i] = int32(i % b.model.Classes)
	}
	m, err := b.measure(ctx, 3, func(number int, noted func()) {
		note = noted
		session.Train(images, labels, number)
		note()
		optimizer.Step(session, 1e-4)
		note()
	})
	if err != nil {
		return err
	}
	step := m.parts[0].plus(m.parts[1]).plus(m.parts[2])
	figures := stepFigures{
		Model: b.model.Name, Batch: b.batch, Threads: b.threads, Precision: b.precision,
		Step: step.median(), Forward: m.parts[0].median(), Backward: m.parts[1].median(),
		Update: m.parts[2].median(), Least: step.least(), CPU: m.cpu, PeakMB: m.peakMB,
	}
	return s.result(figures, func(w io.Writer) { writeSteps(w, b, figures) })
}

func writeSteps(w io.Writer, b networkBench, f stepFigures) {
	fmt.Fprintf(w, "%s\n\n", b.title())
	var t table
	t.row("step ms", "least", "forward", "backward", "update", "images/s", "peak MB")
	t.row(f.Step, f.Least, f.Forward, f.Backward, f.Update,
		int(float64(f.Batch)/f.Step*1000+0.5), int(f.PeakMB+0.5))
	t.write(w)
}

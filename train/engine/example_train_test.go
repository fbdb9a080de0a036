package engine_test

import (
	"context"
	"fmt"
	"image"
	"image/png"
	"log"
	"os"
	"path/filepath"

	"github.com/dsbuild/dsbuild/augment"
	"github.com/dsbuild/dsbuild/dataset"
	"github.com/dsbuild/dsbuild/importer"
	"github.com/dsbuild/dsbuild/loader"
	"github.com/dsbuild/dsbuild/split"
	"github.com/dsbuild/dsbuild/train/engine"
	"github.com/dsbuild/dsbuild/train/nn"
	"github.com/dsbuild/dsbuild/train/optim"
)

// A network of your own, trained on the batches of a data set: build the graph,
// start a session, and make one optimizer step per batch. Then evaluate it on the
// validation split.
func Example() {
	const side, epochs, batchSize = 16, 8, 8
	ctx, input := context.Background(), loader.Input{Width: side, Height: side, Channels: 1}
	bars := makeBars(side) // or: dsbuild import --from folder; dsbuild split
	defer os.RemoveAll(filepath.Dir(string(bars)))
	training, err := loader.NewTrain(bars, loader.TrainOptions{
		Input: input, BatchSize: batchSize, Seed: 1,
		Augment: augment.Pipeline{augment.RandomCrop(side, 1)},
	})
	if err != nil {
		log.Fatal(err)
	}

	b := nn.NewBuilder()
	x := b.Input(nn.Shape{side, side, 1}) // height, width, channels
	x = b.Conv("conv1", x, 8, nn.Kernel(3), nn.Pad(1), nn.NoBias())
	x = b.ReLU("relu1", b.BatchNorm("bn1", x))
	x = b.GlobalAvgPool("pool", b.MaxPool("pool1", x, 2))
	graph, err := b.Graph(b.Linear("fc", b.Flatten("flatten", x), len(training.Classes())))
	if err != nil {
		log.Fatal(err)
	}
	session, err := engine.New(nn.NewWeights(graph, 1), engine.Options{MaxBatch: batchSize})
	if err != nil {
		log.Fatal(err)
	}
	defer session.Close()
	adam := optim.NewAdam(session.Learnables(), optim.AdamOptions{WeightDecay: 0.01})
	schedule := optim.OneCycle{Rate: 0.05, Total: epochs * training.Batches()}

	step := 0
	for epoch := range epochs {
		for batch, err := range training.Epoch(ctx, epoch) {
			if err != nil {
				log.Fatal(err)
			}
			session.Train(batch.Images().Data().([]float32), batch.Labels(), step)
			adam.Step(session, schedule.At(step))
			batch.Release()
			step++
		}
	}

	validation, err := loader.NewEval(bars, dataset.Val, loader.EvalOptions{
		Input: input, BatchSize: batchSize,
	})
	if err != nil {
		log.Fatal(err)
	}
	correct := 0
	for batch, err := range validation.Epoch(ctx, 0) {
		if err != nil {
			log.Fatal(err)
		}
		correct += session.Evaluate(batch.Images().Data().([]float32), batch.Labels()).Correct
		batch.Release()
	}
	fmt.Println(correct, "of", validation.Len(), "validation pictures are classified correctly")
	// Output: 8 of 8 validation pictures are classified correctly
}

// makeBars makes a data set of 40 horizontal and 40 vertical bars.
func makeBars(side int) dataset.Dir {
	folder, err := os.MkdirTemp("", "bars")
	if err != nil {
		log.Fatal(err)
	}
	for i := range 80 {
		m := image.NewGray(image.Rect(0, 0, side, side))
		at, class := 3+i/2%(side-6), filepath.Join(folder, "pictures", "horizontal")
		stride, start := 1, at*side
		if i%2 == 1 {
			class = filepath.Join(folder, "pictures", "vertical")
			stride, start = side, at
		}
		for k := range side - i/2%4 { // of several lengths, so that none are copies
			m.Pix[start+k*stride] = uint8(255 - i)
		}
		if err := os.MkdirAll(class, 0o777); err != nil {
			log.Fatal(err)
		}
		f, err := os.Create(filepath.Join(class, fmt.Sprint(i, ".png")))
		if err != nil {
			log.Fatal(err)
		}
		if err := png.Encode(f, m); err != nil {
			log.Fatal(err)
		}
		if err := f.Close(); err != nil {
			log.Fatal(err)
		}
	}
	bars := dataset.Dir(filepath.Join(folder, "bars"))
	options := importer.Options{From: filepath.Join(folder, "pictures")}
	if _, err := importer.Run(context.Background(), bars, options); err != nil {
		log.Fatal(err)
	}
	if _, err := split.Run(context.Background(), bars, split.Options{Seed: 1}); err != nil {
		log.Fatal(err)
	}
	return bars
}

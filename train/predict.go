package train

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"slices"

	"github.com/dsbuild/dsbuild/dataset"
	"github.com/dsbuild/dsbuild/internal/parallel"
	"github.com/dsbuild/dsbuild/loader"
	"github.com/dsbuild/dsbuild/train/engine"
)

// maxFileBytes bounds what Predict reads of one file.
const maxFileBytes = 256 << 20

// PredictOptions say which network is asked. Zero values stand for the
// defaults named.
type PredictOptions struct {
	// Checkpoint is the path of a network; default that of the run.
	Checkpoint string
	Run        string // default "baseline"
	Top        int    // how many classes are told; default 5
	Threads    int    // default one for each processor
}

// A Prediction is what a network takes a file for.
type Prediction struct {
	File        string  `json:"file"`
	Label       string  `json:"label,omitempty"`
	Probability float64 `json:"probability,omitempty"`
	// Top are the likeliest classes, Label among them, the likeliest first.
	Top []Guess `json:"top,omitempty"`
	// Error says why there is no label.
	Error string `json:"error,omitempty"`
}

// A Guess is one class that an image may be of.
type Guess struct {
	Label       string  `json:"label"`
	Probability float64 `json:"probability"`
}

// Predict yields what a network takes the files for, in their order. A file
// that is no image has its own error; an error of the sequence, such as that of a
// network that is not there, ends it.
func Predict(
	ctx context.Context, dir dataset.Dir, files []string, o PredictOptions,
) iter.Seq2[Prediction, error] {
	return func(yield func(Prediction, error) bool) {
		const batch = 32
		if err := notNegative([]count{{"top", o.Top}, {"threads", o.Threads}}); err != nil {
			yield(Prediction{}, err)
			return
		}
		o.Checkpoint = checkpointOf(dir, o.Checkpoint, o.Run)
		o.Top = cmp.Or(o.Top, 5)
		net, err := openNetwork(o.Checkpoint, batch, o.Threads)
		if err != nil {
			yield(Prediction{}, err)
			return
		}
		defer net.close()
		for some := range slices.Chunk(files, batch) {
			if err := ctx.Err(); err != nil {
				yield(Prediction{}, err)
				return
			}
			for _, p := range net.predict(some, o) {
				if !yield(p, nil) {
					return
				}
			}
		}
	}
}

// predict asks the network about up to a batch of files.
func (n *network) predict(files []string, o PredictOptions) []Prediction {
	in := n.settings.Input()
	size := in.Width * in.Height * in.Channels
	images := make([]float32, len(files)*size)
	faults := make([]error, len(files))
	parallel.For(o.Threads, len(files), 1, func(lo, hi int) {
		for i := lo; i < hi; i++ {
			faults[i] = loadFile(images[i*size:(i+1)*size], files[i], in)
		}
	})
	logits := n.session.Predict(images, len(files))
	classes := n.settings.Classes
	predictions := make([]Prediction, len(files))
	for i, file := range files {
		predictions[i] = Prediction{File: file}
		if faults[i] != nil {
			predictions[i].Error = faults[i].Error()
			continue
		}
		guesses := rank(classes, logits[i*len(classes):(i+1)*len(classes)])
		predictions[i].Label = guesses[0].Label
		predictions[i].Probability = guesses[0].Probability
		predictions[i].Top = guesses[:min(o.Top, len(guesses))]
	}
	return predictions
}

// rank turns logits into guesses, the likeliest first.
func rank(classes dataset.Classes, logits []float32) []Guess {
	probabilities := make([]float32, len(logits))
	engine.Softmax(probabilities, logits)
	guesses := make([]Guess, len(classes))
	for i, label := range classes {
		guesses[i] = Guess{label, float64(probabilities[i])}
	}
	slices.SortStableFunc(guesses, func(a, b Guess) int {
		return -cmp.Compare(a.Probability, b.Probability)
	})
	return guesses
}

// loadFile puts the image of a file into dst.
func loadFile(dst []float32, path string, in loader.Input) error {
	f, err := os.Open(path)
	if err != nil {
		if fault, ok := errors.AsType[*os.PathError](err); ok {
			err = fault.Err // the file is named beside it
		}
		return err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxFileBytes+1))
	if err != nil {
		return err
	}
	if len(data) > maxFileBytes {
		return fmt.Errorf("it has more than %d MiB", maxFileBytes>>20)
	}
	return loader.Load(dst, data, loader.EvalOptions{Input: in})
}

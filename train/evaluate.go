package train

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/dsbuild/dsbuild/dataset"
	"github.com/dsbuild/dsbuild/loader"
	"github.com/dsbuild/dsbuild/train/engine"
)

// EvaluateOptions say which network is measured on what. Zero values stand for
// the defaults named.
type EvaluateOptions struct {
	// Checkpoint is the path of a network; default that of the run.
	Checkpoint string
	Run        string        // default "baseline"
	Split      dataset.Split // default test
	BatchSize  int           // default 64; the figures do not depend on it
	Threads    int           // default one for each processor
	// Progress is told how many images are done; nil means nobody wants to
	// know.
	Progress func(done, total int)
}

func (o EvaluateOptions) withDefaults(dir dataset.Dir) EvaluateOptions {
	o.Checkpoint = checkpointOf(dir, o.Checkpoint, o.Run)
	o.Split = cmp.Or(o.Split, dataset.Test)
	o.BatchSize = cmp.Or(o.BatchSize, loader.DefaultBatchSize)
	return o
}

// An Evaluation says how well a network tells the images of a split apart.
type Evaluation struct {
	Split    dataset.Split `json:"split"`
	Samples  int           `json:"samples"`
	Accuracy float64       `json:"accuracy"`
	Loss     float64       `json:"loss"` // mean cross-entropy
	Classes  []ClassScore  `json:"classes"`
	// Confusion[i][j] samples of class i were taken for class j.
	Confusion [][]int `json:"confusion"`
	// Checkpoint is the network that was measured.
	Checkpoint string `json:"checkpoint"`
	// OtherSplit tells that the network was trained on another split than the
	// data set has now: what it is measured on it may have been trained on.
	OtherSplit bool `json:"other_split,omitempty"`
}

// A ClassScore is how well a network does on one class.
type ClassScore struct {
	Label string `json:"label"`
	// Precision is the share of images of the class among those taken for it;
	// 0 where there are none.
	Precision float64 `json:"precision"`
	// Recall is the share of images taken for the class among those of it; 0
	// where there are none.
	Recall  float64 `json:"recall"`
	Support int     `json:"support"` // images of the class
}

// Evaluate measures a network on one split of the data set in dir, which must
// have the very classes that the network was trained on.
func Evaluate(ctx context.Context, dir dataset.Dir, o EvaluateOptions) (Evaluation, error) {
	err := notNegative([]count{{"batch_size", o.BatchSize}, {"threads", o.Threads}})
	if err != nil {
		return Evaluation{}, err
	}
	o = o.withDefaults(dir)
	net, err := openNetwork(o.Checkpoint, o.BatchSize, o.Threads)
	if err != nil {
		return Evaluation{}, err
	}
	defer net.close()
	images, err := loader.NewEval(dir, o.Split, loader.EvalOptions{
		Input: net.settings.Input(), BatchSize: o.BatchSize, Workers: o.Threads,
	})
	if err != nil {
		return Evaluation{}, err
	}
	if !slices.Equal(images.Classes(), net.settings.Classes) {
		return Evaluation{}, fmt.Errorf("%s was trained on other classes than those in %s: %v, not %v",
			o.Checkpoint, dir.Info(), net.settings.Classes, images.Classes())
	}
	info, err := dataset.ReadInfo(dir)
	if err != nil {
		return Evaluation{}, err
	}
	e, err := net.evaluate(ctx, images, o.Progress)
	e.Split, e.Checkpoint = o.Split, o.Checkpoint
	e.OtherSplit = info.Fingerprint != net.settings.Split
	return e, err
}

// evaluate measures the network on all images of a loader.
func (n *network) evaluate(
	ctx context.Context, images *loader.Eval, progress func(done, total int),
) (Evaluation, error) {
	confusion := make([][]int, len(images.Classes()))
	for i := range confusion {
		confusion[i] = make([]int, len(confusion))
	}
	loss, done := 0.0, 0
	for batch, err := range images.Epoch(ctx, 0) {
		if err != nil {
			return Evaluation{}, err
		}
		loss += n.measure(batch, confusion)
		done += batch.Size()
		batch.Release()
		if progress != nil {
			progress(done, images.Len())
		}
	}
	e := score(images.Classes(), confusion)
	e.Loss = loss / float64(max(e.Samples, 1))
	return e, nil
}

// measure adds a batch's images to a confusion matrix and returns the sum of
// their cross-entropies.
func (n *network) measure(batch *loader.Batch, confusion [][]int) float64 {
	classes := len(confusion)
	logits := n.session.Predict(batch.Images().Data().([]float32), batch.Size())
	probabilities := make([]float32, classes)
	loss := 0.0
	for i, label := range batch.Labels() {
		row := logits[i*classes : (i+1)*classes]
		confusion[label][largest(row)]++
		engine.Softmax(probabilities, row)
		const least = 1e-30 // what rounds to 0 would make the mean infinite
		loss -= math.Log(max(float64(probabilities[label]), least))
	}
	return loss
}

// largest returns the index of the largest value, the first of equal ones.
func largest(values []float32) int {
	best := 0
	for i, v := range values {
		if v > values[best] {
			best = i
		}
	}
	return best
}

// score works out the figures of a confusion matrix.
func score(classes dataset.Classes, confusion [][]int) Evaluation {
	e := Evaluation{Confusion: confusion}
	correct := 0
	taken := make([]int, len(classes))
	for i, row := range confusion {
		correct += row[i]
		for j, n := range row {
			e.Samples += n
			taken[j] += n
		}
	}
	e.Accuracy = share(correct, e.Samples)
	for i, label := range classes {
		support := 0
		for _, n := range confusion[i] {
			support += n
		}
		e.Classes = append(e.Classes, ClassScore{
			Label: label, Precision: share(confusion[i][i], taken[i]),
			Recall: share(confusion[i][i], support), Support: support,
		})
	}
	return e
}

func share(part, whole int) float64 {
	if whole == 0 {
		return 0
	}
	return float64(part) / float64(whole)
}

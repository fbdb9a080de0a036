// Command eval tries to give an augmentation to a loader of another split, and
// so is no program.
package main

import (
	"github.com/dsbuild/dsbuild/augment"
	"github.com/dsbuild/dsbuild/dataset"
	"github.com/dsbuild/dsbuild/loader"
)

func main() {
	pipeline := augment.Pipeline{augment.HorizontalFlip(0.5)}
	_, _ = loader.NewEval("pets", dataset.Val, loader.EvalOptions{Augment: pipeline})
	_, _ = loader.NewTrain("pets", dataset.Test, loader.TrainOptions{Augment: pipeline})
}

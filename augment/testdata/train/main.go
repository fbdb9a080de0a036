// Command train gives an augmentation to a loader of the training split.
package main

import (
	"github.com/dsbuild/dsbuild/augment"
	"github.com/dsbuild/dsbuild/loader"
)

func main() {
	pipeline := augment.Pipeline{augment.HorizontalFlip(0.5)}
	_, _ = loader.NewTrain("pets", loader.TrainOptions{Augment: pipeline})
}

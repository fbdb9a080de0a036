// Package loader turns the manifests of a data set into batches of tensors.
//
// The manifest of a split and its image files flow in; batches of normalised
// float32 images (N,H,W,C) with their labels flow out, in an order that
// depends on nothing but seed and epoch: one worker or eight, the bits are the
// same on every machine of one architecture. Training and evaluation loaders
// are different types. Only a Train takes an augmentation, and only from the
// training split:
//
//	train, err := loader.NewTrain("pets", loader.TrainOptions{
//		Input: loader.Input{Width: 64, Height: 64}, Augment: pipeline, Seed: 1,
//	})
//	if err != nil {
//		return err
//	}
//	for batch, err := range train.Epoch(ctx, 0) {
//		if err != nil {
//			return err
//		}
//		step(batch.Images(), batch.Labels())
//		batch.Release()
//	}
//
// The program that ranges over an epoch owns each batch from when it gets it
// until it calls Release, which gives the memory back for batches to come.
// Leaving the loop early ends every goroutine of the epoch before the loop
// statement is done.
package loader

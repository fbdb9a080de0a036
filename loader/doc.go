// Package loader turns the manifests of a data set into batches of tensors.
//
// The manifest of a split and its image files, or its pack, flow in; batches of
// images with their labels flow out: normalised float32 (N,H,W,C), or what else
// the Input says. Training and evaluation loaders are different types. Only a
// Train takes an augmentation, and only from the training split:
//
//	train, err := loader.NewTrain("pets", loader.TrainOptions{
//		Input: loader.Input{Width: 224, Height: 224}, Augment: pipeline, Seed: 1,
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
// # The same bytes
//
// What the batches of an epoch hold depends on the data set, on the options that
// say what images look like (Input, Augment, Sampling, Reduce), on seed and
// epoch, and on nothing else: not on workers, prefetching, caches or packs (but
// of images that the pack reduced), not on how many programs share an epoch (see
// Shard), and not on whether the run was stopped and went on (see State). On
// machines of one architecture they are the same bit for bit.
//
// # Who owns a batch
//
// The program that ranges over an epoch owns each batch, with all that its
// methods return, from when it gets it until it calls Release, which it must do
// once. It may keep several. The memory of released batches serves those to
// come, so that at most Prefetch + 1 exist if each is released before the next
// is asked for, and nothing is allocated for images after the first epoch. While
// a batch is made it belongs to the loader, and for the time of a call to the
// Collate hook. Leaving the loop early ends every goroutine of the epoch before
// the loop statement is done.
//
// # What a worker does
//
// It reads an image's header, lets Augment draw a plan for the key (seed, epoch,
// file name) and the size in the header, has the decoder make the part that the
// plan needs at the scale that it needs, and writes what the plan makes of it
// into the image's slot of the batch. Stats tells how long each of these took.
package loader

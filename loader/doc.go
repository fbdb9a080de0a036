// Package loader turns the manifests of a data set into batches of tensors.
//
// The manifest of a split and its image files, or its pack, flow in; batches of
// images with their labels flow out: normalised float32 (N,H,W,C), or another format
// that Input asks for. Training and evaluation loaders are different types: only a
// Train takes an augmentation, and it only reads the training split:
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
// # Reproducibility
//
// What the batches of an epoch contain depends only on the data set, on the options
// that describe the images (Input, Augment, Sampling, Reduce), on the seed and on
// the epoch. It does not depend on workers, prefetching, caches or packs (except
// packs of reduced images), nor on how many programs share an epoch (see Shard), nor
// on whether the run was interrupted and resumed (see State). On machines of one
// architecture, batches are the same bit for bit.
//
// # Ownership of batches
//
// The program that ranges over an epoch owns each batch, and all that its methods
// return, until it calls Release, exactly once. It may hold several batches. The
// memory of released batches is reused: at most Prefetch + 1 batches exist if each is
// released before the next is requested, and no image memory is allocated after the
// first epoch. While a batch is being made, and during a call of the Collate hook, it
// belongs to the loader. Leaving the loop early ends all goroutines of the epoch
// before the loop statement returns.
//
// # Workers
//
// A worker reads an image's header, lets Augment draw a plan for the key (seed,
// epoch, file name) and the size in the header, decodes only the part that the plan
// needs at the scale that it needs, and applies the plan into the image's slot of the
// batch. Stats tells how long each of these took.
package loader

// Package train fits a network to a data set's training split, keeps the best
// one by the validation split, and asks it about further images.
//
// The manifests that split wrote flow in; a folder runs/<name>/ flows out:
//
//	best.safetensors   the network of the best epoch, with all that is needed to use it
//	last.safetensors   where training stands: weights, optimizer, place in the epoch
//	metrics.jsonl      a line an epoch
//
// What Options leave open is chosen from the data:
//
//	report, err := train.Run(ctx, "pets", train.Options{Seed: 1})
//	result, err := train.Evaluate(ctx, "pets", train.EvaluateOptions{Checkpoint: report.Checkpoint})
//
// Learning says how weights are moved: the optimizer, the schedule of its rate, and
// what is done with gradients, labels and weights besides. Batches are made while
// the network learns; Metrics tell for how long it waited for them. A run whose
// loss is no number any more ends with a DivergedError, and its checkpoints stay
// as they were.
//
// Checkpoints are float32, and Evaluate and Predict multiply in float32 also where
// training, and its validation, multiplied in bfloat16. The figures of the two
// may then differ in the last digits.
//
// The same seed, settings and data give the same bytes in both checkpoints,
// with any number of threads, whether training ran through or was stopped,
// even killed, and run again. This holds on one kind of processor: another may
// round sums otherwise (its kernels add in another order, or fuse a product and
// a sum), and so end with slightly other weights. A run that is begun on one
// kind and resumed on another works, but has the bytes of neither. Setting
// DSBUILD_KERNEL=avx2 makes amd64 processors with AVX-512 compute as those with
// AVX2 alone do; the packages leave a value aside that is not known, or that the
// machine cannot run, and the program refuses it.
package train

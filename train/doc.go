// Package train trains a network on a data set's training split, keeps the one with
// the best validation accuracy, evaluates it and classifies further images with it.
//
// The manifests written by split flow in; a folder runs/<name>/ flows out:
//
//	best.safetensors   the network of the best epoch, with everything needed to use it
//	last.safetensors   the state of training: weights, optimizer, place in the epoch
//	metrics.jsonl      one line per epoch
//
// Settings that Options leave open are chosen from the data:
//
//	report, err := train.Run(ctx, "pets", train.Options{Seed: 1})
//	result, err := train.Evaluate(ctx, "pets", train.EvaluateOptions{Checkpoint: report.Checkpoint})
//
// This package trains the networks of package model. To train a network of your
// own, see the example of package engine.
//
// Learning has the options of the optimizer, the learning rate schedule,
// regularization and precision. Batches are loaded while the network learns; Metrics
// tell how long it waited for them. A run whose loss is no longer finite ends with a
// DivergedError, and its checkpoints stay as they were.
//
// Checkpoints are float32, and Evaluate and Predict multiply in float32 even if
// training, with its validation, multiplied in bfloat16. The figures of the two may
// then differ in the last digits.
//
// The same seed, settings and data give the same bytes in both checkpoints, with any
// number of threads, and whether training ran through or was stopped, even killed,
// and resumed. This holds on one kind of processor: others may round differently,
// since their kernels add in another order or fuse multiplications and additions, so
// that the weights differ slightly. A run that is started on one kind and resumed on
// another works, but has the bytes of neither. With DSBUILD_KERNEL=avx2, amd64
// processors with AVX-512 compute exactly as those that only have AVX2. The packages
// ignore a value that is unknown or that the machine cannot run; the program refuses
// it.
package train

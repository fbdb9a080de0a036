// Package augment draws the random changes that training images go through.
//
// The key of a draw (seed, epoch, sample) and the size of an image flow in; a
// pixel.Plan with every drawn number flows out, before any pixel has been
// decoded. A Pipeline is the Augment of a loader.TrainOptions, and nothing else
// takes one: validation and test images have no place to put it.
//
//	pipeline := augment.Pipeline{
//		augment.RandomResizedCrop(64), augment.HorizontalFlip(0.5),
//		augment.ColorJitter(0.4, 0.4, 0.4, 0.1),
//	}
//	plan := pipeline.Plan(dataset.Key{Seed: 1, Epoch: 3, Sample: name}, 500, 375)
//
// Transforms are made of others by OneOf, SomeOf, RandomApply and RandomOrder;
// package policy has whole policies; MixUp, CutMix and Mosaic make one image of
// several. Once a plan has grown, drawing into it takes no memory.
//
// Names and meanings of the parameters are those of torchvision's v2 transforms,
// with one word more: a parameter that is drawn from a range ends in _range.
// Where disintegration/imaging has another meaning, it can be had by a Profile.
// A Section is what a recipe says of it all.
package augment

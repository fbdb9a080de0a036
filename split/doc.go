// Package split parts a data set into training, validation and test images.
//
// The manifest curated.jsonl (collected.jsonl where nothing was curated) flows
// in; train.jsonl, val.jsonl and test.jsonl, whose samples carry their split,
// and dataset.json, which describes them, flow out:
//
//	report, err := split.Run(ctx, "pets", split.Options{Seed: 1})
//	assigned, err := split.Stratified(samples, split.Shares{Train: 0.8, Val: 0.1, Test: 0.1}, 1)
//
// The rules, the stronger first:
//
//   - Samples that share a Group, and variants and the image they were made
//     from (Parent), are one unit: they all come into the same split, whatever
//     their classes. Variants go to train only, and count in no share.
//   - A sample that carries val or test stays there, and its unit with it.
//     Where the samples of one unit carry different splits, all go to the one
//     furthest from training.
//   - For a class of which some samples carry a split, a val or test that
//     anybody carries is complete: it takes no more. A val or test that nobody
//     carries is drawn from the samples that carry none, then out of those that
//     carry train. So of an archive with train and test, val gets
//     val/(train+val) of the training images, and the test images stay what
//     they were. With all three given nothing is drawn, and a sample without a
//     split goes to train. A class whose samples carry no split at all is drawn
//     as if nothing were given.
//   - What is drawn is stratified: in each split every class is within one image
//     of its share, rounded by the largest remainder, and has one image at
//     least. Larger units are packed greedily, the largest first: what a class
//     has in a split exceeds its share by no more than its largest unit, unless
//     units of several classes leave no choice.
//   - With Options.Keep a sample stays where it was as long as its class stays
//     within these bounds; so images that are added later move few others.
//
// Which images a split gets depends on the seed and their names alone, not on
// the samples' order.
package split

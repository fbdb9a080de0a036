// Package curate decides which collected images are fit to learn from.
//
// The manifest collected.jsonl and people's decisions flow in; curated.jsonl
// with the images kept and rejected.jsonl with the others, each with every
// reason, flow out. No file is changed or deleted, and a reject can be taken
// back:
//
//	report, err := curate.Run(ctx, "pets", curate.Options{})
//	err = curate.Restore("pets", []string{"raw/corgi/3f2a9c0d11223344.jpg"}, "ann")
//
// Checks look at one image (is it whole, large enough, sharp …) or at pairs.
// Of pairs a 64-bit perceptual hash proposes those that may be near, and the
// correlation of their thumbnails decides. Within a class the larger image of
// a pair stays; across classes nobody knows which label is right, and both go.
//
// What is measured of an image is kept by its sha256 in cache/features.db, so
// a second run reads no pixels. The outcome depends on neither the cache nor
// the number of workers.
package curate

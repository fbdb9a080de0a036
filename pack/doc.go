// Package pack writes a split's images into a few large files, marked so that
// a part of one can be read without the rest.
//
// The manifest of a split and the files that it names flow in; shards and their
// index, which internal/pack reads, flow out under packs/<split>:
//
//	report, err := pack.Run(ctx, "pets", dataset.Train, pack.Options{})
//
// JPEG images keep their coefficients, and so their pixels: see
// internal/codec/jpeg/transcode for what is done to them. Images of other
// formats, and JPEG files that are damaged or of a rare kind, keep their bytes.
// With Options.Longest larger images are reduced, which no pack can undo.
//
// The files under raw stay what they are, and a pack can be deleted at any time.
// A run that was killed goes on where it was: what it wrote is in shards that no
// index names yet, and in a journal beside them. Only when all shards are durable
// does the new index take the place of the old one, and only then are the old
// shards deleted.
package pack

// Package pack reads packs: a split's images in a few large files.
//
// The index and the shards that the stage pack wrote flow in; the bytes of one
// image after the other flow out, without a file being opened for each. JPEG
// images in a pack have the pixels of their files, but are marked so that a
// decoder can start in their middle: see internal/codec/jpeg/transcode.
//
//	images, err := pack.Open(dir, dataset.Train)
//	switch {
//	case errors.Is(err, fs.ErrNotExist), errors.Is(err, pack.ErrStale):
//		// No pack, or one of another split: read the files.
//	case err != nil:
//		return err
//	}
//	defer images.Close()
//	data, found, err := images.Lookup("raw/corgi/3f2a9c0d11223344.jpg")
//
// A pack is the folder packs/<split> of a data set. Its index.jsonl is a Head
// and then, a line each, the Entries in the order of the split's manifest; the
// shards that the head names hold the images' bytes one after the other, and
// nothing else. The index is replaced atomically, and names only shards that
// are whole, so a pack is there or it is not. doc/pack.md describes the format
// for other readers.
package pack

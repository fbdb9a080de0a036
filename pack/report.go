package pack

import (
	"cmp"
	"slices"

	"github.com/dsbuild/dsbuild/dataset"
	"github.com/dsbuild/dsbuild/internal/pack"
)

// A Report tells what a pack holds.
type Report struct {
	Split  dataset.Split `json:"split"`
	Images int           `json:"images"`
	// SourceBytes is the size of the images' own files, Bytes that of the
	// shards.
	SourceBytes int64 `json:"source_bytes"`
	Bytes       int64 `json:"bytes"`
	Shards      int   `json:"shards"`
	// Kinds lists what was done to images of each format.
	Kinds []Kind `json:"kinds"`
	// Written is the number of images that this run wrote: fewer than Images
	// where an earlier one was cut short, and 0 where the pack was current.
	Written int `json:"written"`
	// Folder of the pack.
	Folder string `json:"folder"`
}

// A Kind counts images to which the same was done.
type Kind struct {
	Kind        string `json:"kind"`   // marked, banded, plain or reduced: see doc/pack.md
	Format      string `json:"format"` // of the bytes in the pack; "" where they are no image
	Images      int    `json:"images"`
	SourceBytes int64  `json:"source_bytes"`
	Bytes       int64  `json:"bytes"`
}

// newReport counts the entries of a pack.
func newReport(folder string, head pack.Head, entries []pack.Entry) Report {
	r := Report{Split: head.Split, Images: len(entries), Shards: len(head.Shards), Folder: folder}
	kinds := map[[2]string]*Kind{}
	for _, e := range entries {
		key := [2]string{e.Kind, e.Format}
		if kinds[key] == nil {
			kinds[key] = &Kind{Kind: e.Kind, Format: e.Format}
		}
		k := kinds[key]
		k.Images++
		k.SourceBytes += e.SourceBytes
		k.Bytes += e.Bytes
		r.SourceBytes += e.SourceBytes
		r.Bytes += e.Bytes
	}
	r.Kinds = make([]Kind, 0, len(kinds))
	for _, k := range kinds {
		r.Kinds = append(r.Kinds, *k)
	}
	slices.SortFunc(r.Kinds, func(a, b Kind) int {
		return cmp.Or(cmp.Compare(b.Images, a.Images), cmp.Compare(a.Kind, b.Kind),
			cmp.Compare(a.Format, b.Format))
	})
	return r
}

package pack

import (
	"context"
	"crypto/sha256"
	"encoding/hex"

	"github.com/dsbuild/dsbuild/dataset"
	"github.com/dsbuild/dsbuild/internal/pack"
)

// A VerifyReport tells which images of a pack are not what was written.
type VerifyReport struct {
	Split  dataset.Split `json:"split"`
	Images int           `json:"images"`
	// Damaged are the file_names of images whose bytes have changed.
	Damaged []string `json:"damaged"`
	Folder  string   `json:"folder"`
}

// Verify holds the bytes of every image of a split's pack against its checksum.
// Damaged images are told in the report, and are no error. Progress may be nil.
func Verify(ctx context.Context, dir dataset.Dir, split dataset.Split,
	progress func(done, total int),
) (VerifyReport, error) {
	report := VerifyReport{Split: split, Damaged: []string{}, Folder: pack.Folder(dir, split)}
	images, err := pack.Open(dir, split)
	if err != nil {
		return report, err
	}
	defer images.Close()
	path := pack.IndexPath(dir, split)
	err = visit(ctx, images, path, progress, func(e pack.Entry, data []byte) error {
		if !isIntact(e, data) {
			report.Damaged = append(report.Damaged, e.FileName)
		}
		report.Images++
		return nil
	})
	return report, err
}

// isIntact tells whether the bytes of an image are those that were packed.
func isIntact(e pack.Entry, data []byte) bool {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:]) == e.SHA256
}

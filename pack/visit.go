package pack

import (
	"context"
	"fmt"

	"github.com/dsbuild/dsbuild/internal/pack"
)

// visit shows the images of an open pack, in the order of the index at path. The
// bytes are work's until it returns. Progress may be nil.
func visit(ctx context.Context, images *pack.Pack, path string, progress func(done, total int),
	work func(pack.Entry, []byte) error,
) error {
	done := 0
	var buf []byte
	_, err := pack.ReadIndex(path, func(e pack.Entry) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		data, found, err := images.Read(e.FileName, buf)
		if err != nil {
			return err
		}
		if !found {
			return fmt.Errorf("%s is not in the pack: the pack was replaced meanwhile (run this again)",
				e.FileName)
		}
		buf = data
		if err := work(e, data); err != nil {
			return err
		}
		if done++; progress != nil {
			progress(done, images.Len())
		}
		return nil
	})
	return err
}

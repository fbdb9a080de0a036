package pack

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/dsbuild/dsbuild/dataset"
	"github.com/dsbuild/dsbuild/internal/codec"
	"github.com/dsbuild/dsbuild/internal/pack"
)

// An ExtractReport counts the files that came out of a pack.
type ExtractReport struct {
	Split  dataset.Split `json:"split"`
	Images int           `json:"images"`
	// Written counts the files that were not there yet.
	Written int    `json:"written"`
	Folder  string `json:"folder"`
}

// Extract writes the images of a split's pack as files into the folder out,
// each under the file_name of its sample. A reduced image of another format than
// its file has the ending of that format added. A file that is there with other
// bytes is an error, and no file is ever overwritten, so an extraction that was
// cut short goes on when it is called again. Progress may be nil.
func Extract(ctx context.Context, dir dataset.Dir, split dataset.Split, out string,
	progress func(done, total int),
) (ExtractReport, error) {
	report := ExtractReport{Split: split, Folder: out}
	images, err := pack.Open(dir, split)
	if err != nil {
		return report, err
	}
	defer images.Close()
	_, err = pack.ReadIndex(pack.IndexPath(dir, split), func(e pack.Entry) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		data, found, err := images.Lookup(e.FileName)
		if err != nil {
			return err
		}
		if !found {
			return fmt.Errorf("%s is not in the pack: the pack was replaced meanwhile", e.FileName)
		}
		written, err := writeNew(filepath.Join(out, filepath.FromSlash(extractedName(e))), data)
		if err != nil {
			return err
		}
		report.Images++
		if written {
			report.Written++
		}
		if progress != nil {
			progress(report.Images, images.Len())
		}
		return nil
	})
	return report, err
}

// extractedName returns the name of an image's file, with slashes.
func extractedName(e pack.Entry) string {
	ending := codec.Extension(e.Format)
	if e.Kind != pack.Reduced || filepath.Ext(e.FileName) == ending ||
		e.Format == "jpeg" && filepath.Ext(e.FileName) == ".jpeg" {
		return e.FileName
	}
	return e.FileName + ending
}

// writeNew writes a file that is not there yet, whole or not at all, and tells
// whether it was not. One that is there must have these bytes.
func writeNew(path string, data []byte) (written bool, err error) {
	there, err := os.ReadFile(path)
	if err == nil && bytes.Equal(there, data) {
		return false, nil
	}
	if err == nil {
		return false, fmt.Errorf("%s is there already with other bytes, and is not overwritten "+
			"(name another folder)", path)
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return false, err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		return false, err
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".tmp-*")
	if err != nil {
		return false, err
	}
	_, err = f.Write(data)
	if err = errors.Join(err, f.Chmod(0o644), f.Close()); err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return false, errors.Join(fmt.Errorf("%s: %w", path, err), os.Remove(f.Name()))
	}
	return true, nil
}

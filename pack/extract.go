package pack

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
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
// its file has the ending of that format added. No file is ever overwritten, and
// none written outside of out, not even where symbolic links lead there. A file
// that is there with other bytes is an error, and so is an image whose bytes are
// not what was packed. An extraction that was cut short goes on when it is called
// again; a kill may leave one file .tmp-*. Progress may be nil.
func Extract(ctx context.Context, dir dataset.Dir, split dataset.Split, out string,
	progress func(done, total int),
) (ExtractReport, error) {
	report := ExtractReport{Split: split, Folder: out}
	images, err := pack.Open(dir, split)
	if err != nil {
		return report, err
	}
	defer images.Close()
	if err := os.MkdirAll(out, 0o777); err != nil {
		return report, err
	}
	root, err := os.OpenRoot(out)
	if err != nil {
		return report, err
	}
	defer root.Close()
	index := pack.IndexPath(dir, split)
	err = visit(ctx, images, index, progress, func(e pack.Entry, data []byte) error {
		if !isIntact(e, data) {
			return fmt.Errorf("%s has not the bytes that were packed (delete %s and run: dsbuild "+
				"pack --split %s)", e.FileName, pack.Folder(dir, split), split)
		}
		written, err := writeNew(root, extractedName(e), data)
		if err != nil {
			return err
		}
		report.Images++
		if written {
			report.Written++
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
// whether it was not. One that is there must have these bytes. The name has
// slashes.
func writeNew(root *os.Root, name string, data []byte) (written bool, err error) {
	full := filepath.Join(root.Name(), filepath.FromSlash(name))
	isThere, err := holds(root, name, data)
	if err == nil && !isThere {
		err = writeBeside(root, name, data)
		written = err == nil
	}
	if errors.Is(err, fs.ErrExist) {
		return false, fmt.Errorf("%s already exists with other contents and is not overwritten "+
			"(give another folder)", full)
	}
	if err != nil {
		return false, fmt.Errorf("%s: %w", full, err)
	}
	return written, nil
}

// holds tells whether a file of that name is there. It must have these bytes:
// the error of one that has not wraps fs.ErrExist.
func holds(root *os.Root, name string, data []byte) (bool, error) {
	info, err := root.Lstat(name)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if !info.Mode().IsRegular() || info.Size() != int64(len(data)) {
		return false, fs.ErrExist
	}
	there, err := root.ReadFile(name)
	if err == nil && !bytes.Equal(there, data) {
		err = fs.ErrExist
	}
	return err == nil, err
}

// writeBeside writes a file under another name in its folder, and gives it its
// own when it is whole. The error wraps fs.ErrExist where that has been taken.
func writeBeside(root *os.Root, name string, data []byte) (err error) {
	if err := root.MkdirAll(path.Dir(name), 0o777); err != nil {
		return err
	}
	beside := path.Join(path.Dir(name), dataset.TempPrefix+rand.Text())
	f, err := root.OpenFile(beside, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err = errors.Join(err, f.Close()); err != nil {
		return errors.Join(err, root.Remove(beside))
	}
	err = root.Link(beside, name) // replaces nothing, as Rename would
	if err != nil && !errors.Is(err, fs.ErrExist) {
		if err = root.Rename(beside, name); err == nil { // on file systems without links
			return nil
		}
	}
	return errors.Join(err, root.Remove(beside))
}

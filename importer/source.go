package importer

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"

	"github.com/dsbuild/dsbuild/dataset"
)

// Reasons for refusing an offer, beside those of the store.
const (
	reasonUnsafePath = "unsafe_path"
	reasonLink       = "link"
	reasonNoClass    = "no_class"
	reasonUnreadable = "unreadable"
)

// An entry is one file of a source.
type entry struct {
	path string // as the source has it, with forward slashes
	size int64  // as the source says
	// fault is set where the entry is no plain file, and can't be opened.
	fault *dataset.Reason
	// open returns the content, valid until the next entry is asked for.
	open func() (io.ReadCloser, error)
}

// A source is a folder or an archive. Its entries come in a stable order,
// without folders, as often as they are asked for. An error ends them.
type source interface {
	entries(ctx context.Context) iter.Seq2[entry, error]
	io.Closer
}

// openSource opens what o.From names, told by its content.
func openSource(dir dataset.Dir, o Options) (source, error) {
	info, err := os.Stat(o.From)
	if err != nil {
		return nil, err
	}
	if info.IsDir() {
		root, err := os.OpenRoot(o.From)
		if err != nil {
			return nil, err
		}
		own, err := ownFolders(dir, o.From)
		if err != nil {
			return nil, errors.Join(err, root.Close())
		}
		return &folder{root: root, own: own}, nil
	}
	if !info.Mode().IsRegular() { // opening a pipe would wait for its writer
		return nil, fmt.Errorf("%s is neither a folder nor a file", o.From)
	}
	return openArchive(o)
}

// ownFolders returns the paths of the data set's own folders below from, so
// that a person can import a folder into itself.
func ownFolders(dir dataset.Dir, from string) (map[string]bool, error) {
	absFrom, err := filepath.Abs(from)
	if err != nil {
		return nil, err
	}
	own := map[string]bool{}
	for _, path := range []string{
		dir.Raw(), dir.Path("manifests"), dir.Path("cache"), dir.Path("logs"), dir.Path("runs"),
		dir.Sheets(),
	} {
		abs, err := filepath.Abs(path)
		if err != nil {
			return nil, err
		}
		if rel, err := filepath.Rel(absFrom, abs); err == nil && filepath.IsLocal(rel) {
			own[filepath.ToSlash(rel)] = true
		}
	}
	return own, nil
}

// A folder yields its files by name. It follows no link, and the root keeps
// one that appears meanwhile from leading out.
type folder struct {
	root *os.Root
	own  map[string]bool
}

func (f *folder) Close() error { return f.root.Close() }

func (f *folder) entries(ctx context.Context) iter.Seq2[entry, error] {
	return func(yield func(entry, error) bool) {
		err := fs.WalkDir(f.root.FS(), ".", func(path string, d fs.DirEntry, err error) error {
			if err != nil {
				return fmt.Errorf("%s: %w", filepath.Join(f.root.Name(), path), err)
			}
			if err := ctx.Err(); err != nil {
				return err
			}
			if d.IsDir() {
				if f.own[path] {
					return fs.SkipDir
				}
				return nil
			}
			if !yield(f.entry(path, d), nil) {
				return fs.SkipAll
			}
			return nil
		})
		if err != nil {
			yield(entry{}, err)
		}
	}
}

func (f *folder) entry(path string, d fs.DirEntry) entry {
	e := entry{path: path}
	info, err := d.Info()
	switch {
	case err != nil:
		e.fault = &dataset.Reason{Name: reasonUnreadable, Detail: "it vanished", Temporary: true}
	case info.Mode()&fs.ModeSymlink != 0:
		e.fault = &dataset.Reason{Name: reasonLink, Detail: "it is a symbolic link"}
	case !info.Mode().IsRegular():
		e.fault = &dataset.Reason{Name: reasonLink, Detail: "it is no regular file"}
	default:
		e.size = info.Size()
		e.open = func() (io.ReadCloser, error) { return f.root.Open(path) }
	}
	return e
}

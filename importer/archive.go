package importer

import (
	"archive/tar"
	"archive/zip"
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"strings"

	"github.com/dsbuild/dsbuild/dataset"
)

// freeInflation is how much an archive may inflate to before its ratio counts.
const freeInflation = 256 << 20

// tarBlock is the size of a tar archive's units; the first holds its magic.
const tarBlock = 512

// A BombError says that an archive inflates to more than a limit allows.
type BombError struct {
	Path  string
	Limit string // the option that set the limit
	Value int64
}

func (e *BombError) Error() string {
	if e.Limit == "max_ratio" {
		return fmt.Sprintf("%s inflates to more than %d times its size: raise max_ratio if you trust it",
			e.Path, e.Value)
	}
	return fmt.Sprintf("%s inflates to more than %d bytes: raise %s if you trust it",
		e.Path, e.Value, e.Limit)
}

// A meter counts what an archive inflates to, against the limits.
type meter struct {
	path               string
	maxTotal, maxRatio int64
	inflated           int64
}

// add counts n bytes more, out of packed bytes of the archive so far.
func (m *meter) add(n, packed int64) error {
	m.inflated += n
	if m.inflated > m.maxTotal {
		return &BombError{m.path, "max_total_bytes", m.maxTotal}
	}
	if m.inflated > freeInflation && m.inflated/m.maxRatio > packed {
		return &BombError{m.path, "max_ratio", m.maxRatio}
	}
	return nil
}

// readerFunc makes a function an io.Reader.
type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

// openArchive opens an archive of the kind that its first bytes show.
func openArchive(o Options) (source, error) {
	f, err := os.Open(o.From)
	if err != nil {
		return nil, err
	}
	head := make([]byte, tarBlock)
	n, err := io.ReadFull(f, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, errors.Join(fmt.Errorf("%s: %w", o.From, err), f.Close())
	}
	head = head[:n]
	switch {
	case bytes.HasPrefix(head, []byte("PK\x03\x04")), bytes.HasPrefix(head, []byte("PK\x05\x06")):
		return openZip(f, o)
	case bytes.HasPrefix(head, []byte{0x1f, 0x8b}):
		return &tarball{f: f, options: o, packed: true}, nil
	case n == tarBlock && (bytes.HasPrefix(head[257:], []byte("ustar")) ||
		strings.HasSuffix(strings.ToLower(o.From), ".tar")):
		return &tarball{f: f, options: o}, nil
	}
	return nil, errors.Join(fmt.Errorf("%s is neither a folder nor an archive of the kinds "+
		".tar, .tar.gz, .tgz and .zip", o.From), f.Close())
}

// A tarball is a .tar file, gzipped or not.
type tarball struct {
	f       *os.File
	options Options
	packed  bool
}

func (t *tarball) Close() error { return t.f.Close() }

func (t *tarball) entries(ctx context.Context) iter.Seq2[entry, error] {
	return func(yield func(entry, error) bool) {
		content, err := t.rewind(ctx)
		if err != nil {
			yield(entry{}, fmt.Errorf("%s: %w", t.f.Name(), err))
			return
		}
		archive := tar.NewReader(content)
		for {
			header, err := archive.Next()
			if err == io.EOF {
				return
			}
			if err == nil {
				err = ctx.Err()
			}
			if err != nil {
				yield(entry{}, t.explain(err))
				return
			}
			if header.Typeflag == tar.TypeDir || header.Typeflag == tar.TypeXGlobalHeader {
				continue
			}
			if !yield(t.entry(archive, header), nil) {
				return
			}
		}
	}
}

// rewind returns the tar stream from its start. Of a plain file, tar skips
// what nobody reads; a gzipped one must be inflated, and is metered.
func (t *tarball) rewind(ctx context.Context) (io.Reader, error) {
	if _, err := t.f.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	if !t.packed {
		return t.f, nil
	}
	var packed int64
	file := bufio.NewReaderSize(readerFunc(func(p []byte) (int, error) {
		n, err := t.f.Read(p)
		packed += int64(n)
		return n, err
	}), 64<<10)
	inflated, err := gzip.NewReader(file)
	if err != nil {
		return nil, err
	}
	m := &meter{path: t.f.Name(), maxTotal: t.options.MaxTotalBytes, maxRatio: t.options.MaxRatio}
	metered := readerFunc(func(p []byte) (int, error) {
		if err := ctx.Err(); err != nil {
			return 0, err
		}
		n, err := inflated.Read(p)
		if over := m.add(int64(n), packed); over != nil {
			return n, over
		}
		return n, err
	})
	return bufio.NewReaderSize(metered, 64<<10), nil
}

func (t *tarball) entry(archive *tar.Reader, header *tar.Header) entry {
	e := entry{path: header.Name, size: header.Size}
	switch header.Typeflag {
	case tar.TypeReg, tar.TypeGNUSparse:
		e.open = func() (io.ReadCloser, error) {
			return io.NopCloser(readerFunc(func(p []byte) (int, error) {
				n, err := archive.Read(p)
				if err != nil && err != io.EOF {
					err = &streamError{t.explain(err)}
				}
				return n, err
			})), nil
		}
	case tar.TypeSymlink:
		e.fault = &dataset.Reason{Name: reasonLink, Detail: "it is a symbolic link"}
	case tar.TypeLink:
		e.fault = &dataset.Reason{Name: reasonLink, Detail: "it is a hard link"}
	default:
		e.fault = &dataset.Reason{Name: reasonLink, Detail: "it is no regular file"}
	}
	return e
}

// A streamError ends a whole archive: what follows cannot be found.
type streamError struct{ err error }

func (e *streamError) Error() string { return e.err.Error() }
func (e *streamError) Unwrap() error { return e.err }

// explain names the archive in an error of reading it.
func (t *tarball) explain(err error) error {
	if _, ok := errors.AsType[*BombError](err); ok || isCancelled(err) {
		return err
	}
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("%s is cut short: %w", t.f.Name(), err)
	}
	return fmt.Errorf("%s is damaged or no tar archive: %w", t.f.Name(), err)
}

func isCancelled(err error) bool {
	return errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}

// A zipped archive lists its files in a directory at its end.
type zipped struct {
	f       *os.File
	archive *zip.Reader
	size    int64
	options Options
}

func openZip(f *os.File, o Options) (source, error) {
	info, err := f.Stat()
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	archive, err := zip.NewReader(f, info.Size())
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) { // paths are checked one by one
		return nil, errors.Join(fmt.Errorf("%s is damaged or no zip archive: %w", o.From, err), f.Close())
	}
	return &zipped{f: f, archive: archive, size: info.Size(), options: o}, nil
}

func (z *zipped) Close() error { return z.f.Close() }

func (z *zipped) entries(ctx context.Context) iter.Seq2[entry, error] {
	return func(yield func(entry, error) bool) {
		m := &meter{path: z.f.Name(), maxTotal: z.options.MaxTotalBytes, maxRatio: z.options.MaxRatio}
		for _, file := range z.archive.File {
			if err := ctx.Err(); err != nil {
				yield(entry{}, err)
				return
			}
			if strings.HasSuffix(file.Name, "/") {
				continue
			}
			if !yield(z.entry(file, m), nil) {
				return
			}
		}
	}
}

func (z *zipped) entry(file *zip.File, m *meter) entry {
	e := entry{path: file.Name, size: int64(min(file.UncompressedSize64, 1<<62))}
	switch mode := file.Mode(); {
	case mode&os.ModeSymlink != 0:
		e.fault = &dataset.Reason{Name: reasonLink, Detail: "it is a symbolic link"}
	case !mode.IsRegular():
		e.fault = &dataset.Reason{Name: reasonLink, Detail: "it is no regular file"}
	default:
		e.open = func() (io.ReadCloser, error) {
			content, err := file.Open()
			if err != nil {
				return nil, err
			}
			return &meteredFile{content, m, z.size}, nil
		}
	}
	return e
}

// A meteredFile counts what is read of a zipped file.
type meteredFile struct {
	io.ReadCloser
	meter  *meter
	packed int64
}

func (f *meteredFile) Read(p []byte) (int, error) {
	n, err := f.ReadCloser.Read(p)
	if over := f.meter.add(int64(n), f.packed); over != nil {
		return n, &streamError{over}
	}
	return n, err
}

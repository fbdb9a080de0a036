package pack

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/dsbuild/dsbuild/dataset"
)

// What the first line of every index says.
const (
	formatName = "dsbuild pack"
	version    = 1
)

// IndexName is the name of the index in the folder of its pack.
const IndexName = "index.jsonl"

// Bounds of what an index may say.
const (
	maxLineBytes  = 16 << 20
	maxImageBytes = 1 << 30
	maxSide       = 1<<16 - 1
)

// Kinds of images in a pack.
const (
	// Marked is a JPEG with the coefficients of its file, in one scan with
	// indexed restart intervals.
	Marked = "marked"
	// Banded is a JPEG with the coefficients of its file, in scans of rising
	// frequency with indexed restart intervals.
	Banded = "banded"
	// Plain is an image whose bytes are those of its file.
	Plain = "plain"
	// Reduced is a JPEG or PNG of the image at a smaller size.
	Reduced = "reduced"
)

var (
	kinds   = []string{Marked, Banded, Plain, Reduced}
	formats = []string{"", "jpeg", "png", "gif", "webp", "bmp", "tiff"}
)

// A Head is the first line of an index: what holds for the whole pack.
type Head struct {
	Format  string        `json:"format"`  // "dsbuild pack"
	Version int           `json:"version"` // 1
	Split   dataset.Split `json:"split"`
	// Fingerprint of the split's manifest, as dataset.Fingerprint gives it.
	Fingerprint string `json:"fingerprint"`
	// Encoding names how images were written: two packs of one fingerprint and
	// encoding are the same.
	Encoding string `json:"encoding"`
	// Longest is the side in pixels to which larger images were reduced, and
	// Quality that of JPEG they were written with; 0 where none was.
	Longest int `json:"longest,omitempty"`
	Quality int `json:"quality,omitempty"`
	// Images is the number of entries that follow.
	Images int     `json:"images"`
	Shards []Shard `json:"shards"`
}

// A Shard is a file of a pack.
type Shard struct {
	Name  string `json:"name"` // in the folder of the index
	Bytes int64  `json:"bytes"`
}

// An Entry is a line of an index: one image.
type Entry struct {
	// FileName is that of the sample in the manifest.
	FileName string `json:"file_name"`
	Shard    int    `json:"shard"`  // which of Head.Shards holds it, from 0
	Offset   int64  `json:"offset"` // in the shard
	Bytes    int64  `json:"bytes"`
	SHA256   string `json:"sha256"` // of these bytes, 64 hex digits
	// Width and Height in pixels as shown: with the EXIF orientation applied.
	// They are 0 where the bytes are no image that can be read.
	Width  int    `json:"width"`
	Height int    `json:"height"`
	Format string `json:"format"` // of the bytes: jpeg, png, gif, webp, bmp, tiff or ""
	Kind   string `json:"kind"`   // Marked, Banded, Plain or Reduced
	// SourceBytes is the size of the image's own file.
	SourceBytes int64 `json:"source_bytes"`
}

// Folder returns the folder of a split's pack.
func Folder(dir dataset.Dir, split dataset.Split) string {
	return dir.Path("packs/" + string(split))
}

// IndexPath returns the path of the index of a split's pack.
func IndexPath(dir dataset.Dir, split dataset.Split) string {
	return filepath.Join(Folder(dir, split), IndexName)
}

// NewHead returns the head of an index without images or shards.
func NewHead(split dataset.Split, fingerprint, encoding string) Head {
	return Head{Format: formatName, Version: version, Split: split,
		Fingerprint: fingerprint, Encoding: encoding}
}

// WriteIndex replaces the index at path atomically. The shards must be durable.
func WriteIndex(path string, head Head, entries []Entry) error {
	return dataset.WriteFile(path, func(w io.Writer) error {
		enc := json.NewEncoder(w)
		enc.SetEscapeHTML(false)
		if err := enc.Encode(head); err != nil {
			return err
		}
		for _, e := range entries {
			if err := enc.Encode(e); err != nil {
				return err
			}
		}
		return nil
	})
}

// ReadIndex reads the index at path and shows each entry to visit, in order.
// Every entry lies within its shard, and no name is given twice. Errors name
// path and line; one of visit ends the reading and is returned as it is.
func ReadIndex(path string, visit func(Entry) error) (Head, error) {
	f, err := os.Open(path)
	if err != nil {
		return Head{}, err
	}
	defer f.Close()
	return readIndex(path, f, visit)
}

// readIndex is ReadIndex on an open file; name stands for the path in errors.
func readIndex(name string, r io.Reader, visit func(Entry) error) (Head, error) {
	scanner := bufio.NewScanner(r)
	scanner.Buffer(make([]byte, 0, 64<<10), maxLineBytes)
	line := 0
	fault := func(err error) error {
		return fmt.Errorf("%w (run: dsbuild pack)", &dataset.LineError{Path: name, Line: line, Err: err})
	}
	var head Head
	seen := map[string]bool{}
	for scanner.Scan() {
		line++
		text := bytes.TrimSpace(scanner.Bytes())
		var err error
		if line == 1 {
			head, err = parseHead(text)
		} else {
			var e Entry
			if e, err = parseEntry(text, head.Shards); err == nil && seen[e.FileName] {
				err = fmt.Errorf("file_name %q is in the index twice", e.FileName)
			}
			if err == nil {
				seen[e.FileName] = true
				if err := visit(e); err != nil {
					return Head{}, err
				}
			}
		}
		if err != nil {
			return Head{}, fault(err)
		}
	}
	line++
	if err := scanner.Err(); err != nil {
		return Head{}, fault(err)
	}
	if line == 1 || len(seen) != head.Images {
		return Head{}, fault(fmt.Errorf("the index ends after %d of %d images", len(seen), head.Images))
	}
	return head, nil
}

func parseHead(text []byte) (Head, error) {
	var head Head
	if err := json.Unmarshal(text, &head); err != nil {
		return head, err
	}
	if head.Format != formatName || head.Version != version {
		return head, fmt.Errorf("its format is %q, version %d, but only %q, version %d can be read",
			head.Format, head.Version, formatName, version)
	}
	for _, s := range head.Shards {
		if s.Name == "" || strings.ContainsAny(s.Name, "/\\\x00") || !filepath.IsLocal(s.Name) {
			return head, fmt.Errorf("shard %q is not the name of a file in the folder", s.Name)
		}
		if s.Bytes < 0 {
			return head, fmt.Errorf("shard %s has %d bytes", s.Name, s.Bytes)
		}
	}
	return head, nil
}

func parseEntry(text []byte, shards []Shard) (Entry, error) {
	var e Entry
	if err := json.Unmarshal(text, &e); err != nil {
		return e, err
	}
	name := filepath.FromSlash(e.FileName)
	if strings.ContainsAny(e.FileName, "\\\x00") || !filepath.IsLocal(name) {
		return e, fmt.Errorf("file_name %q leads out of the data set's folder", e.FileName)
	}
	if e.Shard < 0 || e.Shard >= len(shards) {
		return e, fmt.Errorf("shard %d of %q is none of %d", e.Shard, e.FileName, len(shards))
	}
	size := shards[e.Shard].Bytes
	if e.Offset < 0 || e.Bytes < 0 || e.Bytes > maxImageBytes || e.Offset > size-e.Bytes {
		return e, fmt.Errorf("%q, %d bytes from %d on, is not within shard %s of %d bytes",
			e.FileName, e.Bytes, e.Offset, shards[e.Shard].Name, size)
	}
	if !slices.Contains(kinds, e.Kind) || !slices.Contains(formats, e.Format) {
		return e, fmt.Errorf("kind %q or format %q of %q is none that there is",
			e.Kind, e.Format, e.FileName)
	}
	if e.Width < 0 || e.Height < 0 || max(e.Width, e.Height) > maxSide {
		return e, errors.New("width or height is out of range")
	}
	return e, nil
}

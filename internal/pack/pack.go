package pack

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/dsbuild/dsbuild/dataset"
)

// ErrStale says that a pack was made of another split than the present one.
var ErrStale = errors.New("the pack was made before the split changed")

// A Pack is an open pack. It is safe for concurrent use until Close.
type Pack struct {
	head   Head
	places map[string]place
	shards []shard
}

// A place is what a Pack keeps of an Entry.
type place struct {
	offset        int64
	bytes         int32
	shard         int32
	width, height uint16
	reduced       bool
}

// Open opens the pack of a split. The error wraps fs.ErrNotExist where there
// is none, and ErrStale where its fingerprint is not that of the split in
// dataset.json (or, where that has none, of the split's manifest); either says
// what to run. A shard that is not there, or has another size than the index
// says, is an error, too. The caller closes the pack.
func Open(dir dataset.Dir, split dataset.Split) (*Pack, error) {
	path := IndexPath(dir, split)
	run := "dsbuild pack --split " + string(split)
	p := &Pack{places: map[string]place{}}
	var err error
	p.head, err = ReadIndex(path, func(e Entry) error {
		p.places[e.FileName] = place{
			offset: e.Offset, bytes: int32(e.Bytes), shard: int32(e.Shard),
			width: uint16(e.Width), height: uint16(e.Height), reduced: e.Kind == Reduced,
		}
		return nil
	})
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s is not there (run: %s): %w", path, run, err)
	}
	if err != nil {
		return nil, err
	}
	fingerprint, err := Fingerprint(dir, split)
	if err != nil {
		return nil, err
	}
	if p.head.Split != split || p.head.Fingerprint != fingerprint {
		return nil, fmt.Errorf("%s: %w (run: %s)", path, ErrStale, run)
	}
	for _, s := range p.head.Shards {
		opened, err := openShard(filepath.Join(filepath.Dir(path), s.Name), s.Bytes)
		if err != nil {
			return nil, errors.Join(fmt.Errorf("%w (run: %s)", err, run), p.Close())
		}
		p.shards = append(p.shards, opened)
	}
	return p, nil
}

// Fingerprint returns that of a split as dataset.json has it, or that of the
// split's manifest where dataset.json has none.
func Fingerprint(dir dataset.Dir, split dataset.Split) (string, error) {
	info, err := dataset.ReadInfo(dir)
	if err != nil {
		return "", err
	}
	path := dir.Split(split)
	if len(info.Fingerprints) > 0 {
		name, err := dir.Name(path)
		return info.Fingerprints[name], err
	}
	fingerprint := dataset.NewFingerprinter()
	err = dataset.ForEach(path, func(s dataset.Sample) error {
		fingerprint.Add(s)
		return nil
	})
	return fingerprint.Sum(), err
}

// Head returns what holds for the whole pack.
func (p *Pack) Head() Head { return p.head }

// Len returns the number of images.
func (p *Pack) Len() int { return len(p.places) }

// Lookup returns the bytes of the image whose sample has that file_name, and
// whether the pack has it. The bytes are valid until Close and must not be
// written to. Where shards can be mapped into memory, as on all unix systems,
// nothing is copied or allocated and there is no error; else the bytes are
// read from the file.
func (p *Pack) Lookup(fileName string) (data []byte, found bool, err error) {
	at, found := p.places[fileName]
	if !found {
		return nil, false, nil
	}
	data, err = p.shards[at.shard].read(at.offset, int(at.bytes))
	if err != nil {
		err = fmt.Errorf("%s in %s: %w", fileName, p.head.Shards[at.shard].Name, err)
	}
	return data, true, err
}

// Size returns the width and height, in pixels as shown, of an image of the
// pack, and whether it was reduced: its sides are then not those that the
// manifest has for its file, in whose pixels boxes are. Both sides are 0 where
// the pack has no such image, or its bytes are none.
func (p *Pack) Size(fileName string) (width, height int, reduced bool) {
	at := p.places[fileName]
	return int(at.width), int(at.height), at.reduced
}

// Close unmaps the shards: no bytes of Lookup may be used any more.
func (p *Pack) Close() error {
	var errs []error
	for _, s := range p.shards {
		errs = append(errs, s.close())
	}
	p.shards, p.places = nil, nil
	return errors.Join(errs...)
}

// checkSize refuses a shard that is no regular file of that many bytes.
func checkSize(f *os.File, size int64) error {
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() || info.Size() != size {
		return fmt.Errorf("%s is no file of the %d bytes that the index says", f.Name(), size)
	}
	return nil
}

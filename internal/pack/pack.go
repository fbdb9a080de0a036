package pack

import (
	"errors"
	"fmt"
	"io/fs"
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
	advice string // what to do about a pack that cannot be read
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
	p, err := open(dir, split)
	if errors.Is(err, errNoShard) {
		// Another program may have put a new pack in the place of this one.
		p, err = open(dir, split)
	}
	return p, err
}

func open(dir dataset.Dir, split dataset.Split) (*Pack, error) {
	path := IndexPath(dir, split)
	p := &Pack{places: map[string]place{}, advice: "run: dsbuild pack --split " + string(split)}
	var err error
	p.head, err = ReadIndex(path, func(e Entry) error {
		p.places[e.FileName] = place{
			offset: e.Offset, bytes: int32(e.Bytes), shard: int32(e.Shard),
			width: uint16(e.Width), height: uint16(e.Height), reduced: e.Kind == Reduced,
		}
		return nil
	})
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s is not there (%s): %w", path, p.advice, err)
	}
	if err != nil {
		return nil, err
	}
	fingerprint, err := Fingerprint(dir, split)
	if err != nil {
		return nil, err
	}
	if p.head.Split != split || p.head.Fingerprint != fingerprint {
		return nil, fmt.Errorf("%s: %w (%s)", path, ErrStale, p.advice)
	}
	for _, s := range p.head.Shards {
		opened, err := openShard(filepath.Join(filepath.Dir(path), s.Name), s.Bytes)
		if err != nil {
			return nil, errors.Join(fmt.Errorf("%w (%s)", err, p.advice), p.Close())
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
// nothing is copied or allocated; else the bytes are read from the file. A
// shard that has become shorter since Open is an error. Should that happen
// while the bytes are in use, mapped memory faults: who cannot rule it out reads
// them under debug.SetPanicOnFault, as codec.Decoder does, or with Read.
func (p *Pack) Lookup(fileName string) (data []byte, found bool, err error) {
	at, found := p.places[fileName]
	if !found {
		return nil, false, nil
	}
	data, err = p.shards[at.shard].at(at.offset, int(at.bytes))
	return data, true, p.fault(fileName, err)
}

// Read is Lookup, but reads the bytes from the file into memory of buf as far
// as it reaches. They are the caller's.
func (p *Pack) Read(fileName string, buf []byte) (data []byte, found bool, err error) {
	at, found := p.places[fileName]
	if !found {
		return nil, false, nil
	}
	data, err = p.shards[at.shard].read(buf, at.offset, int(at.bytes))
	return data, true, p.fault(fileName, err)
}

// maxCopied is the size in bytes up to which Fetch copies images.
const maxCopied = 1 << 20

// Fetch returns small images as Read does, in the memory that buf points to,
// which it makes larger where it must, and large ones as Lookup does. So of
// large ones no more is read than is looked at, and a program that goes through
// many small ones does not end up with all of the pack mapped.
func (p *Pack) Fetch(fileName string, buf *[]byte) (data []byte, found bool, err error) {
	at, found := p.places[fileName]
	if !found || at.bytes > maxCopied {
		return p.Lookup(fileName)
	}
	data, found, err = p.Read(fileName, *buf)
	if data != nil {
		*buf = data
	}
	return data, found, err
}

// fault adds to an error what could not be read, and what to do.
func (p *Pack) fault(fileName string, err error) error {
	if err == nil {
		return nil
	}
	shard := p.head.Shards[p.places[fileName].shard].Name
	return fmt.Errorf("%s in %s: %w (%s)", fileName, shard, err, p.advice)
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
	for i := range p.shards {
		errs = append(errs, p.shards[i].close())
	}
	p.shards, p.places = nil, nil
	return errors.Join(errs...)
}

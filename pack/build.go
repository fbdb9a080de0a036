package pack

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"github.com/dsbuild/dsbuild/dataset"
	"github.com/dsbuild/dsbuild/internal/pack"
)

// Names of what a build leaves in a pack's folder beside the index.
const (
	shardEnding   = ".shard"
	journalPrefix = ".journal-"
)

// commitBytes is how much is written to a shard between two moments from which
// a killed run can go on.
const commitBytes = 32 << 20

// A record is a line of a build's journal: the first has the head, the others
// an entry each.
type record struct {
	Head  *pack.Head  `json:"head,omitempty"`
	Entry *pack.Entry `json:"entry,omitempty"`
}

// A build writes a pack beside the one that is there, if any. The journal has
// the images whose bytes are durable.
type build struct {
	folder     string
	shardBytes int64
	head       pack.Head
	prefix     string // of the shards' names
	journal    *dataset.Ledger
	entries    []pack.Entry
	journaled  int // entries in the journal
	shard      *os.File
	unsynced   int64
}

// openBuild starts the build of a pack of samples with that head, or goes on with
// one that was cut short.
func openBuild(
	folder string, head pack.Head, samples []dataset.Sample, shardBytes int64,
) (*build, error) {
	sum := sha256.Sum256([]byte(head.Fingerprint + "\x00" + head.Encoding))
	name := hex.EncodeToString(sum[:4])
	b := &build{
		folder: folder, shardBytes: shardBytes, head: head,
		prefix: string(head.Split) + "-" + name + "-",
	}
	if err := os.MkdirAll(folder, 0o777); err != nil {
		return nil, err
	}
	path := filepath.Join(folder, journalPrefix+name+".jsonl")
	if !b.resume(path, samples) {
		b.head, b.entries = head, nil
		if err := b.clear(path); err != nil {
			return nil, err
		}
	}
	var err error
	if b.journal, err = dataset.OpenLedger(path); err != nil {
		return nil, err
	}
	b.journaled = len(b.entries)
	if b.journaled == 0 {
		err = b.journal.Append(record{Head: &head})
	} else {
		err = b.reopen()
	}
	if err != nil {
		return nil, errors.Join(err, b.close())
	}
	return b, nil
}

// resume reads the journal at path and tells whether the build can go on from
// there: whether the journal has the first ones of the samples of this pack, and
// its shards hold what it says.
func (b *build) resume(path string, samples []dataset.Sample) bool {
	first := true
	for r, err := range dataset.ReadLedger[record](path) {
		switch {
		case err != nil:
			return false
		case first:
			if r.Head == nil || !reflect.DeepEqual(*r.Head, b.head) {
				return false
			}
			first = false
		case r.Entry == nil || !b.follows(*r.Entry) || len(b.entries) == len(samples) ||
			r.Entry.FileName != samples[len(b.entries)].FileName:
			return false
		default:
			b.note(*r.Entry)
		}
	}
	for _, s := range b.head.Shards {
		info, err := os.Stat(filepath.Join(b.folder, s.Name))
		if err != nil || !info.Mode().IsRegular() || info.Size() < s.Bytes {
			return false
		}
	}
	return len(b.entries) > 0
}

// follows tells whether an entry can be the next one: at the end of the last
// shard, or at the start of one more.
func (b *build) follows(e pack.Entry) bool {
	n := len(b.head.Shards)
	isAtEnd := e.Shard == n-1 && n > 0 && e.Offset == b.head.Shards[n-1].Bytes
	return e.Bytes >= 0 && (isAtEnd || e.Shard == n && e.Offset == 0)
}

// note adds an entry whose bytes are at the end of its shard.
func (b *build) note(e pack.Entry) {
	if e.Shard == len(b.head.Shards) {
		b.head.Shards = append(b.head.Shards, pack.Shard{Name: b.shardName(e.Shard)})
	}
	b.head.Shards[e.Shard].Bytes += e.Bytes
	b.entries = append(b.entries, e)
}

func (b *build) shardName(number int) string {
	return fmt.Sprintf("%s%05d%s", b.prefix, number, shardEnding)
}

// clear deletes what an earlier build left under the names of this one. The
// names are freed rather than the files overwritten, as they may be mapped.
func (b *build) clear(journal string) error {
	return remove(b.folder, func(name string) bool {
		return name == filepath.Base(journal) || strings.HasPrefix(name, b.prefix)
	})
}

// reopen cuts what the journal does not know of off the last shard, and goes on
// at its end.
func (b *build) reopen() error {
	last := b.head.Shards[len(b.head.Shards)-1]
	f, err := os.OpenFile(filepath.Join(b.folder, last.Name), os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	b.shard = f
	if err := f.Truncate(last.Bytes); err != nil {
		return err
	}
	_, err = f.Seek(last.Bytes, 0)
	return err
}

// add appends an image to the pack.
func (b *build) add(m packed) error {
	last := len(b.head.Shards) - 1
	full := last >= 0 && b.head.Shards[last].Bytes+m.entry.Bytes > b.shardBytes
	if last < 0 || full && b.head.Shards[last].Bytes > 0 {
		last++
		if err := b.nextShard(last); err != nil {
			return err
		}
	}
	m.entry.Shard = last
	if last < len(b.head.Shards) {
		m.entry.Offset = b.head.Shards[last].Bytes
	}
	if _, err := b.shard.Write(m.data); err != nil {
		return err
	}
	b.note(m.entry)
	if b.unsynced += m.entry.Bytes; b.unsynced >= commitBytes {
		return b.commit()
	}
	return nil
}

// nextShard ends one shard and makes the next, of that number.
func (b *build) nextShard(number int) error {
	if b.shard != nil {
		if err := errors.Join(b.commit(), b.shard.Close()); err != nil {
			return err
		}
	}
	path := filepath.Join(b.folder, b.shardName(number))
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	var err error
	b.shard, err = os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	return err
}

// commit makes what was added durable and tells the journal.
func (b *build) commit() error {
	if b.shard == nil || b.journaled == len(b.entries) {
		return nil
	}
	if err := b.shard.Sync(); err != nil {
		return err
	}
	for i := range b.entries[b.journaled:] {
		if err := b.journal.Append(record{Entry: &b.entries[b.journaled+i]}); err != nil {
			return err
		}
	}
	b.journaled, b.unsynced = len(b.entries), 0
	return nil
}

// close lets go of the files; a later build goes on from the last commit.
func (b *build) close() error {
	err := b.journal.Close()
	if b.shard != nil {
		err = errors.Join(err, b.shard.Close())
		b.shard = nil
	}
	return err
}

// finish puts the new pack in the place of the old one.
func (b *build) finish() error {
	if err := errors.Join(b.commit(), b.close(), dataset.SyncDir(b.folder)); err != nil {
		return err
	}
	b.head.Images = len(b.entries)
	if err := pack.WriteIndex(filepath.Join(b.folder, pack.IndexName), b.head, b.entries); err != nil {
		return err
	}
	return sweep(b.folder, b.head.Shards)
}

// sweep deletes the shards of a folder that its index does not name, the
// journals, and what a kill left of an index.
func sweep(folder string, named []pack.Shard) error {
	return remove(folder, func(name string) bool {
		isNamed := slices.ContainsFunc(named, func(s pack.Shard) bool { return s.Name == name })
		return strings.HasPrefix(name, journalPrefix) || strings.HasPrefix(name, dataset.TempPrefix) ||
			strings.HasSuffix(name, shardEnding) && !isNamed
	})
}

// remove deletes the files of a folder that are chosen.
func remove(folder string, chosen func(name string) bool) error {
	files, err := os.ReadDir(folder)
	if err != nil {
		return err
	}
	for _, f := range files {
		if chosen(f.Name()) {
			if err := os.Remove(filepath.Join(folder, f.Name())); err != nil {
				return err
			}
		}
	}
	return nil
}

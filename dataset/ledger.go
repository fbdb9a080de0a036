package dataset

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// A Ledger is an append-only file of JSON lines: what happened, in the order
// in which it did. It is safe for concurrent use. A kill costs at most the
// line being written, which readers skip and the next OpenLedger cuts off.
type Ledger struct {
	mu sync.Mutex
	f  *os.File
}

// OpenLedger opens the ledger at path for appending and makes it if needed.
func OpenLedger(path string) (*Ledger, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		return nil, err
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, err
	}
	if err := cutTornLine(f); err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", path, err), f.Close())
	}
	return &Ledger{f: f}, nil
}

// Append writes v as one line.
func (l *Ledger) Append(v any) error {
	line, err := marshal(v)
	if err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if _, err := l.f.Write(append(line, '\n')); err != nil {
		return fmt.Errorf("%s: %w", l.f.Name(), err)
	}
	return nil
}

// Close makes the ledger durable and closes it.
func (l *Ledger) Close() error { return errors.Join(l.f.Sync(), l.f.Close()) }

// LogRun notes in the log of a stage when a run of it ended, and with what
// report. Manifests hold no times.
func LogRun(dir Dir, stage string, report any) error {
	ledger, err := OpenLedger(dir.Log(stage))
	if err != nil {
		return err
	}
	err = ledger.Append(struct {
		At     time.Time `json:"at"`
		Report any       `json:"report"`
	}{time.Now().UTC(), report})
	return errors.Join(err, ledger.Close())
}

// WriteLines replaces the file at path atomically with one JSON value a line.
func WriteLines[T any](path string, values iter.Seq[T]) error {
	return WriteFile(path, func(w io.Writer) error {
		for v := range values {
			line, err := marshal(v)
			if err != nil {
				return fmt.Errorf("%s: %w", path, err)
			}
			if _, err := w.Write(append(line, '\n')); err != nil {
				return err
			}
		}
		return nil
	})
}

// cutTornLine drops what follows the last line end and moves to the end.
func cutTornLine(f *os.File) error {
	end, err := f.Seek(0, io.SeekEnd)
	if err != nil {
		return err
	}
	buf := make([]byte, 4096)
	for end > 0 {
		n := min(end, int64(len(buf)))
		if _, err := f.ReadAt(buf[:n], end-n); err != nil {
			return err
		}
		if i := bytes.LastIndexByte(buf[:n], '\n'); i >= 0 {
			end = end - n + int64(i) + 1
			break
		}
		end -= n
	}
	if err := f.Truncate(end); err != nil {
		return err
	}
	_, err = f.Seek(end, io.SeekStart)
	return err
}

// ReadLedger yields the entries of the ledger at path; one that is not there
// has none. A last line without its end was cut short by a kill and is left
// out; any other fault is an error that names file and line.
func ReadLedger[T any](path string) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		f, err := os.Open(path)
		if errors.Is(err, fs.ErrNotExist) {
			return
		}
		if err != nil {
			yield(none, err)
			return
		}
		defer f.Close()
		for line, err := range lines(path, &wholeLines{r: f}) {
			if err != nil {
				yield(none, err)
				return
			}
			var entry T
			if err := json.Unmarshal(line.text, &entry); err != nil {
				yield(none, &LineError{Path: path, Line: line.number, Err: explain(err)})
				return
			}
			if !yield(entry, nil) {
				return
			}
		}
	}
}

// wholeLines passes on what r holds up to its last line end.
type wholeLines struct {
	r       io.Reader
	pending []byte // read, but no line end seen after it yet
	ready   []byte
	err     error
}

func (w *wholeLines) Read(p []byte) (int, error) {
	for len(w.ready) == 0 {
		if w.err != nil {
			return 0, w.err
		}
		if len(w.pending) > maxLineBytes {
			return 0, fmt.Errorf("line is longer than %d MiB", maxLineBytes>>20)
		}
		buf := make([]byte, 64<<10)
		n, err := w.r.Read(buf)
		w.err = err
		w.pending = append(w.pending, buf[:n]...)
		if i := bytes.LastIndexByte(w.pending, '\n'); i >= 0 {
			w.ready, w.pending = w.pending[:i+1], bytes.Clone(w.pending[i+1:])
		}
	}
	n := copy(p, w.ready)
	w.ready = w.ready[n:]
	return n, nil
}

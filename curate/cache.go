package curate

import (
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"net/url"
	"os"
	"path/filepath"
	"sync"

	"modernc.org/sqlite" // registers the driver "sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// featuresVersion changes with anything that changes what features hold.
// Databases of another version are emptied.
const featuresVersion = 2

// batchSize is how many files are measured between two commits. A kill costs
// at most that many.
const batchSize = 256

// heldThumbs is how many thumbnails are held in memory, 3 KiB each.
const heldThumbs = 8192

// errDamaged means that the database holds what this package did not write.
var errDamaged = errors.New("the feature cache is damaged")

const schema = `
CREATE TABLE IF NOT EXISTS features (
	sha256 BLOB PRIMARY KEY, problem TEXT NOT NULL, detail TEXT NOT NULL,
	width INTEGER NOT NULL, height INTEGER NOT NULL,
	sharpness REAL NOT NULL, dark REAL NOT NULL, bright REAL NOT NULL, entropy REAL NOT NULL,
	hash INTEGER NOT NULL, blank INTEGER NOT NULL, sketch BLOB NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS thumbnails (sha256 BLOB PRIMARY KEY, pixels BLOB NOT NULL);`

// A cache keeps features and thumbnails by the files' digest in an SQLite
// database. It is safe for concurrent use.
type cache struct {
	db *sql.DB

	mu      sync.Mutex
	pending []row
	thumbs  map[digest][]byte
}

// A row is what the database holds of one file.
type row struct {
	digest   digest
	features features
	thumb    []byte
}

// openCache opens the database at path and makes it where needed.
func openCache(ctx context.Context, path string) (*cache, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		return nil, err
	}
	const pragmas = "?_pragma=busy_timeout(10000)" +
		"&_pragma=journal_mode(wal)&_pragma=synchronous(normal)"
	name := (&url.URL{Scheme: "file", Opaque: url.PathEscape(path)}).String() + pragmas
	db, err := sql.Open("sqlite", name)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	c := &cache{db: db, thumbs: map[digest][]byte{}}
	if err := c.prepare(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", path, err), db.Close())
	}
	return c, nil
}

// prepare empties a database of another version and makes the tables.
func (c *cache) prepare(ctx context.Context) error {
	var version int
	if err := c.db.QueryRowContext(ctx, "PRAGMA user_version").Scan(&version); err != nil {
		return explainSQL(err)
	}
	statements := schema
	if version != featuresVersion {
		statements = "DROP TABLE IF EXISTS features; DROP TABLE IF EXISTS thumbnails;" + schema +
			fmt.Sprintf("PRAGMA user_version = %d", featuresVersion)
	}
	_, err := c.db.ExecContext(ctx, "BEGIN IMMEDIATE;"+statements+";COMMIT")
	return explainSQL(err)
}

func (c *cache) close() error { return c.db.Close() }

// removeCache deletes the database at path.
func removeCache(path string) error {
	for _, ending := range []string{"-wal", "-shm", ""} {
		if err := os.Remove(path + ending); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	return nil
}

// explainSQL marks the errors that mean a damaged database.
func explainSQL(err error) error {
	if e, ok := errors.AsType[*sqlite.Error](err); ok {
		switch e.Code() & 0xff { // the high bits refine
		case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
			return fmt.Errorf("%w: %w", errDamaged, err)
		}
	}
	return err
}

// load returns all features of the database; size is how many are expected.
func (c *cache) load(ctx context.Context, size int) (map[digest]*features, error) {
	rows, err := c.db.QueryContext(ctx, `SELECT sha256, problem, detail, width, height,
		sharpness, dark, bright, entropy, hash, blank, sketch FROM features`)
	if err != nil {
		return nil, explainSQL(err)
	}
	defer rows.Close()
	known := make(map[digest]*features, size)
	for rows.Next() {
		var sum, sketch sql.RawBytes
		f := &features{}
		var hash int64
		q := &f.quality
		err := rows.Scan(&sum, &f.problem, &f.detail, &f.width, &f.height,
			&q.sharpness, &q.dark, &q.bright, &q.entropy, &hash, &f.look.blank, &sketch)
		if err != nil {
			return nil, fmt.Errorf("%w: %w", errDamaged, err)
		}
		if len(sum) != len(digest{}) || len(sketch) != 4*sketchSize {
			return nil, errDamaged
		}
		f.look.hash = uint64(hash)
		for i := range f.look.sketch {
			f.look.sketch[i] = math.Float32frombits(binary.LittleEndian.Uint32(sketch[4*i:]))
		}
		known[digest(sum)] = f
	}
	return known, explainSQL(rows.Err())
}

// put adds the features of a file. They are in the database after flush.
func (c *cache) put(ctx context.Context, sum digest, f features, thumb []byte) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.pending = append(c.pending, row{sum, f, thumb})
	if len(c.pending) < batchSize {
		return nil
	}
	return c.write(ctx)
}

// flush writes what is pending.
func (c *cache) flush(ctx context.Context) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.write(ctx)
}

// write commits the pending rows; the caller holds the lock.
func (c *cache) write(ctx context.Context) (err error) {
	tx, err := c.db.BeginTx(ctx, nil)
	if err != nil {
		return explainSQL(err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(explainSQL(err), ignoreDone(tx.Rollback()))
		}
	}()
	for _, r := range c.pending {
		if err := r.insert(ctx, tx); err != nil {
			return err
		}
	}
	c.pending = c.pending[:0]
	return tx.Commit()
}

func ignoreDone(err error) error {
	if errors.Is(err, sql.ErrTxDone) {
		return nil
	}
	return err
}

func (r row) insert(ctx context.Context, tx *sql.Tx) error {
	f, q := r.features, r.features.quality
	sketch := make([]byte, 0, 4*sketchSize)
	for _, v := range f.look.sketch {
		sketch = binary.LittleEndian.AppendUint32(sketch, math.Float32bits(v))
	}
	_, err := tx.ExecContext(ctx,
		"INSERT OR REPLACE INTO features VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		r.digest[:], f.problem, f.detail, f.width, f.height,
		q.sharpness, q.dark, q.bright, q.entropy, int64(f.look.hash), f.look.blank, sketch)
	if err != nil || r.thumb == nil {
		return err
	}
	_, err = tx.ExecContext(ctx,
		"INSERT OR REPLACE INTO thumbnails VALUES (?, ?)", r.digest[:], r.thumb)
	return err
}

// thumb returns the thumbnail of a file that has features. The caller must
// not change it.
func (c *cache) thumb(ctx context.Context, sum digest) ([]byte, error) {
	c.mu.Lock()
	thumb, ok := c.thumbs[sum]
	c.mu.Unlock()
	if ok {
		return thumb, nil
	}
	err := c.db.QueryRowContext(ctx,
		"SELECT pixels FROM thumbnails WHERE sha256 = ?", sum[:]).Scan(&thumb)
	if errors.Is(err, sql.ErrNoRows) ||
		err == nil && len(thumb) != thumbPixels && len(thumb) != 3*thumbPixels {
		return nil, fmt.Errorf("%w: it lacks a thumbnail", errDamaged)
	}
	if err != nil {
		return nil, explainSQL(err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.thumbs) >= heldThumbs {
		clear(c.thumbs)
	}
	c.thumbs[sum] = thumb
	return thumb, nil
}

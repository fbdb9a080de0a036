package curate

import (
	"os"
	"reflect"
	"testing"

	"github.com/dsbuild/dsbuild/internal/codec"
)

func limitsOf(o Options) codec.Limits { return codec.Limits{MaxPixels: o.MaxPixels} }

func TestCacheReturnsWhatWasPut(t *testing.T) {
	path := t.TempDir() + "/a folder?/100%/features.db"
	want := map[digest]*features{}
	thumbs := map[digest][]byte{}
	c, err := openCache(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	for i, p := range faults() {
		sum := digest{byte(i + 1)}
		measured, thumb := measureFile(p.data, limitsOf(Options{}))
		want[sum], thumbs[sum] = &measured, thumb
		if err := c.put(t.Context(), sum, measured, thumb); err != nil {
			t.Fatal(err)
		}
	}
	if err := c.flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := c.close(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path); err != nil {
		t.Fatal(err)
	}
	if c, err = openCache(t.Context(), path); err != nil {
		t.Fatal(err)
	}
	defer c.close()
	got, err := c.load(t.Context(), 0)
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("loaded %v (%v), want %v", got, err, want)
	}
	for sum, thumb := range thumbs {
		if thumb == nil {
			continue
		}
		if got, err := c.thumb(t.Context(), sum); err != nil || !reflect.DeepEqual(got, thumb) {
			t.Errorf("thumbnail of %x differs (%v)", sum[:2], err)
		}
	}
}

// TestSecondRunReadsNoFile replaces the files' bytes by others of the same
// length, which a run that reads them would notice.
func TestSecondRunReadsNoFile(t *testing.T) {
	dir := newSet(t, faults()...)
	first := runOn(t, dir, Options{})
	for _, s := range first.kept {
		if err := os.WriteFile(dir.Path(s.FileName), make([]byte, s.Bytes), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if second := runOn(t, dir, Options{}); !reflect.DeepEqual(second, first) {
		t.Errorf("second run gave %+v, want %+v", second.report, first.report)
	}
}

func TestDamagedCacheIsMadeAgain(t *testing.T) {
	dir := newSet(t, faults()...)
	runOn(t, dir, Options{})
	want := verdicts(t, dir)
	for name, damage := range map[string]func(data []byte) []byte{
		"no database": func([]byte) []byte {
			return []byte("this is no database, but long enough for one")
		},
		"zeroed": func(data []byte) []byte {
			clear(data[4096:])
			return data
		},
		"cut short": func(data []byte) []byte { return data[:len(data)/2] },
	} {
		data, err := os.ReadFile(dir.Features())
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(dir.Features(), damage(data), 0o666); err != nil {
			t.Fatal(err)
		}
		got := runOn(t, dir, Options{})
		if !got.report.CacheRebuilt || verdicts(t, dir) != want {
			t.Errorf("%s: report %+v, want the same verdicts from a new cache", name, got.report)
		}
		if again := runOn(t, dir, Options{}); again.report.CacheRebuilt {
			t.Errorf("%s: the new cache is damaged as well", name)
		}
	}
}

func TestCacheOfAnotherVersionIsEmptied(t *testing.T) {
	path := t.TempDir() + "/features.db"
	c, err := openCache(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	found, thumb := measureFile(asPNG(scene("a", 50, 50)), limitsOf(Options{}))
	if err := c.put(t.Context(), digest{1}, found, thumb); err != nil {
		t.Fatal(err)
	}
	if err := c.flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := c.db.ExecContext(t.Context(), "PRAGMA user_version = 99"); err != nil {
		t.Fatal(err)
	}
	if err := c.close(); err != nil {
		t.Fatal(err)
	}
	if c, err = openCache(t.Context(), path); err != nil {
		t.Fatal(err)
	}
	defer c.close()
	if known, err := c.load(t.Context(), 0); err != nil || len(known) != 0 {
		t.Errorf("loaded %v (%v), want nothing", known, err)
	}
}

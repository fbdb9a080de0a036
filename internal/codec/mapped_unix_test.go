//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package codec

import (
	"bytes"
	"errors"
	"image"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// mapped returns the bytes of a file that holds data, mapped into memory, and
// what cuts that file short.
func mapped(t *testing.T, data []byte) (bytes []byte, cut func()) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, data, 0o666); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	bytes, err = syscall.Mmap(int(f.Fd()), 0, len(data), syscall.PROT_READ, syscall.MAP_SHARED)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = syscall.Munmap(bytes) })
	return bytes, func() {
		if err := os.Truncate(path, 0); err != nil {
			t.Fatal(err)
		}
	}
}

// TestFileCutShortWhileMapped decodes files whose memory faults.
func TestFileCutShortWhileMapped(t *testing.T) {
	for _, format := range []string{"jpeg", "png", "bmp"} {
		good := encode(t, format, gradient(200, 100))
		for name, decode := range map[string]func(d *Decoder) error{
			"Whole": func(d *Decoder) error { _, err := d.Whole(nil); return err },
			"Part": func(d *Decoder) error {
				_, err := d.Part(image.Rect(9, 9, 90, 90), 20, 20, nil)
				return err
			},
		} {
			data, cut := mapped(t, good)
			d := NewDecoder(Limits{})
			open(t, d, data)
			cut()
			if err := decode(d); !errors.Is(err, ErrTruncated) {
				t.Errorf("%s of %s: error %v", name, format, err)
			}
			if _, err := d.Open(data); !errors.Is(err, ErrTruncated) {
				t.Errorf("Open of %s: error %v", format, err)
			}
			open(t, d, good)
			m, err := d.Whole(nil)
			if err != nil {
				t.Fatal(err)
			}
			if want, _, err := Decode(good, Limits{}); err != nil || !bytes.Equal(m.Pix, want.Pix) {
				t.Errorf("the next %s has other pixels (%v)", format, err)
			}
		}
	}
}

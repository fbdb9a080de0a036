package loader

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestFilesAreReadIntoTheSameMemory(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"long": strings.Repeat("0123456789", 1000), "short": "abc", "empty": "",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	var f file
	read := func(name string) string {
		data, err := f.read(dir, name)
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
	if got := read("long"); len(got) != 10000 || !strings.HasPrefix(got, "0123456789") {
		t.Errorf("a file of 10000 bytes has %d", len(got))
	}
	if got := read("short") + read("empty"); got != "abc" {
		t.Errorf("a file of abc and an empty one have %q", got)
	}
}

func TestWhatIsNoFile(t *testing.T) {
	dir := t.TempDir()
	var f file
	if _, err := f.read(dir, "none"); !errors.Is(err, fs.ErrNotExist) ||
		!strings.Contains(err.Error(), "none") {
		t.Errorf("a file that is not there: error %v", err)
	}
	if err := os.Mkdir(filepath.Join(dir, "folder"), 0o777); err != nil {
		t.Fatal(err)
	}
	if _, err := f.read(dir, "folder"); err == nil || !strings.Contains(err.Error(), "folder") {
		t.Errorf("a folder: error %v", err)
	}
}

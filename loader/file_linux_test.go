package loader

import (
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"
)

func TestReadingAllocatesNothing(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "a"), make([]byte, 5000), 0o644); err != nil {
		t.Fatal(err)
	}
	var f file
	if n := testing.AllocsPerRun(100, func() {
		if _, err := f.read(dir, "a"); err != nil {
			t.Fatal(err)
		}
	}); n > 0 {
		t.Errorf("%v allocations", n)
	}
}

// A pipe that nobody writes to must not hold a worker for ever.
func TestPipesAreRefused(t *testing.T) {
	dir := t.TempDir()
	if err := unix.Mkfifo(filepath.Join(dir, "pipe"), 0o600); err != nil {
		t.Skip(err)
	}
	var f file
	if _, err := f.read(dir, "pipe"); err == nil {
		t.Error("a pipe was read")
	}
}

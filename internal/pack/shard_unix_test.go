//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package pack

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/dsbuild/dsbuild/dataset"
)

func TestLookupAllocatesNothing(t *testing.T) {
	p, err := Open(makePack(t), dataset.Train)
	check(t, err)
	defer p.Close()
	n := testing.AllocsPerRun(100, func() {
		if _, found, _ := p.Lookup("raw/a/1.jpg"); !found {
			t.Fatal("it is gone")
		}
	})
	if n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func TestPipeIsNoShard(t *testing.T) {
	dir := makePack(t)
	path := filepath.Join(Folder(dir, dataset.Train), "two")
	check(t, os.Remove(path))
	check(t, unix.Mkfifo(path, 0o666))
	if _, err := Open(dir, dataset.Train); err == nil || !strings.Contains(err.Error(), "regular") {
		t.Errorf("error %v", err)
	}
}

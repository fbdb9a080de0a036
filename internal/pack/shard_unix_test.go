//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package pack

import (
	"testing"

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

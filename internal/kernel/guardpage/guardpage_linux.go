package guardpage

import (
	"syscall"
	"testing"
	"unsafe"
)

// Memory returns zeros for n elements that end, or begin, at a page that must not
// be touched. They are gone after the test. The address is a multiple of the
// element's size, and of a page's only where the memory begins at one.
func Memory[E any](t testing.TB, n int, ends bool) []E {
	t.Helper()
	size := n * int(unsafe.Sizeof(*new(E)))
	page := syscall.Getpagesize()
	whole := (size + page - 1) / page * page
	memory, err := syscall.Mmap(-1, 0, whole+2*page, syscall.PROT_READ|syscall.PROT_WRITE,
		syscall.MAP_ANON|syscall.MAP_PRIVATE)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = syscall.Munmap(memory) })
	for _, guard := range [][]byte{memory[:page], memory[page+whole:]} {
		if err := syscall.Mprotect(guard, syscall.PROT_NONE); err != nil {
			t.Fatal(err)
		}
	}
	start := page
	if ends {
		start += whole - size
	}
	return unsafe.Slice((*E)(unsafe.Pointer(&memory[start])), n)
}

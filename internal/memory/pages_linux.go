package memory

import (
	"syscall"
	"unsafe"
)

// pageBytes is the size of a large page.
const pageBytes = 2 << 20

// preferLargePages asks for large pages for those that lie within values. To be
// refused does no harm.
func preferLargePages(values []float32) {
	address := uintptr(unsafe.Pointer(unsafe.SliceData(values)))
	before := (pageBytes - address%pageBytes) % pageBytes
	bytes := uintptr(len(values)) * unsafe.Sizeof(float32(0))
	if bytes < before+pageBytes {
		return
	}
	all := unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(values))), bytes)
	_ = syscall.Madvise(all[before:before+(bytes-before)/pageBytes*pageBytes], syscall.MADV_HUGEPAGE)
}

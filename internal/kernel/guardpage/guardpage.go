// Package guardpage gives tests memory that kernels cannot leave unnoticed.
//
// A length flows in, and a slice comes out that begins or ends at a page which
// nobody may touch: assembly that reads or writes beyond it ends the program. A
// test runs a kernel with both kinds:
//
//	for _, ends := range []bool{false, true} {
//		x := guardpage.Memory[float32](t, n, ends)
//		Scale(x, 2)
//	}
//
// Where the system has no such pages, the memory is any.
package guardpage

//go:build !amd64

package entropy

// useFast tells whether readFast is there.
const useFast = false

type frame struct{}

func (r *Reader) readFast(run *Run, first, n int) int { return r.readGeneric(run, first, n) }

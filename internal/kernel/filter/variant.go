package filter

// A variant is a way in which this machine can run the kernels.
type variant int

const (
	generic variant = iota
	avx2
	avx512 // with VBMI, for tables and hues
)

func (v variant) String() string { return [...]string{"generic", "avx2", "avx512"}[v] }

var (
	// current is the variant in use: the fastest there is.
	current = generic
	// available are all the variants that this machine can run.
	available = []variant{generic}
)

package dct

import "testing"

// eachVariant runs a test with every variant that this machine has.
func eachVariant(t *testing.T, test func(t *testing.T)) {
	defer func(was variant) { current = was }(current)
	for _, v := range available {
		current = v
		t.Run(v.String(), test)
	}
}

// eachVariantOf runs a benchmark with every variant that this machine has.
func eachVariantOf(b *testing.B, name string, bench func(b *testing.B)) {
	defer func(was variant) { current = was }(current)
	for _, v := range available {
		current = v
		b.Run(name+"/"+v.String(), bench)
	}
}

// withGeneric runs f with the generic variant.
func withGeneric(f func()) {
	defer func(was variant) { current = was }(current)
	current = generic
	f()
}

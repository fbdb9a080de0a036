package winograd

import "testing"

// eachVariant runs a test with every variant that this machine has.
func eachVariant(t *testing.T, test func(t *testing.T)) {
	defer func(was variant) { current = was }(current)
	for _, v := range available {
		current = v
		t.Run(v.String(), test)
	}
}

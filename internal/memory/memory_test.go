package memory

import "testing"

func TestFloatsAreZeros(t *testing.T) {
	for _, n := range []int{0, 1, 1000, 1<<19 - 1, 1 << 19, 3<<19 + 5} {
		values := Floats(n)
		if len(values) != n {
			t.Errorf("%d floats, want %d", len(values), n)
		}
		for i, v := range values {
			if v != 0 {
				t.Fatalf("float %d of %d is %v", i, n, v)
			}
			values[i] = 1
		}
	}
}

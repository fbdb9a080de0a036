package guardpage

import "testing"

func TestMemory(t *testing.T) {
	for _, ends := range []bool{false, true} {
		for _, n := range []int{0, 1, 5, 1023, 1024, 5000} {
			x := Memory[float32](t, n, ends)
			if len(x) != n || cap(x) != n {
				t.Fatalf("%d elements are %d, and %d with what lies behind", n, len(x), cap(x))
			}
			for i, v := range x {
				if v != 0 {
					t.Fatalf("element %d of %d is %v", i, n, v)
				}
				x[i] = 1
			}
		}
	}
}

//go:build !linux

package guardpage

import "testing"

// Memory returns zeros for n elements.
func Memory[E any](_ testing.TB, n int, _ bool) []E { return make([]E, n) }

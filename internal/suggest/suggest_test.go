package suggest

import "testing"

func TestNearest(t *testing.T) {
	classes := []string{"corgi", "husky", "pug"}
	for word, want := range map[string]string{
		"corgy":    "corgi",
		"Corgi":    "corgi",
		"hsuky":    "husky",
		"pg":       "pug",
		"elephant": "",
		"":         "",
	} {
		if got := Nearest(word, classes); got != want {
			t.Errorf("Nearest(%q) = %q, want %q", word, got, want)
		}
	}
}

func TestHint(t *testing.T) {
	if got, want := Hint("spilt", []string{"split"}), ` (did you mean "split"?)`; got != want {
		t.Errorf("Hint = %q, want %q", got, want)
	}
	if got := Hint("zebra", []string{"split"}); got != "" {
		t.Errorf("Hint of a far word = %q, want none", got)
	}
}

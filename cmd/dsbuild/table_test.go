package main

import (
	"bytes"
	"testing"
)

func TestTableIsAligned(t *testing.T) {
	var tab table
	tab.row("class", "n", "recall", "how")
	tab.row("žába", 12, 0.5, "all right")
	tab.row("0", 3, "", "3")
	var b bytes.Buffer
	tab.write(&b)
	const want = "class   n  recall  how\nžába   12   0.500  all right\n0       3          3\n"
	if b.String() != want {
		t.Errorf("table\n%swant\n%s", b.String(), want)
	}
}

func TestCountsComeInTheGivenOrder(t *testing.T) {
	counts := map[string]int{"blurred": 2, "tiny": 5, "dark": 2}
	var b bytes.Buffer
	writeCounts(&b, "rejected", "n", counts, byCount(counts))
	writeCounts(&b, "nothing", "n", nil, nil)
	const want = "\nrejected  n\ntiny      5\nblurred   2\ndark      2\n"
	if b.String() != want {
		t.Errorf("counts\n%swant\n%s", b.String(), want)
	}
}

func TestQuoteIsReadBackByAShell(t *testing.T) {
	for word, want := range map[string]string{
		"pets":    "pets",
		"my pets": "'my pets'",
		"it's":    `'it'\''s'`,
		"":        "''",
		"$HOME":   "'$HOME'",
		"a/b-1.x": "a/b-1.x",
	} {
		if got := quote(word); got != want {
			t.Errorf("quote(%q) = %s, want %s", word, got, want)
		}
	}
}

package dataset

import "testing"

func TestKeyStreamsAreStableAndIndependent(t *testing.T) {
	key := Key{Seed: 1, Epoch: 2, Sample: "raw/a/1.png"}
	first := key.Rand("crop").Uint64()
	if again := key.Rand("crop").Uint64(); again != first {
		t.Errorf("the same key gave %d and then %d", first, again)
	}
	others := map[string]uint64{
		"purpose": key.Rand("flip").Uint64(),
		"seed":    Key{2, 2, "raw/a/1.png"}.Rand("crop").Uint64(),
		"epoch":   Key{1, 3, "raw/a/1.png"}.Rand("crop").Uint64(),
		"sample":  Key{1, 2, "raw/a/2.png"}.Rand("crop").Uint64(),
		"border":  Key{1, 2, "raw/a/1.pngc"}.Rand("rop").Uint64(),
	}
	for what, v := range others {
		if v == first {
			t.Errorf("another %s gave the same stream", what)
		}
	}
}

// The first draw of a fixed key: it may never change, or old runs could not
// be repeated.
func TestKeyStreamIsFixed(t *testing.T) {
	const want = 4185901857740166591
	if got := (Key{Seed: 1, Epoch: 2, Sample: "raw/a/1.png"}).Rand("crop").Uint64(); got != want {
		t.Errorf("first draw is %d, want %d", got, uint64(want))
	}
}

func TestStreamIsThatOfTheKey(t *testing.T) {
	var s Stream
	key := Key{Seed: 1, Epoch: 2, Sample: "raw/a/1.png"}
	s.Of(key, "another").Uint64()
	var got uint64
	if n := testing.AllocsPerRun(10, func() { got = s.Of(key, "cr", "op").Uint64() }); n != 0 {
		t.Errorf("%v allocations", n)
	}
	if want := key.Rand("crop").Uint64(); got != want {
		t.Errorf("the stream gave %d, and the key gives %d", got, want)
	}
}

package augment

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/dsbuild/dsbuild/dataset"
	"github.com/dsbuild/dsbuild/pixel"
)

var update = flag.Bool("update", false, "write testdata/draws.txt and doc/augment.md anew")

// TestDrawsStayWhatTheyAre compares draws with those that are on record: the
// same seed must give the same images in later versions.
func TestDrawsStayWhatTheyAre(t *testing.T) {
	const path = "testdata/draws.txt"
	var b strings.Builder
	for i, transform := range append(append(all(), full()...), nested()) {
		for epoch := range 3 {
			key := dataset.Key{Seed: 9, Epoch: epoch, Sample: "raw/cat/1.jpg"}
			var mix pixel.Mix
			Pipeline{transform}.Mix(&mix, key, 90, 70)
			plan := Pipeline{transform}.Plan(key, 90, 70)
			fmt.Fprintf(&b, "%d %s: %s", i, transform.Name(), plan)
			for _, layer := range mix.Layers {
				fmt.Fprintf(&b, "; image %d in %v weight %.4f", layer.Image, layer.Region, layer.Weight)
			}
			b.WriteByte('\n')
		}
	}
	if *update {
		if err := os.WriteFile(path, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	got, kept := strings.Split(b.String(), "\n"), strings.Split(string(want), "\n")
	if len(got) != len(kept) {
		t.Fatalf("%d draws, and %d on record", len(got), len(kept))
	}
	for i, line := range got {
		if line != kept[i] {
			t.Errorf("got  %s\nwant %s", line, kept[i])
		}
	}
}

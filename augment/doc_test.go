package augment

import (
	"os"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// TestDocumentNamesAllTransforms compares the list in doc/augment.md, which
// -update writes, with what recipes know.
func TestDocumentNamesAllTransforms(t *testing.T) {
	const path = "../doc/augment.md"
	document, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	const heading = "## All transforms with their defaults\n\n```yaml\n"
	before, list, found := strings.Cut(string(document), heading)
	if !found {
		t.Fatalf("%s has no heading %q", path, heading)
	}
	var usual yaml.Node
	names := Names()
	for _, name := range names {
		var item yaml.Node
		if err := item.Encode(map[string]Transform{name: kinds[name]}); err != nil {
			t.Fatal(err)
		}
		item.Content[1].Style = yaml.FlowStyle
		usual.Content = append(usual.Content, &item)
	}
	usual.Kind = yaml.SequenceNode
	written, err := yaml.Marshal(&usual)
	if err != nil {
		t.Fatal(err)
	}
	want := string(written) + "```\n"
	if *update {
		if err := os.WriteFile(path, []byte(before+heading+want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if list != want {
		t.Errorf("%s is not up to date: run go test ./augment -update", path)
	}
	if !slices.IsSorted(names) || len(names) < 35 {
		t.Errorf("recipes know %d transforms: %v", len(names), names)
	}
}

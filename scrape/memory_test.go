package scrape

import (
	"testing"

	"github.com/dsbuild/dsbuild/dataset"
)

// What the manifest and the log both tell of a file is held once, and where
// they differ the log's last note holds.
func TestRememberSharesWhatTheManifestHolds(t *testing.T) {
	dir := dataset.Dir(t.TempDir())
	const gone = "https://example.org/gone.jpg"
	var collected []dataset.Sample
	for _, name := range []string{"1", "2", "gone"} {
		collected = append(collected, dataset.Sample{
			FileName: "raw/corgi/" + name + ".jpg", Label: "corgi", SHA256: name, Bytes: 7,
			Source: &dataset.Source{URL: "https://example.org/" + name + ".jpg"},
		})
	}
	log, err := dataset.OpenLedger(dir.Log("scrape"))
	if err != nil {
		t.Fatal(err)
	}
	other := fileOf(&collected[1])
	other.Bytes++
	same := fileOf(&collected[0])
	for _, n := range []note{
		{Class: "corgi", URL: collected[0].Source.URL, result: result{Sample: &same}},
		{Class: "corgi", URL: collected[1].Source.URL, result: result{Sample: &other}},
		{Class: "corgi", URL: gone, result: result{Reason: &dataset.Reason{Name: "http_status"}}},
	} {
		if err := log.Append(n); err != nil {
			t.Fatal(err)
		}
	}
	if err := log.Close(); err != nil {
		t.Fatal(err)
	}
	known, err := remember(dir, collected)
	if err != nil {
		t.Fatal(err)
	}
	if got := known[offer{"corgi", collected[0].Source.URL}]; got.Sample != &collected[0] {
		t.Errorf("the sample is held twice: %+v", got)
	}
	if got := known[offer{"corgi", collected[1].Source.URL}]; got.Sample == nil ||
		got.Sample.Bytes != other.Bytes {
		t.Errorf("result %+v, want the log's", got)
	}
	if got := known[offer{"corgi", gone}]; got.Reason == nil {
		t.Errorf("result %+v, want the log's reason", got)
	}
}

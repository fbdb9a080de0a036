package main

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/dsbuild/dsbuild/split"
	"github.com/dsbuild/dsbuild/train"
)

// sharedData has sets of real pictures, where somebody has put them.
const sharedData = "../../../shared/data"

// TestRealPictures takes real sets of pictures the whole way with no flags but
// the seed. It takes minutes: DSBUILD_LARGE=1 asks for it.
func TestRealPictures(t *testing.T) {
	if os.Getenv("DSBUILD_LARGE") != "1" {
		t.Skip("set DSBUILD_LARGE=1 to train on real pictures")
	}
	for _, c := range []struct {
		source  string
		flags   []string // of import
		curated bool
		train   []string
		least   float64 // test accuracy
	}{
		{"signs", nil, true, nil, 0.97},
		{"mnist.tar.gz", []string{"--keep-splits"}, false, nil, 0.993},
		{"clothing", nil, true, []string{"--epochs", "2"}, 0.45},
	} {
		t.Run(c.source, func(t *testing.T) {
			from := filepath.Join(sharedData, c.source)
			if _, err := os.Stat(from); err != nil {
				t.Skip("the shared data sets are not here")
			}
			dir := t.TempDir()
			call(t, nil, dir, append([]string{"import", "--from", from}, c.flags...)...)
			if c.curated {
				call(t, nil, dir, "curate")
			}
			var parts split.Report
			call(t, &parts, dir, "split", "--seed", "1")
			call(t, nil, dir, append([]string{"train", "--seed", "1"}, c.train...)...)
			var result train.Evaluation
			call(t, &result, dir, "eval", "--split", "test")
			if result.Accuracy < c.least || result.Samples != parts.Splits.Test {
				t.Errorf("accuracy %.4f on %d pictures, want %.2f on %d", result.Accuracy,
					result.Samples, c.least, parts.Splits.Test)
			}
			t.Logf("%s: accuracy %.4f on %d pictures", c.source, result.Accuracy, result.Samples)
		})
	}
}

// call runs a command with --json and reads the last line of what it writes.
func call(t *testing.T, result any, dir string, args ...string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "dsbuild",
		append([]string{"--dir", dir, "--json", "--quiet"}, args...)...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %v\n%s", args, err, stderr.Bytes())
	}
	if result == nil {
		return
	}
	lines := bytes.Split(bytes.TrimSpace(out), []byte("\n"))
	if err := json.Unmarshal(lines[len(lines)-1], result); err != nil {
		t.Fatalf("%v: %v\n%s", args, err, out)
	}
}

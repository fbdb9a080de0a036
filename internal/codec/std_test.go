package codec

import (
	"bytes"
	"errors"
	"image"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/dsbuild/dsbuild/pixel"
)

// TestFilesOfTheStandardLibrary decodes the files that the standard library is
// tested with, those of rare kinds among them.
func TestFilesOfTheStandardLibrary(t *testing.T) {
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Skip("no go command here")
	}
	folder := filepath.Join(strings.TrimSpace(string(root)), "src", "image", "testdata")
	paths, _ := filepath.Glob(filepath.Join(folder, "*.*"))
	if len(paths) == 0 {
		t.Skip("no sources of the standard library here")
	}
	for _, path := range paths {
		name, data := filepath.Base(path), readFile(t, path)
		if Sniff(data) == "" {
			continue
		}
		t.Run(name, func(t *testing.T) {
			got, header, err := Decode(data, Limits{})
			std, _, stdErr := image.Decode(bytes.NewReader(data))
			if stdErr != nil {
				if strings.Contains(name, "truncated") && !errors.Is(err, ErrTruncated) {
					t.Errorf("error %v, want %v", err, ErrTruncated)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			want := pixel.FromImage(std).WithChannels(header.Channels)
			// The standard library repeats chroma, and green and blue of the RGB
			// file, instead of mixing them.
			if got.Bounds() != want.Bounds() || meanDifference(got, want) > 5 {
				t.Errorf("%v differs by %.2f on average from %v of the standard library",
					got.Bounds(), meanDifference(got, want), want.Bounds())
			}
		})
	}
}

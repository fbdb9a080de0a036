// Package dsbuild_test checks the law of imports: who may know whom.
package dsbuild_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/dsbuild/dsbuild/"

// importLaw lists for each room what it may import beside the standard
// library: rooms of this module by their path, other modules by the start of
// theirs. A name in capitals stands for the list that it heads, and a line that
// starts with a space goes on with the one before. Tests may import what they
// like.
//
// Stages (scrape, importer, curate, augment, split, loader, train) never
// import each other, but train reads the loader's batches. Only cmd/dsbuild
// knows the terminal and all of the stages.
const importLaw = `
# The contract.
internal/suggest <
dataset          < internal/suggest
pixel            < dataset internal/kernel/degrade internal/kernel/filter internal/kernel/resample internal/kernel/warp
pixel/imaging    < pixel
CONTRACT         < dataset pixel internal/suggest

# Foundations.
internal/parallel    <
internal/memory      <
internal/kernel/isa  < golang.org/x/sys
internal/kernel/guardpage <
internal/kernel      < internal/kernel/isa internal/kernel/vector internal/parallel golang.org/x/sys
internal/kernel/dct  < internal/kernel/isa golang.org/x/sys
internal/kernel/ceiling < internal/kernel/isa golang.org/x/sys
internal/kernel/vector  < internal/kernel/isa golang.org/x/sys
internal/kernel/pool    < internal/kernel/isa internal/parallel golang.org/x/sys
internal/kernel/conv    < internal/parallel
internal/kernel/conv/convtest < internal/kernel/conv internal/kernel/guardpage internal/memory
                                internal/parallel
CONVKERNEL              < internal/kernel internal/kernel/conv internal/kernel/isa internal/parallel
                          golang.org/x/sys
internal/kernel/conv/weight    < CONVKERNEL
internal/kernel/conv/direct    < CONVKERNEL internal/kernel/conv/weight
internal/kernel/conv/winograd  < CONVKERNEL
internal/kernel/conv/depthwise < CONVKERNEL
internal/kernel/filter < internal/kernel/isa golang.org/x/sys
internal/kernel/warp < internal/kernel/isa golang.org/x/sys
internal/kernel/degrade < internal/kernel/isa internal/kernel/dct internal/kernel/filter golang.org/x/sys
internal/kernel/resample < internal/kernel/isa golang.org/x/sys
internal/codec/jpeg/entropy < internal/kernel/isa golang.org/x/sys
internal/codec/jpeg  < internal/codec/jpeg/entropy internal/kernel/dct
internal/codec/jpeg/transcode < internal/codec/jpeg internal/codec/jpeg/entropy
internal/codec       < pixel internal/codec/jpeg internal/kernel/dct golang.org/x/image
internal/store       < dataset internal/codec golang.org/x/sys
internal/safetensors < dataset gorgonia.org/tensor
internal/recipe      < internal/suggest go.yaml.in/yaml
internal/sheet       < dataset golang.org/x/image github.com/disintegration/imaging
internal/lock        < golang.org/x/sys
internal/pack        < dataset golang.org/x/sys
internal/fetch       < dataset golang.org/x/net golang.org/x/sync github.com/temoto/robotstxt

# The site of the demo.
internal/demosite/sketch < golang.org/x/image
internal/demosite        < dataset internal/demosite/sketch golang.org/x/image

# Stages.
importer < CONTRACT internal/codec internal/store golang.org/x/sync
scrape   < CONTRACT internal/codec internal/store internal/fetch golang.org/x/net golang.org/x/sync
           github.com/gocolly/colly github.com/PuerkitoBio/goquery
curate   < CONTRACT internal/codec golang.org/x/sync modernc.org/sqlite
split    < CONTRACT
pack     < CONTRACT internal/pack internal/codec internal/codec/jpeg/transcode golang.org/x/sync
augment/draft  < dataset pixel internal/recipe go.yaml.in/yaml
augment/policy < dataset pixel augment/draft
augment        < CONTRACT pixel/imaging augment/draft augment/policy internal/recipe
                 go.yaml.in/yaml
augment/apply  < CONTRACT augment internal/codec internal/store internal/sheet golang.org/x/sync
loader   < CONTRACT internal/codec internal/pack golang.org/x/sync golang.org/x/sys
           gorgonia.org/tensor

# Networks.
train/nn           < dataset internal/kernel/conv internal/memory gorgonia.org/tensor
train/engine/layer < dataset train/nn internal/kernel internal/kernel/conv
                     internal/kernel/conv/direct internal/kernel/conv/winograd
                     internal/kernel/conv/depthwise internal/kernel/pool internal/kernel/vector
                     internal/memory internal/parallel
train/engine       < train/nn train/engine/layer internal/kernel/conv/direct
                     internal/kernel/vector internal/memory internal/parallel gorgonia.org/tensor
train/optim < train/nn internal/kernel/vector internal/memory gorgonia.org/tensor
train/model < internal/suggest train/nn
train       < CONTRACT loader train/nn train/engine train/optim train/model internal/parallel
              internal/safetensors gorgonia.org/tensor

# The program.
cmd/dsbuild < CONTRACT importer scrape curate split pack augment augment/apply loader train train/nn
              train/engine train/model train/optim internal/codec internal/demosite
              internal/demosite/sketch internal/fetch internal/kernel/isa internal/lock internal/recipe internal/sheet
              github.com/urfave/cli github.com/schollz/progressbar golang.org/x/term go.yaml.in/yaml
`

// parseLaw returns the allowed imports of each room and the capital lists.
func parseLaw(t *testing.T, text string) map[string][]string {
	t.Helper()
	law := map[string][]string{}
	for _, line := range strings.Split(strings.ReplaceAll(text, "\n ", " "), "\n") {
		line, _, _ = strings.Cut(line, "#")
		if strings.TrimSpace(line) == "" {
			continue
		}
		room, allowed, ok := strings.Cut(line, "<")
		room = strings.TrimSpace(room)
		if _, twice := law[room]; !ok || twice {
			t.Fatalf("the law has a faulty line or two lines for one room: %q", line)
		}
		for _, name := range strings.Fields(allowed) {
			if list, isList := law[name]; isList && name == strings.ToUpper(name) {
				law[room] = append(law[room], list...)
			} else {
				law[room] = append(law[room], name)
			}
		}
		if law[room] == nil {
			law[room] = []string{}
		}
	}
	return law
}

func TestImportLaw(t *testing.T) {
	law := parseLaw(t, importLaw)
	found := importsByRoom(t)
	for room, imports := range found {
		allowed, ok := law[room]
		if !ok {
			t.Errorf("room %s has no line in the law", room)
			continue
		}
		for path, file := range imports {
			if !slices.ContainsFunc(allowed, func(a string) bool { return covers(a, path) }) {
				t.Errorf("%s imports %s, which the law does not allow", file, path)
			}
		}
	}
	for room := range law {
		if _, ok := found[room]; !ok && room != strings.ToUpper(room) {
			t.Errorf("the law speaks of %s, which is not there", room)
		}
	}
}

// covers tells whether an allowed name stands for an import: a room of this
// module for itself, another module for all its packages.
func covers(allowed, path string) bool {
	if path == allowed {
		return true
	}
	isModule := strings.Contains(strings.Split(allowed, "/")[0], ".")
	return isModule && strings.HasPrefix(path, allowed+"/")
}

// importsByRoom returns for each folder with Go code its imports beyond the
// standard library, each with a file that has it. Test files do not count.
func importsByRoom(t *testing.T) map[string]map[string]string {
	t.Helper()
	rooms := map[string]map[string]string{}
	err := filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := entry.Name()
		if entry.IsDir() {
			if name == "testdata" || (path != "." && strings.ContainsAny(name[:1], "._")) {
				return fs.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		room := filepath.ToSlash(filepath.Dir(path))
		if rooms[room] == nil {
			rooms[room] = map[string]string{}
		}
		for _, spec := range file.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			if own, ok := strings.CutPrefix(imported, module); ok {
				rooms[room][own] = path
			} else if strings.Contains(strings.Split(imported, "/")[0], ".") {
				rooms[room][imported] = path
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return rooms
}

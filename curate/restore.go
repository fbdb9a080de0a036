package curate

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/dsbuild/dsbuild/dataset"
	"github.com/dsbuild/dsbuild/internal/suggest"
)

// Restore notes that a person, named by, wants the files kept whatever the
// checks say: Decide with dataset.Keep.
func Restore(dir dataset.Dir, fileNames []string, by string) error {
	return Decide(dir, dataset.Keep, fileNames, by)
}

// Decide notes what a person, named by, decided of the files: to keep them or
// to turn them down whatever the checks say, or to leave them to the checks
// again. The names are file_names of the collected manifest; one that is
// unknown is an error, and then nothing is noted. The next Run goes by it.
func Decide(dir dataset.Dir, action dataset.Action, fileNames []string, by string) error {
	var known []string
	for s, err := range dataset.ReadManifest(dir.Collected()) {
		if err != nil {
			return err
		}
		known = append(known, s.FileName)
	}
	slices.Sort(known)
	now := time.Now().UTC()
	decisions := make([]dataset.Decision, len(fileNames))
	for i, name := range fileNames {
		if _, ok := slices.BinarySearch(known, name); !ok {
			return unknownFile(dir, name, known)
		}
		decisions[i] = dataset.Decision{FileName: name, Action: action, By: by, At: now}
	}
	return dataset.AppendDecisions(dir.Decisions(), decisions...)
}

// unknownFile says why nothing can be decided of a name.
func unknownFile(dir dataset.Dir, name string, known []string) error {
	file, _, isCopy := strings.Cut(name, "#")
	if _, ok := slices.BinarySearch(known, file); isCopy && ok {
		return fmt.Errorf("%q is a copy with the very bytes of %s, which would come twice",
			name, file)
	}
	return fmt.Errorf("%q is not in %s%s", name, dir.Collected(), suggest.Hint(name, known))
}

package train

import (
	"errors"
	"io/fs"

	"github.com/dsbuild/dsbuild/dataset"
)

// Recorded returns the settings of a run as its checkpoints keep them.
func Recorded(dir dataset.Dir, run string) (Settings, error) {
	if err := (Options{Run: run}).Validate(); err != nil {
		return Settings{}, err
	}
	_, settings, err := open(lastPath(dir, run))
	if errors.Is(err, fs.ErrNotExist) {
		_, settings, err = open(checkpointOf(dir, "", run))
	}
	return settings, err
}

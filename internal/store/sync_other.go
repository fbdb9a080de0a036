//go:build !linux

package store

import (
	"errors"
	"os"
	"path/filepath"

	"github.com/dsbuild/dsbuild/dataset"
)

// syncFolder flushes every file of the folder, then its names.
func syncFolder(folder string) error {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		f, err := os.OpenFile(filepath.Join(folder, entry.Name()), os.O_RDWR, 0)
		if err != nil {
			return err
		}
		if err := errors.Join(f.Sync(), f.Close()); err != nil {
			return err
		}
	}
	return dataset.SyncDir(folder)
}

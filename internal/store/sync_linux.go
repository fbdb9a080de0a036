package store

import (
	"os"

	"golang.org/x/sys/unix"
)

// syncFolder flushes the file system that holds the folder: one call for
// thousands of small files, where an fsync for each would take minutes.
func syncFolder(folder string) error {
	d, err := os.Open(folder)
	if err != nil {
		return err
	}
	defer d.Close()
	return unix.Syncfs(int(d.Fd()))
}

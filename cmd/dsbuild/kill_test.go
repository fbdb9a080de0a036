package main

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/dsbuild/dsbuild/dataset"
	"github.com/dsbuild/dsbuild/internal/demosite"
)

// killsPerStage is how often each stage is killed.
const killsPerStage = 4

// A killedStage is a command that is killed in the middle and run again.
type killedStage struct {
	name string
	args []string // beside --dir
	code int      // that it ends with undisturbed
}

// TestKilledCommandsAreRunAgain kills the program in the middle of each stage
// and runs it again: what it leaves must be what it leaves undisturbed, byte
// for byte.
func TestKilledCommandsAreRunAgain(t *testing.T) {
	work := t.TempDir()
	photos := filepath.Join(work, "photos")
	if code := mkimages([]string{photos, "cup=100", "fish=100"}); code != 0 {
		t.Fatalf("mkimages ended with %d", code)
	}
	web, err := demosite.Start(t.Context(), smallSite)
	if err != nil {
		t.Fatal(err)
	}
	defer web.Close()
	set := filepath.Join(work, "set") // grows from stage to stage
	if err := os.Mkdir(set, 0o777); err != nil {
		t.Fatal(err)
	}
	for _, stage := range []killedStage{
		{"scrape", []string{"scrape", "--page", web.URL() + web.Gallery("fish"), "--class", "fish",
			"--query", "fish", "--openverse", web.URL(), "--allow-private", "--interval=-1s"},
			exitPartial},
		{"import", []string{"import", "--from", photos}, exitDone},
		{"curate", []string{"curate"}, exitDone},
		{"split", []string{"split", "--seed", "1"}, exitDone},
		{"pack", []string{"pack", "--split", "all"}, exitDone},
		{"train", []string{"train", "--seed", "1", "--epochs", "6", "--xdim", "16", "--cdims", "4",
			"--hdims", "8"}, exitDone},
	} {
		undisturbed := copyOf(t, set)
		t.Run(stage.name, func(t *testing.T) {
			stage.complete(t, copyOf(t, set)) // the first request of some URLs fails
			took := stage.complete(t, undisturbed)
			want := treeOf(t, undisturbed)
			for i := range killsPerStage {
				killed := stage.kill(t, set, took, i)
				stage.complete(t, killed)
				compareTrees(t, treeOf(t, killed), want)
			}
		})
		set = undisturbed
	}
}

func (s killedStage) command(ctx context.Context, dir string) *exec.Cmd {
	return exec.CommandContext(ctx, "dsbuild", append([]string{"--quiet", "--dir", dir}, s.args...)...)
}

// complete runs the stage to its end and returns how long it took.
func (s killedStage) complete(t *testing.T, dir string) time.Duration {
	t.Helper()
	start := time.Now()
	cmd := s.command(t.Context(), dir)
	if out, err := cmd.CombinedOutput(); cmd.ProcessState.ExitCode() != s.code {
		t.Fatalf("%s: %v\n%s", s.name, err, out)
	}
	return time.Since(start)
}

// kill starts the stage on a copy of the data set, kills it at a moment drawn
// from the time that it takes, and returns the copy. Where the process was
// faster, the moment comes sooner the next time.
func (s killedStage) kill(t *testing.T, set string, took time.Duration, i int) string {
	t.Helper()
	rng := dataset.Key{Sample: s.name, Epoch: i}.Rand("kill")
	for range 20 {
		dir := copyOf(t, set)
		moment := time.Duration((float64(i) + rng.Float64()) / killsPerStage * float64(took))
		ctx, cancel := context.WithTimeout(t.Context(), moment) // then Cmd kills
		err := s.command(ctx, dir).Run()
		cancel()
		if exit, ok := errors.AsType[*exec.ExitError](err); ok && !exit.Exited() {
			return dir
		}
		took = took * 9 / 10
	}
	t.Fatalf("%s was over before it could be killed", s.name)
	return ""
}

// copyOf copies a data set into a folder of its own.
func copyOf(t *testing.T, set string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(set)); err != nil {
		t.Fatal(err)
	}
	return dir
}

// treeOf returns the files of a data set by name, but for those that hold
// times, that may be deleted, or that a kill may leave behind half written.
func treeOf(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	files := map[string][]byte{}
	err := fs.WalkDir(os.DirFS(dir), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if path == "logs" || path == "cache" {
				return fs.SkipDir
			}
			return nil
		}
		if strings.HasPrefix(d.Name(), ".") || d.Name() == "metrics.jsonl" {
			return nil
		}
		files[path], err = os.ReadFile(filepath.Join(dir, path))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func compareTrees(t *testing.T, got, want map[string][]byte) {
	t.Helper()
	for path, data := range want {
		if !bytes.Equal(got[path], data) {
			t.Errorf("%s differs from that of the undisturbed run (%d bytes, want %d)",
				path, len(got[path]), len(data))
		}
	}
	for path := range got {
		if _, ok := want[path]; !ok {
			t.Errorf("there is %s, which the undisturbed run does not leave", path)
		}
	}
}

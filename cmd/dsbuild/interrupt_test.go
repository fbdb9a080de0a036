package main

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// TestInterruptedTrainingGoesOn presses Ctrl-C after the first epoch.
func TestInterruptedTrainingGoesOn(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("a process cannot be interrupted by another one")
	}
	set := filepath.Join(t.TempDir(), "set")
	photos := filepath.Join(t.TempDir(), "photos")
	if code := mkimages([]string{photos, "cup=60", "fish=60"}); code != 0 {
		t.Fatalf("mkimages ended with %d", code)
	}
	for _, args := range [][]string{{"import", "--from", photos}, {"split"}} {
		killedStage{name: args[0], args: args}.complete(t, set)
	}
	stage := killedStage{name: "train", args: []string{
		"train", "--json", "--xdim", "16", "--cdims", "4", "--hdims", "8", "--epochs", "40",
		"--patience", "40"}}
	undisturbed, interrupted := copyOf(t, set), copyOf(t, set)
	stage.complete(t, undisturbed)

	cmd := stage.command(t.Context(), interrupted)
	var errs strings.Builder
	cmd.Stderr = &errs
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	if !lines.Scan() || !strings.HasPrefix(lines.Text(), `{"epoch":1,`) {
		t.Fatalf("the first line is %q (%v)", lines.Text(), lines.Err())
	}
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	for lines.Scan() {
	}
	if _, ok := cmd.Wait().(*exec.ExitError); !ok || cmd.ProcessState.ExitCode() != exitInterrupted {
		t.Errorf("exit code %d, want %d", cmd.ProcessState.ExitCode(), exitInterrupted)
	}
	if !strings.Contains(errs.String(), "interrupted (run the same command again to continue)") {
		t.Errorf("stderr %q does not speak of it", errs.String())
	}
	stage.complete(t, interrupted)
	compareTrees(t, treeOf(t, interrupted), treeOf(t, undisturbed))
}

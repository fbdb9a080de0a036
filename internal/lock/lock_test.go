package lock

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// holdVariable makes the test binary hold a lock until it is killed.
const holdVariable = "LOCK_TEST_HOLD"

func TestMain(m *testing.M) {
	if path := os.Getenv(holdVariable); path != "" {
		hold(path)
	}
	os.Exit(m.Run())
}

// hold takes the lock, says so, and waits for its standard input to end.
func hold(path string) {
	if _, err := Acquire(path, "it"); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Println("held")
	_, _ = io.Copy(io.Discard, os.Stdin)
	os.Exit(1)
}

func TestAcquireAndRelease(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	for range 2 {
		held, err := Acquire(path, "pets")
		if err != nil {
			t.Fatal(err)
		}
		var other *HeldError
		if _, err := Acquire(path, "pets"); !errors.As(err, &other) || other.PID != os.Getpid() {
			t.Errorf("second lock gave %v, want a HeldError of process %d", err, os.Getpid())
		}
		if err := held.Release(); err != nil {
			t.Fatal(err)
		}
	}
	if text, err := os.ReadFile(path); err != nil || len(text) != 0 {
		t.Errorf("after the release the file has %q (%v), want nothing", text, err)
	}
}

func TestLockVanishesWithItsProcess(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	holder := exec.Command(os.Args[0])
	holder.Env = append(os.Environ(), holdVariable+"="+path)
	if _, err := holder.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	out, err := holder.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := holder.Start(); err != nil {
		t.Fatal(err)
	}
	if line, err := bufio.NewReader(out).ReadString('\n'); err != nil || line != "held\n" {
		t.Fatalf("the holder said %q (%v)", line, err)
	}
	_, err = Acquire(path, "pets")
	if want := fmt.Sprintf("process %d", holder.Process.Pid); err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("error %v, want one that names %s", err, want)
	}
	if err := holder.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	if err := holder.Wait(); err == nil {
		t.Error("the holder ended well, though it was killed")
	}
	held, err := Acquire(path, "pets")
	if err != nil {
		t.Fatalf("after the kill: %v", err)
	}
	if err := held.Release(); err != nil {
		t.Error(err)
	}
}

func TestAcquireNeedsTheFolder(t *testing.T) {
	if _, err := Acquire(filepath.Join(t.TempDir(), "none", "lock"), "pets"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("error %v, want fs.ErrNotExist", err)
	}
}

func TestDamagedFileNamesNobody(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	held, err := Acquire(path, "pets")
	if err != nil {
		t.Fatal(err)
	}
	defer held.Release()
	if err := os.WriteFile(path, []byte("no number"), 0o666); err != nil {
		t.Fatal(err)
	}
	if _, err := Acquire(path, "pets"); err == nil || !strings.Contains(err.Error(), "another process") {
		t.Errorf("error %v, want one of another process", err)
	}
}

func ExampleAcquire() {
	folder, err := os.MkdirTemp("", "lock")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(folder)
	path := filepath.Join(folder, "lock")
	held, err := Acquire(path, "pets")
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = Acquire(path, "pets")
	fmt.Println(strings.HasPrefix(err.Error(), "pets is in use"))
	fmt.Println(held.Release())
	// Output:
	// true
	// <nil>
}

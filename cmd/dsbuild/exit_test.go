package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"testing"
)

func TestExitCodes(t *testing.T) {
	plain := errors.New("the disk is full")
	for _, c := range []struct {
		err  error
		code int
		text string
	}{
		{nil, 0, ""},
		{plain, 1, "dsbuild: the disk is full\n"},
		{usagef("split", "no"), 2, "dsbuild: no\nsee: dsbuild split --help\n"},
		{usagef("", "no"), 2, "dsbuild: no\nsee: dsbuild --help\n"},
		{partialf("2 of 9: %w", plain), 3, "dsbuild: 2 of 9: the disk is full\n"},
		{fmt.Errorf("x.jpg: %w", context.Canceled), 130,
			"dsbuild: interrupted (run the same command again to continue)\n"},
		{&startOverError{"remove pets", context.Canceled}, 130,
			"dsbuild: interrupted (remove pets)\n"},
		{fmt.Errorf("x is not there (run: dsbuild split): %w", fs.ErrNotExist), 1,
			"dsbuild: x is not there (run: dsbuild split)\n"},
	} {
		var b bytes.Buffer
		explain(&b, c.err)
		if code := exitCode(c.err); code != c.code || b.String() != c.text {
			t.Errorf("%v: code %d and %q, want %d and %q", c.err, code, b.String(), c.code, c.text)
		}
	}
}

func TestInterruptedDemo(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	var out, errs bytes.Buffer
	code := run(ctx, []string{"dsbuild", "demo", "--dir", t.TempDir()}, &out, &errs)
	if code != 130 || !strings.Contains(errs.String(), "the demo cannot be continued") {
		t.Errorf("code %d, stderr %q; want 130 and what to do", code, &errs)
	}
}

func TestInterruptedCommand(t *testing.T) {
	folder := t.TempDir()
	if code := mkimages([]string{folder + "/photos", "cat=2"}); code != 0 {
		t.Fatalf("mkimages ended with %d", code)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	var out, errs bytes.Buffer
	args := []string{"dsbuild", "import", "--from", folder + "/photos", "--dir", folder + "/pets"}
	code := run(ctx, args, &out, &errs)
	if code != 130 || out.Len() > 0 || !strings.Contains(errs.String(), "interrupted") {
		t.Errorf("code %d, stdout %q, stderr %q; want 130 and a word of it", code, &out, &errs)
	}
}

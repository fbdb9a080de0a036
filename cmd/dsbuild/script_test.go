package main

import (
	"context"
	"fmt"
	"image"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/dsbuild/dsbuild/dataset"
	"github.com/dsbuild/dsbuild/internal/demosite"
	"github.com/dsbuild/dsbuild/internal/demosite/sketch"
	"github.com/dsbuild/dsbuild/internal/lock"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"dsbuild":  main,
		"mkimages": func() { os.Exit(mkimages(os.Args[1:])) },
	})
}

// TestScripts runs the scripts in testdata: calls of the program and what
// comes of them.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{Dir: "testdata", RequireExplicitExec: true,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits": exits, "findenv": findenv, "hold": hold, "site": site,
		}})
}

// exits runs a program and checks its exit code: exits 3 dsbuild import ….
// The code is told by what the error of the script's own exec says.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits code program [args...]")
	}
	err := ts.Exec(args[1], args[2:]...)
	code := "0"
	if err != nil {
		code = strings.TrimPrefix(err.Error(), "exit status ")
	}
	if code != args[0] {
		ts.Fatalf("exit code %s, want %s", code, args[0])
	}
}

// findenv sets a variable to what a file has first of a pattern:
// findenv variable file pattern.
func findenv(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: findenv variable file pattern")
	}
	found := regexp.MustCompile(args[2]).FindString(ts.ReadFile(args[1]))
	if found == "" {
		ts.Fatalf("%s has nothing like %s", args[1], args[2])
	}
	ts.Setenv(args[0], found)
}

// hold keeps the lock that a file carries until the script ends.
func hold(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: hold file")
	}
	held, err := lock.Acquire(ts.MkAbs(args[0]), "it")
	ts.Check(err)
	ts.Defer(func() {
		if err := held.Release(); err != nil {
			ts.Logf("%v", err)
		}
	})
	ts.Setenv("HOLDER", strconv.Itoa(os.Getpid()))
}

// site serves a small demo site until the script ends, and sets SITE to where
// it is.
func site(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) > 0 {
		ts.Fatalf("usage: site")
	}
	s, err := demosite.Start(context.Background(), smallSite)
	ts.Check(err)
	ts.Defer(func() {
		if err := s.Close(); err != nil {
			ts.Logf("%v", err)
		}
	})
	ts.Setenv("SITE", s.URL())
}

// smallSite is a demo site of two classes.
var smallSite = demosite.Options{Seed: 3, PerClass: 15, Classes: []string{"cup", "fish"}}

// mkimages draws pictures for the scripts: mkimages folder class=count ….
// Each class has a subject of its own, and no two pictures are alike.
func mkimages(args []string) int {
	if len(args) < 2 {
		fmt.Fprintln(os.Stderr, "usage: mkimages folder class=count ...")
		return 2
	}
	for i, arg := range args[1:] {
		class, count, _ := strings.Cut(arg, "=")
		n, err := strconv.Atoi(count)
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 2
		}
		subject := sketch.Subjects()[i%len(sketch.Subjects())]
		for k := range n {
			path := filepath.Join(args[0], class, fmt.Sprintf("%03d.png", k+1))
			if err := drawPicture(path, subject); err != nil {
				fmt.Fprintln(os.Stderr, err)
				return 1
			}
		}
	}
	return 0
}

// drawPicture draws a subject in a way that the path decides.
func drawPicture(path, subject string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		return err
	}
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := drawTo(f, subject, filepath.ToSlash(path)); err != nil {
		return err
	}
	return f.Close()
}

// drawTo writes a PNG file of a subject, drawn in a way that the name decides.
func drawTo(w io.Writer, subject, name string) error {
	rng := dataset.Key{Sample: name}.Rand("picture")
	return png.Encode(w, sketch.Draw(subject, image.Pt(64, 48), rng))
}

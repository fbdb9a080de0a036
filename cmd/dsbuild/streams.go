package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"golang.org/x/term"
)

// streams are where a command writes: results to out, all else to err.
type streams struct {
	out, err io.Writer
	json     bool // results as JSON, one object a line
	quiet    bool // neither progress nor advice
	hintless bool // no advice
	terminal bool // err is one
	now      func() time.Time
}

func newStreams(out, err io.Writer, json, quiet bool) streams {
	file, isFile := err.(*os.File)
	return streams{
		out: out, err: err, json: json, quiet: quiet,
		terminal: isFile && term.IsTerminal(int(file.Fd())) && os.Getenv("TERM") != "dumb",
		now:      time.Now,
	}
}

// columns returns the width of the terminal, or a usual one where it is unknown.
func (s streams) columns() int {
	if file, isFile := s.err.(*os.File); isFile {
		if width, _, err := term.GetSize(int(file.Fd())); err == nil && width > 0 {
			return width
		}
	}
	return 80
}

// result writes v as one line of JSON, or as text draws it.
func (s streams) result(v any, text func(w io.Writer)) error {
	var b bytes.Buffer
	if s.json {
		enc := json.NewEncoder(&b)
		enc.SetEscapeHTML(false) // URLs have ampersands
		if err := enc.Encode(v); err != nil {
			return err
		}
	} else {
		text(&b)
	}
	_, err := s.out.Write(b.Bytes())
	return err
}

// advise tells what to do next.
func (s streams) advise(format string, args ...any) {
	if !s.quiet && !s.hintless && !s.json {
		fmt.Fprintf(s.err, format+"\n", args...)
	}
}

// tell says what goes on.
func (s streams) tell(format string, args ...any) {
	if !s.quiet {
		fmt.Fprintf(s.err, format+"\n", args...)
	}
}

// heading starts the results of a stage among several.
func (s streams) heading(name string) error {
	if s.json {
		return nil
	}
	_, err := fmt.Fprintf(s.out, "\n== %s\n", name)
	return err
}

// warn tells what the person should know even when quiet.
func (s streams) warn(format string, args ...any) {
	fmt.Fprintf(s.err, "dsbuild: "+format+"\n", args...)
}

// seconds returns the time since start, for results.
func (s streams) seconds(start time.Time) float64 {
	return float64(s.now().Sub(start).Milliseconds()) / 1000
}

// quote returns a word as a shell reads it.
func quote(word string) string {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' ||
			strings.ContainsRune("-_./:=+,@%~", r)
	}
	if word != "" && strings.IndexFunc(word, func(r rune) bool { return !plain(r) }) < 0 {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}

package main

import (
	"bytes"
	"strings"
	"testing"
	"time"
)

// clock is a time that tests move.
type clock struct{ time.Time }

func (c *clock) now() time.Time          { return c.Time }
func (c *clock) advance(d time.Duration) { c.Time = c.Add(d) }

func TestProgressWithoutTerminalIsALineEverySoOften(t *testing.T) {
	var b bytes.Buffer
	at := &clock{time.Unix(0, 0)}
	p := streams{err: &b, now: at.now}.progress("curate")
	for i := range 12 {
		p.update(i+1, 12)
		at.advance(time.Second)
	}
	p.note(12, 0, "of many")
	p.finish()
	const want = "curate: 6 of 12\ncurate: 11 of 12\n"
	if b.String() != want {
		t.Errorf("wrote %q, want %q", b.String(), want)
	}
	at.advance(progressEvery)
	p.note(13, 0, "and more")
	if got := strings.TrimPrefix(b.String(), want); got != "curate: 13 (and more)\n" {
		t.Errorf("then wrote %q", got)
	}
}

func TestProgressOnATerminalIsABar(t *testing.T) {
	var b bytes.Buffer
	p := streams{err: &b, now: time.Now, terminal: true}.progress("curate")
	p.update(0, 0) // the total is not known yet
	p.update(3, 4)
	p.update(4, 4)
	p.update(4, 8) // there is more to do
	p.update(8, 8)
	p.finish()
	for _, want := range []string{"\r", "curate", "/-)", "/8)"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("the bar %q lacks %q", b.String(), want)
		}
	}
}

func TestQuietProgressShowsNothing(t *testing.T) {
	var b bytes.Buffer
	at := &clock{time.Unix(0, 0)}
	for _, terminal := range []bool{false, true} {
		p := streams{err: &b, now: at.now, quiet: true, terminal: terminal}.progress("curate")
		at.advance(time.Hour)
		p.update(1, 2)
		p.finish()
	}
	if b.Len() > 0 {
		t.Errorf("wrote %q, want nothing", b.String())
	}
}

func TestBarsFitNarrowTerminals(t *testing.T) {
	for columns, want := range map[int][]string{
		40: {"(3/4)"}, 60: {"["}, 100: nil,
	} {
		var b bytes.Buffer
		bar := newBar(&b, 4, columns, "curate")
		_ = bar.Set(3)
		for _, none := range want {
			if strings.Contains(strings.ReplaceAll(b.String(), "\x1b[", ""), none) {
				t.Errorf("the bar of %d columns has %q: %q", columns, none, b.String())
			}
		}
	}
}

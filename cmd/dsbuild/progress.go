package main

import (
	"fmt"
	"io"
	"runtime"
	"sync"
	"time"

	"github.com/schollz/progressbar/v3"
)

// progressEvery is the time between two lines where there is no terminal.
const progressEvery = 5 * time.Second

// A progress shows how far a stage is: as a bar on a terminal, else as a line
// every few seconds. A quiet one shows nothing.
// It is safe for concurrent use.
type progress struct {
	streams
	name string

	mu   sync.Mutex
	bar  *progressbar.ProgressBar // on a terminal, once there is something to show
	told time.Time                // when the last line was written
}

// progress returns one for the stage of that name. Call finish at its end.
func (s streams) progress(name string) *progress {
	return &progress{streams: s, name: name, told: s.now()}
}

// update tells that done of total are done; a total of 0 is not known yet. It
// has the form of the stages' Options.Progress.
func (p *progress) update(done, total int) { p.note(done, total, "") }

// note is update with a word on what goes on.
func (p *progress) note(done, total int, detail string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case p.quiet:
	case p.terminal:
		p.draw(done, total, detail)
	case p.now().Sub(p.told) >= progressEvery:
		p.told = p.now()
		fmt.Fprintf(p.err, "%s: %s\n", p.name, joinWords(countOf(done, total), brackets(detail)))
	}
}

func countOf(done, total int) string {
	if total <= 0 {
		return fmt.Sprintf("%d", done)
	}
	return fmt.Sprintf("%d of %d", done, total)
}

func (p *progress) draw(done, total int, detail string) {
	if total <= 0 {
		total = -1 // a spinner
	}
	const others = 14 // columns that the percentage and the bar take at least
	columns, text := p.columns(), []rune(joinWords(p.name, detail))
	text = text[:min(len(text), max(columns-others, 0))]
	if p.bar == nil || p.bar.IsFinished() && done < total {
		p.bar = newBar(p.err, total, columns, string(text))
	}
	if p.bar.GetMax() != total {
		p.bar.ChangeMax(total)
	}
	_ = p.bar.Set(done) // a bar that cannot be drawn stops nothing
	p.bar.Describe(string(text))
}

// newBar returns a bar that fits into so many columns.
func newBar(w io.Writer, total, columns int, text string) *progressbar.ProgressBar {
	const hasTimes, hasCount = 80, 50
	options := []progressbar.Option{
		progressbar.OptionSetWriter(w),
		progressbar.OptionSetDescription(text),
		progressbar.OptionSetWidth(30),
		progressbar.OptionSetElapsedTime(columns >= hasTimes),
		progressbar.OptionSetPredictTime(columns >= hasTimes),
		progressbar.OptionThrottle(100 * time.Millisecond),
		progressbar.OptionClearOnFinish(),
		// Spaces over the line would leave the ^C that a terminal writes there.
		progressbar.OptionUseANSICodes(runtime.GOOS != "windows"),
	}
	if columns >= hasCount {
		options = append(options, progressbar.OptionShowCount())
	}
	return progressbar.NewOptions(total, options...)
}

// finish takes the bar away, for something else to be written.
func (p *progress) finish() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.bar != nil {
		_ = p.bar.Clear()
		p.bar = nil
	}
}

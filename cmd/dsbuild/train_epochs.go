package main

import (
	"fmt"
	"io"
	"time"

	"github.com/dsbuild/dsbuild/loader"
	"github.com/dsbuild/dsbuild/train"
)

// epochs shows a run under way.
type epochs struct {
	setting
	bar   *progress
	total int // epochs of the run
	pace  pace
	err   error // the first of writing
}

// start tells what was chosen.
func (e *epochs) start(start train.Start) {
	m := start.Settings.Model
	e.total = start.Settings.Epochs
	if start.Moved != "" {
		e.warn("a run of this name with other settings was moved to %s", start.Moved)
	}
	e.tell("%s, %dx%d pixels, %s: %s to train on, %d to validate on, at most %s",
		m.Name, m.XDim, m.YDim, plural(m.Channels, "channel", "channels"),
		plural(start.Train, "picture", "pictures"), start.Val, plural(e.total, "epoch", "epochs"))
	if start.Epoch > 0 || start.Batch > 0 {
		e.tell("resuming in epoch %d", start.Epoch+1)
	}
	if !e.json {
		_, err := fmt.Fprintln(e.out, epochHead)
		e.note(err)
	}
	images := start.Train + start.Val // a first step may take a while
	e.bar.note(min(start.Batch*start.Settings.BatchSize, start.Train), images, e.place(start.Epoch+1))
}

// place names an epoch.
func (e *epochs) place(epoch int) string { return fmt.Sprintf("epoch %d/%d", epoch, e.total) }

// epochHead is the head of the table of epochs. It fits 60 columns.
const epochHead = "epoch    loss     acc  val loss  val acc  time  wait  img/s"

// epoch shows one that has ended.
func (e *epochs) epoch(m train.Metrics) {
	e.bar.finish()
	e.note(e.result(m, func(w io.Writer) {
		loss, accuracy, rate := "-", "-", "-"
		if m.ValLoss != nil && m.ValAccuracy != nil {
			loss, accuracy = lossText(*m.ValLoss), fmt.Sprintf("%.4f", *m.ValAccuracy)
		}
		if m.ImagesPerSecond > 0 { // nothing was left to train where a run was resumed
			rate = fmt.Sprintf("%.0f", m.ImagesPerSecond)
		}
		fmt.Fprintf(w, "%5d  %6s  %.4f  %8s  %7s  %4s  %4s  %5s\n", m.Epoch, lossText(m.TrainLoss),
			m.TrainAccuracy, loss, accuracy, timeText(m.Seconds), timeText(m.WaitSeconds), rate)
	}))
}

// lossText returns a loss in six characters, as long as training goes well.
func lossText(loss float64) string {
	if loss >= 10 {
		return fmt.Sprintf("%.4g", loss)
	}
	return fmt.Sprintf("%.4f", loss)
}

// timeText returns a time in four characters, up to 100 hours: 3.7s, 82s, 14m, 3.5h.
func timeText(seconds float64) string {
	switch {
	case seconds < 9.95:
		return fmt.Sprintf("%.1fs", seconds)
	case seconds < 599.5:
		return fmt.Sprintf("%.0fs", seconds)
	case seconds < 5999.5:
		return fmt.Sprintf("%.0fm", seconds/60)
	case seconds < 9.95*3600:
		return fmt.Sprintf("%.1fh", seconds/3600)
	}
	return fmt.Sprintf("%.0fh", seconds/3600)
}

// progress shows how far an epoch is, and how long the run may take yet.
func (e *epochs) progress(epoch, done, total int) {
	before := (epoch - 1) * total
	detail := e.place(epoch)
	if left := e.pace.left(e.now(), before+done, e.total*total); left > 0 {
		detail += fmt.Sprintf(", %s left", timeText(left.Seconds()))
	}
	e.bar.note(done, total, detail)
}

// A pace tells how long work will take that goes on as it did. Its zero value is
// ready for use.
type pace struct {
	began time.Time
	first int // what was done then
}

// left returns how long the rest of total takes, or 0 while that is not known.
func (p *pace) left(now time.Time, done, total int) time.Duration {
	const least = 2 * time.Second // to judge by
	if p.began.IsZero() {
		p.began, p.first = now, done
	}
	passed := now.Sub(p.began)
	if passed < least || done <= p.first {
		return 0
	}
	each := passed.Seconds() / float64(done-p.first)
	return time.Duration(each * float64(total-done) * float64(time.Second))
}

func (e *epochs) badImage(bad loader.BadImage) {
	e.bar.finish()
	e.warn("%s cannot be read and is replaced by %s: %v", bad.FileName, bad.Instead, bad.Err)
}

func (e *epochs) note(err error) {
	if e.err == nil {
		e.err = err
	}
}

package main

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/dsbuild/dsbuild/train"
)

func TestEpochsAreRowsUnderTheHead(t *testing.T) {
	var b bytes.Buffer
	e := &epochs{setting: setting{streams: streams{out: &b, now: time.Now}}}
	e.bar = e.streams.progress("train")
	loss, accuracy := 2.5, 0.25
	e.epoch(train.Metrics{Epoch: 7, TrainLoss: 0.51234, TrainAccuracy: 0.875, ValLoss: &loss,
		ValAccuracy: &accuracy, Seconds: 83, WaitSeconds: 0.04, ImagesPerSecond: 12345})
	loss = 2.5e7
	e.epoch(train.Metrics{Epoch: 8, TrainLoss: 1234.5, ValLoss: &loss, ValAccuracy: &accuracy})
	e.epoch(train.Metrics{Epoch: 9, TrainAccuracy: 1, Seconds: 36000})
	want := strings.Join([]string{
		"    7  0.5123  0.8750    2.5000   0.2500   83s  0.0s  12345",
		"    8    1234  0.0000   2.5e+07   0.2500  0.0s  0.0s      -",
		"    9  0.0000  1.0000         -        -   10h  0.0s      -",
	}, "\n") + "\n"
	if b.String() != want {
		t.Errorf("the table is\n%s\nwant\n%s\n%s", epochHead, b.String(), want)
	}
	if len(epochHead) > 60 || len(epochHead) != len(strings.Split(want, "\n")[0]) {
		t.Errorf("the head has %d columns", len(epochHead))
	}
}

func TestTimesTakeFourColumns(t *testing.T) {
	for seconds, want := range map[float64]string{
		0: "0.0s", 9.94: "9.9s", 9.96: "10s", 599: "599s", 600: "10m", 5999: "100m",
		6000: "1.7h", 9.96 * 3600: "10h",
	} {
		if got := timeText(seconds); got != want {
			t.Errorf("%v seconds are %s, want %s", seconds, got, want)
		}
	}
}

func TestPaceTellsWhatIsLeft(t *testing.T) {
	at := &clock{time.Unix(0, 0)}
	var p pace
	if left := p.left(at.now(), 400, 1000); left != 0 {
		t.Errorf("at the start of a resumed run %v are left, want 0", left)
	}
	at.advance(time.Second)
	if left := p.left(at.now(), 410, 1000); left != 0 {
		t.Errorf("after a second %v are left, want 0", left)
	}
	at.advance(9 * time.Second)
	if left := p.left(at.now(), 500, 1000); left != 50*time.Second {
		t.Errorf("after 100 of 600 in 10s %v are left, want 50s", left)
	}
}

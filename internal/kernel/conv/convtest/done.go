package convtest

import (
	"sync"
	"testing"
)

// A witness hears what a pass tells to be done.
type witness struct {
	data     []float32 // not a number where nothing is written
	channels int
	mutex    sync.Mutex
	told     []int // channels, by pixel
	wrong    int   // pixels that were told of before they were complete
}

func newWitness(data []float32, channels int) *witness {
	return &witness{data: data, channels: channels, told: make([]int, len(data)/channels)}
}

func (w *witness) done(from, to, channels int) {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	for pixel := from; pixel < to; pixel++ {
		if w.told[pixel] += channels; w.told[pixel] < w.channels {
			continue
		}
		for _, v := range w.data[pixel*w.channels:][:w.channels] {
			if v != v {
				w.wrong++
				break
			}
		}
	}
}

// check fails unless all was told of once, or nothing.
func (w *witness) check(t *testing.T) {
	t.Helper()
	if w.wrong > 0 {
		t.Fatalf("%d pixels were not complete when they were said to be", w.wrong)
	}
	for pixel, channels := range w.told {
		if channels != w.told[0] || channels != 0 && channels != w.channels {
			t.Fatalf("%d channels of pixel %d are said to be done, of %d", channels, pixel, w.channels)
		}
	}
}

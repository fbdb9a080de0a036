package pack

import (
	"image"
	"reflect"
	"testing"

	"golang.org/x/sync/semaphore"

	"github.com/dsbuild/dsbuild/dataset"
	"github.com/dsbuild/dsbuild/internal/pack"
)

func TestEncodersDoNotKeepTheMemoryOfLargeImages(t *testing.T) {
	dir := makeSet(t, map[string][]byte{
		"raw/large.jpg": asJPEG(t, image.NewGray(image.Rect(0, 0, 1<<11+1, 1<<11))),
		"raw/small.jpg": asJPEG(t, image.NewGray(image.Rect(0, 0, 9, 9))),
	})
	room := semaphore.NewWeighted(pixelsInFlight)
	e := &encoder{dir: dir, options: Options{}.withDefaults(), room: room}
	for _, name := range []string{"small", "large"} {
		m, err := e.encode(ctx, dataset.Sample{FileName: "raw/" + name + ".jpg"})
		check(t, err)
		if m.entry.Kind != pack.Marked {
			t.Errorf("the %s image is %s", name, m.entry.Kind)
		}
		if keeps := !reflect.ValueOf(e.transcoder).IsZero(); keeps != (name == "small") {
			t.Errorf("after the %s image memory is kept: %v", name, keeps)
		}
	}
}

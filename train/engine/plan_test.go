package engine_test

import (
	"testing"

	"github.com/dsbuild/dsbuild/train/engine"
	"github.com/dsbuild/dsbuild/train/model"
)

// Arenas are hardly larger than what is needed at one time.
func TestPlansAreTight(t *testing.T) {
	for _, name := range model.Names() {
		g, err := model.Build(model.Options{Name: name, XDim: 224, Classes: 1000})
		if err != nil {
			t.Fatal(err)
		}
		for _, training := range []bool{false, true} {
			const batch = 16
			arena, needed := engine.PlannedFloats(g, training, batch)
			t.Logf("%s, training %v: %.1f MB for %.1f MB", name, training, float64(arena)*4e-6,
				float64(needed)*4e-6)
			if float64(arena) > 1.02*float64(needed) {
				t.Errorf("%s, training %v: the arena has %d floats, and %d are needed", name, training,
					arena, needed)
			}
		}
	}
}

package augment

import (
	"os/exec"
	"reflect"
	"strings"
	"testing"

	"github.com/dsbuild/dsbuild/loader"
)

var _ loader.Mixer = Pipeline{}

// TestOnlyTrainingCompilesWithAugmentation builds a program that augments the
// training split, which works, and one that would augment others.
func TestOnlyTrainingCompilesWithAugmentation(t *testing.T) {
	vet := func(program string) (string, error) {
		out, err := exec.Command("go", "vet", "./testdata/"+program).CombinedOutput()
		return string(out), err
	}
	if out, err := vet("train"); err != nil {
		t.Fatalf("a program that augments training images: %v\n%s", err, out)
	}
	out, err := vet("eval")
	if err == nil {
		t.Fatal("a program that augments validation images is one")
	}
	for _, want := range []string{"main.go:13:", "unknown field Augment", "loader.EvalOptions"} {
		if !strings.Contains(out, want) {
			t.Errorf("the compiler does not say %q: %s", want, out)
		}
	}
}

// TestEvalOptionsHaveNoPlaceForAugmentation looks for one behind all fields.
func TestEvalOptionsHaveNoPlaceForAugmentation(t *testing.T) {
	transform, pipeline := reflect.TypeFor[loader.Transform](), reflect.TypeFor[Pipeline]()
	places := func(options reflect.Type) (found []string) {
		for i := range options.NumField() {
			field := options.Field(i)
			takesAny := field.Type.Kind() == reflect.Interface && pipeline.Implements(field.Type)
			if takesAny || field.Type.Implements(transform) || field.Type.Kind() == reflect.Func {
				found = append(found, field.Name)
			}
		}
		return found
	}
	if found := places(reflect.TypeFor[loader.EvalOptions]()); found != nil {
		t.Errorf("evaluation loaders take augmentation in %v", found)
	}
	found := places(reflect.TypeFor[loader.TrainOptions]())
	if len(found) == 0 || found[0] != "Augment" {
		t.Errorf("training loaders take augmentation in %v", found)
	}
}

package layer

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/dsbuild/dsbuild/train/nn"
)

// operations lists the types of nn that have a kind, as its source names them.
func operations(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("..", "..", "nn", "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, name := range files {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok || f.Name.Name != "Kind" || f.Recv == nil {
				continue
			}
			if receiver, ok := f.Recv.List[0].Type.(*ast.Ident); ok {
				names = append(names, receiver.Name)
			}
		}
	}
	slices.Sort(names)
	return names
}

func TestEveryOperationHasALayer(t *testing.T) {
	known := []nn.Op{
		nn.Input{}, nn.Conv{}, nn.ConvTranspose{}, nn.Linear{}, nn.BatchNorm{},
		nn.LocalResponseNorm{}, nn.ReLU{}, nn.Dropout{}, nn.MaxPool{}, nn.AvgPool{},
		nn.AdaptiveMaxPool{}, nn.AdaptiveAvgPool{}, nn.Add{}, nn.Concat{}, nn.Flatten{},
	}
	var names []string
	for _, o := range known {
		names = append(names, reflect.TypeOf(o).Name())
		if k, err := KindOf(o); err != nil || k.New == nil {
			t.Errorf("%s: %v", o.Kind(), err)
		}
	}
	slices.Sort(names)
	if all := operations(t); !slices.Equal(all, names) {
		t.Errorf("nn has the operations %v, and %v are tested", all, names)
	}
	if len(kinds) != len(known) {
		t.Errorf("the table has %d entries for %d operations", len(kinds), len(known))
	}
}

// An operation that nobody computes is an error, which names it.
func TestUnknownOperation(t *testing.T) {
	type unknown struct{ nn.ReLU }
	if _, err := KindOf(unknown{}); err == nil || !strings.Contains(err.Error(), "operation relu") {
		t.Errorf("error %v", err)
	}
}

package model

import (
	"bufio"
	"hash/crc32"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"gorgonia.org/tensor"

	"github.com/dsbuild/dsbuild/train/nn"
)

// A golden is a file that testdata/golden.py has written.
type golden struct {
	parameters int
	billions   float64  // of multiplications
	tensors    []string // "name shape"
	side       int      // of the images that the logits belong to
	logits     []float64
	loss       float64             // of a step of training
	gradients  map[string]gradient // by tensor; empty where there was no step
}

// A gradient is told by its norm and its product with uniform of its name.
type gradient struct{ norm, product float64 }

func readGolden(t *testing.T, name string) golden {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", name+".txt"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	g := golden{gradients: map[string]gradient{}}
	for lines := bufio.NewScanner(f); lines.Scan(); {
		words := strings.Fields(lines.Text())
		switch words[0] {
		case "parameters":
			g.parameters = integer(t, words[1])
		case "multiplications":
			g.billions = number(t, words[1])
		case "logits":
			g.side = integer(t, words[1])
			for _, word := range words[2:] {
				g.logits = append(g.logits, number(t, word))
			}
		case "loss":
			g.loss = number(t, words[1])
		case "gradient":
			g.gradients[words[1]] = gradient{number(t, words[2]), number(t, words[3])}
		default:
			g.tensors = append(g.tensors, lines.Text())
		}
	}
	return g
}

func integer(t *testing.T, word string) int {
	t.Helper()
	n, err := strconv.Atoi(word)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func number(t *testing.T, word string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(word, 64)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// filled returns a network's tensors with the values of fill in golden.py.
func filled(g *nn.Graph) map[string]*tensor.Dense {
	tensors := map[string]*tensor.Dense{}
	for _, spec := range g.Tensors() {
		if spec.Shape == nil {
			tensors[spec.Name] = tensor.New(tensor.FromScalar(int64(0)))
			continue
		}
		values := uniform(spec.Name, spec.Shape.Size())
		scale, offset := float32(1)/8, float32(0)
		switch {
		case strings.HasSuffix(spec.Name, "running_var"):
			scale, offset = 1.0/2, 1
		case len(spec.Shape) > 1:
			scale = float32(math.Sqrt(6 / float64(spec.Shape[1:].Size())))
		case strings.HasSuffix(spec.Name, "weight"):
			scale, offset = 1.0/4, 1
		}
		for i, v := range values {
			values[i] = offset + v*scale
		}
		tensors[spec.Name] = tensor.New(tensor.WithShape(spec.Shape...), tensor.WithBacking(values))
	}
	return tensors
}

// uniform returns the numbers of uniform in golden.py.
func uniform(name string, count int) []float32 {
	values, start := make([]float32, count), crc32.ChecksumIEEE([]byte(name))
	for i := range values {
		x := (uint32(i) + start) * 2654435761
		x = (x ^ x>>15) * 2246822519
		x ^= x >> 13
		values[i] = float32(x>>8)/(1<<23) - 1
	}
	return values
}

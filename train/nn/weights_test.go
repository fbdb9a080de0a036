package nn

import (
	"errors"
	"maps"
	"math"
	"slices"
	"strings"
	"testing"

	"gorgonia.org/tensor"
)

func TestWeightsStartAsKaimingSays(t *testing.T) {
	g := mustGraph(t, func(b *Builder) *Node {
		x := b.BatchNorm("bn1", b.Conv("conv1", b.Input(Shape{4, 4, 16}), 64, Kernel(3), Pad(1)))
		return b.Linear("fc", b.Flatten("flatten", x), 10)
	})
	w := NewWeights(g, 1)
	var squares float64
	kernel := w.Tensor("conv1.weight").Data().([]float32)
	for _, v := range kernel {
		squares += float64(v) * float64(v)
	}
	got, want := squares/float64(len(kernel)), 2/(16*9.0)
	if math.Abs(got/want-1) > 0.05 {
		t.Errorf("variance of conv1.weight is %v, want %v", got, want)
	}
	for name, want := range map[string]float32{
		"conv1.bias": 0, "fc.bias": 0, "bn1.weight": 1, "bn1.bias": 0, "bn1.running_mean": 0, "bn1.running_var": 1,
	} {
		for _, v := range w.Tensor(name).Data().([]float32) {
			if v != want {
				t.Errorf("%s has %v, want %v", name, v, want)
				break
			}
		}
	}
	if w.Tensor("conv1.none") != nil {
		t.Error("there is a tensor that the network does not have")
	}
	same, other := NewWeights(g, 1), NewWeights(g, 2)
	if !slices.Equal(same.tensors[0].data, kernel) || slices.Equal(other.tensors[0].data, kernel) {
		t.Error("weights do not follow from the seed")
	}
}

// The doors' conversions: each value's place in memory and in a file.
func TestExportHasPyTorchsLayout(t *testing.T) {
	g := mustGraph(t, func(b *Builder) *Node {
		x := b.Conv("conv", b.Input(Shape{3, 4, 2}), 5, Kernel(2, 3), Pad(0, 1))
		x = b.BatchNorm("bn", b.Flatten("flatten", x)) // of 2x4x5
		return b.Linear("fc", x, 3)
	})
	w := NewWeights(g, 1)
	files := w.Export()
	conv, fc := w.Tensor("conv.weight"), w.Tensor("fc.weight")
	for _, at := range [][4]int{{0, 0, 0, 0}, {4, 1, 1, 2}, {3, 0, 1, 1}} { // o, i, y, x
		file, _ := files["conv.weight"].At(at[0], at[1], at[2], at[3])
		memory, _ := conv.At(at[2], at[3], at[1], at[0])
		if file != memory {
			t.Errorf("conv.weight %v is %v in the file, %v in memory", at, file, memory)
		}
	}
	for _, at := range [][3]int{{0, 0, 0}, {1, 3, 4}, {1, 2, 0}, {0, 3, 2}} { // y, x, c
		inFile, inMemory := (at[2]*2+at[0])*4+at[1], (at[0]*4+at[1])*5+at[2]
		file, _ := files["fc.weight"].At(2, inFile)
		memory, _ := fc.At(inMemory, 2)
		if file != memory {
			t.Errorf("fc.weight of pixel %v is %v in the file, %v in memory", at, file, memory)
		}
		w.Tensor("bn.weight").Data().([]float32)[inMemory] = float32(inFile)
	}
	for _, at := range []int{0, 4*8 + 7, 6, 2*8 + 3} {
		if v, _ := w.Export()["bn.weight"].At(at); v != float32(at) {
			t.Errorf("bn.weight[%d] is %v in the file", at, v)
		}
	}
}

func TestImportGivesBackWhatExportTook(t *testing.T) {
	for name, network := range networks {
		g := mustGraph(t, network)
		a := NewWeights(g, 1)
		for i, t := range a.tensors {
			if t.role == counterRole {
				t.count = int64(i)
			}
		}
		fresh, err := ImportWeights(g, a.Export())
		other := NewWeights(g, 2)
		if err := errors.Join(err, other.Import(a.Export())); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for _, b := range []*Weights{fresh, other} {
			for i := range a.tensors {
				was, is := a.tensors[i], b.tensors[i]
				if was.count != is.count || !slices.Equal(was.data, is.data) {
					t.Errorf("%s: tensor %s came back changed", name, was.name)
				}
			}
		}
	}
}

func TestImportRefusesWhatDoesNotFit(t *testing.T) {
	w := NewWeights(mustGraph(t, networks["batch norm"]), 1)
	good := w.Export()
	for want, spoil := range map[string]func(m map[string]*tensor.Dense){
		`tensor "fc1.bias" is missing`: func(m map[string]*tensor.Dense) { delete(m, "fc1.bias") },
		`tensor "fc3.bias" is not of this network`: func(m map[string]*tensor.Dense) {
			m["fc3.bias"] = m["fc1.bias"]
		},
		`tensor "fc1.bias": expects float32 of shape 6, but got float32 of shape 3`: func(m map[string]*tensor.Dense) {
			m["fc1.bias"] = m["fc2.bias"]
		},
		`tensor "bn1.num_batches_tracked": expects one int64`: func(m map[string]*tensor.Dense) {
			m["bn1.num_batches_tracked"] = m["fc2.bias"]
		},
		`tensor "fc1.bias": expects float32`: func(m map[string]*tensor.Dense) {
			m["fc1.bias"] = m["bn1.num_batches_tracked"]
		},
	} {
		spoiled := maps.Clone(good)
		spoil(spoiled)
		if err := w.Import(spoiled); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %s", err, want)
		}
	}
}

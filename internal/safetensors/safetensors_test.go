package safetensors

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"gorgonia.org/tensor"
)

func example() File {
	return File{
		Tensors: map[string]*tensor.Dense{
			"conv1.weight": tensor.New(tensor.WithShape(2, 1, 1, 3),
				tensor.WithBacking([]float32{1, 2, 3, -4, 5, 0.5})),
			"bn1.bias":    tensor.New(tensor.WithShape(1), tensor.WithBacking([]float32{7})),
			"bn1.batches": tensor.New(tensor.FromScalar(int64(12))),
			"order":       tensor.New(tensor.WithShape(2), tensor.WithBacking([]int64{1, -2})),
			"rate":        tensor.New(tensor.FromScalar(float32(0.25))),
		},
		Metadata: map[string]string{"step": "12", "classes": `["a","<b>"]`},
	}
}

func encode(t testing.TB, f File) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Encode(&b, f); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// sameFile compares what files hold.
func sameFile(t *testing.T, got, want File) {
	t.Helper()
	if !reflect.DeepEqual(got.Metadata, want.Metadata) {
		t.Errorf("metadata %v, want %v", got.Metadata, want.Metadata)
	}
	if len(got.Tensors) != len(want.Tensors) {
		t.Errorf("%d tensors, want %d", len(got.Tensors), len(want.Tensors))
	}
	for name, w := range want.Tensors {
		g := got.Tensors[name]
		if g == nil || !g.Shape().Eq(w.Shape()) || !reflect.DeepEqual(g.Data(), w.Data()) {
			t.Errorf("tensor %s is %v, want %v", name, g, w)
		}
	}
}

func TestRoundTrip(t *testing.T) {
	path := filepath.Join(t.TempDir(), "runs", "best.safetensors")
	if err := Write(path, example()); err != nil {
		t.Fatal(err)
	}
	got, err := Read(path)
	if err != nil {
		t.Fatal(err)
	}
	sameFile(t, got, example())
}

func TestBytesAreTheSame(t *testing.T) {
	want := encode(t, example())
	for range 20 { // maps come in another order each time
		if !bytes.Equal(encode(t, example()), want) {
			t.Fatal("the same tensors gave other bytes")
		}
	}
	if length := binary.LittleEndian.Uint64(want); length%8 != 0 {
		t.Errorf("header of %d bytes, want a multiple of 8", length)
	}
}

// The format as its specification shows it.
func TestReadsTheSpecifiedFormat(t *testing.T) {
	header := `{"test":{"dtype":"F32","shape":[2,2],"data_offsets":[0,16]},"__metadata__":{"foo":"bar"}} `
	data := binary.LittleEndian.AppendUint64(nil, uint64(len(header)))
	data = append(data, header...)
	for _, bits := range []uint32{0x3f800000, 0x40000000, 0xbf800000, 0} { // 1 2 -1 0
		data = binary.LittleEndian.AppendUint32(data, bits)
	}
	got, err := Decode(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	sameFile(t, got, File{
		Tensors: map[string]*tensor.Dense{
			"test": tensor.New(tensor.WithShape(2, 2), tensor.WithBacking([]float32{1, 2, -1, 0})),
		},
		Metadata: map[string]string{"foo": "bar"},
	})
}

func TestRefusesDamage(t *testing.T) {
	whole := encode(t, example())
	for name, c := range map[string]struct {
		header, data, want string
	}{
		"type":    {`{"a":{"dtype":"F16","shape":[1],"data_offsets":[0,2]}}`, "12", `type "F16"`},
		"gap":     {`{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}`, "12345678", "but must be at"},
		"overlap": {`{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}`, "1234", "but must be at"},
		"huge": {`{"a":{"dtype":"F32","shape":[4294967296,4294967296,4294967296],"data_offsets":[0,4]}}`, "1234",
			"has shape"},
		"beyond":   {`{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,12]}}`, "1234", "is truncated"},
		"negative": {`{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}`, "1234", "has shape"},
		"rest":     {`{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}`, "12345678", "the file has 8"},
		"json":     {`{"a":`, "", "header"},
		"field":    {`{"a":{"type":"F32"}}`, "", "unknown field"},
	} {
		t.Run(name, func(t *testing.T) {
			data := binary.LittleEndian.AppendUint64(nil, uint64(len(c.header)))
			data = append(append(data, c.header...), c.data...)
			_, err := Decode(bytes.NewReader(data), int64(len(data)))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want one with %q", err, c.want)
			}
		})
	}
	for n := range len(whole) {
		if _, err := Decode(bytes.NewReader(whole[:n]), int64(n)); err == nil {
			t.Errorf("a file cut off after %d of %d bytes was read", n, len(whole))
		}
	}
	endless := binary.LittleEndian.AppendUint64(nil, 1<<62)
	if _, err := Decode(bytes.NewReader(endless), 8); err == nil {
		t.Error("a header of 2^62 bytes was believed")
	}
}

func TestReadNamesTheFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.safetensors")
	if err := os.WriteFile(path, []byte("short"), 0o666); err != nil {
		t.Fatal(err)
	}
	if _, err := Read(path); err == nil || !strings.Contains(err.Error(), path) {
		t.Errorf("error %v, want one that names %s", err, path)
	}
}

// FuzzDecode checks that what can be read can be written and read again.
func FuzzDecode(f *testing.F) {
	f.Add(encode(f, example()))
	f.Add(encode(f, File{}))
	f.Add(binary.LittleEndian.AppendUint64(nil, 1<<40))
	f.Fuzz(func(t *testing.T, data []byte) {
		file, err := Decode(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			return
		}
		first := encode(t, file)
		again, err := Decode(bytes.NewReader(first), int64(len(first)))
		if err != nil {
			t.Fatalf("%q was written and cannot be read: %v", first, err)
		}
		if !bytes.Equal(encode(t, again), first) {
			t.Fatal("a second round trip gave other bytes")
		}
	})
}

func ExampleWrite() {
	folder, err := os.MkdirTemp("", "safetensors")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(folder)
	path := filepath.Join(folder, "best.safetensors")
	weights := tensor.New(tensor.WithShape(1, 2), tensor.WithBacking([]float32{0.5, 2}))
	err = Write(path, File{Tensors: map[string]*tensor.Dense{"fc.weight": weights}})
	if err != nil {
		fmt.Println(err)
		return
	}
	file, err := Read(path)
	fmt.Println(file.Tensors["fc.weight"].Data(), err)
	// Output: [0.5 2] <nil>
}

package pack

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"golang.org/x/image/tiff"

	"github.com/dsbuild/dsbuild/dataset"
)

var ctx = context.Background()

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// picture returns an image of smooth colours, as a photo has, that number
// tells from others.
func picture(width, height, number int) image.Image {
	r := rand.New(rand.NewPCG(1, uint64(number)))
	m := image.NewNRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			noise := r.IntN(20)
			m.SetNRGBA(x, y, color.NRGBA{
				uint8(200*x/width + noise), uint8(200*y/height + noise), uint8(number*40 + noise), 255})
		}
	}
	return m
}

func asJPEG(t testing.TB, m image.Image) []byte {
	var b bytes.Buffer
	check(t, jpeg.Encode(&b, m, &jpeg.Options{Quality: 90}))
	return b.Bytes()
}

func asPNG(t testing.TB, m image.Image) []byte {
	var b bytes.Buffer
	check(t, png.Encode(&b, m))
	return b.Bytes()
}

// makeFiles returns the files of a data set: sound and damaged ones.
func makeFiles(t testing.TB) map[string][]byte {
	files := map[string][]byte{}
	for i := range 6 {
		files[fmt.Sprintf("raw/cat/%d.jpg", i)] = asJPEG(t, picture(90+i, 70, i))
	}
	files["raw/dog/1.png"] = asPNG(t, picture(40, 90, 9))
	whole := asJPEG(t, picture(80, 60, 11))
	files["raw/dog/2.jpg"] = whole[:len(whole)/2]
	files["raw/dog/3.jpg"] = []byte("<html>not found</html>")
	return files
}

// makeSet writes a data set whose training split has these files.
func makeSet(t testing.TB, files map[string][]byte) dataset.Dir {
	t.Helper()
	dir := dataset.Dir(t.TempDir())
	var samples []dataset.Sample
	for _, name := range slices.Sorted(maps.Keys(files)) {
		check(t, os.MkdirAll(filepath.Dir(dir.Path(name)), 0o777))
		check(t, os.WriteFile(dir.Path(name), files[name], 0o666))
		sum := sha256.Sum256(files[name])
		samples = append(samples, dataset.Sample{
			FileName: name, Label: filepath.Base(filepath.Dir(name)), Split: dataset.Train,
			SHA256: hex.EncodeToString(sum[:]),
		})
	}
	setSplit(t, dir, samples)
	return dir
}

// setSplit writes the manifest of the training split.
func setSplit(t testing.TB, dir dataset.Dir, samples []dataset.Sample) {
	t.Helper()
	check(t, dataset.WriteManifest(dir.Split(dataset.Train), slices.Values(samples)))
	check(t, dataset.WriteInfo(dir, dataset.Info{
		Classes:      dataset.ClassesOf(samples),
		Fingerprints: map[string]string{"manifests/train.jsonl": dataset.Fingerprint(samples)},
	}))
}

// filesIn returns the files of a folder by their slash-separated names.
func filesIn(t testing.TB, folder string) map[string]string {
	t.Helper()
	files := map[string]string{}
	check(t, filepath.WalkDir(folder, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name, err := filepath.Rel(folder, path)
		check(t, err)
		data, err := os.ReadFile(path)
		files[filepath.ToSlash(name)] = string(data)
		return err
	}))
	return files
}

func tiffOf(t testing.TB, m image.Image) []byte {
	var b bytes.Buffer
	check(t, tiff.Encode(&b, m, nil))
	return b.Bytes()
}

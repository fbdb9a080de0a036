package pack_test

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/jpeg"
	"log"
	"os"
	"slices"

	"github.com/dsbuild/dsbuild/dataset"
	"github.com/dsbuild/dsbuild/pack"
)

func ExampleRun() {
	folder, err := os.MkdirTemp("", "pets-")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(folder)
	dir := dataset.Dir(folder)
	if err := makePets(dir); err != nil {
		log.Fatal(err)
	}
	report, err := pack.Run(context.Background(), dir, dataset.Train, pack.Options{})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(report.Images, "images,", report.Kinds[0].Kind)
	out, err := pack.Extract(context.Background(), dir, dataset.Train, dir.Path("out"), nil)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(out.Written, "files")
	// Output:
	// 1 images, marked
	// 1 files
}

// makePets writes a data set of one image.
func makePets(dir dataset.Dir) error {
	var file bytes.Buffer
	if err := jpeg.Encode(&file, image.NewGray(image.Rect(0, 0, 64, 48)), nil); err != nil {
		return err
	}
	if err := os.WriteFile(dir.Path("rex.jpg"), file.Bytes(), 0o666); err != nil {
		return err
	}
	samples := []dataset.Sample{{FileName: "rex.jpg", Label: "dog", Split: dataset.Train}}
	if err := dataset.WriteManifest(dir.Split(dataset.Train), slices.Values(samples)); err != nil {
		return err
	}
	return dataset.WriteInfo(dir, dataset.Info{Classes: dataset.ClassesOf(samples)})
}

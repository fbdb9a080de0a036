package loader_test

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/png"
	"log"
	"os"
	"path/filepath"

	"github.com/dsbuild/dsbuild/augment"
	"github.com/dsbuild/dsbuild/dataset"
	"github.com/dsbuild/dsbuild/importer"
	"github.com/dsbuild/dsbuild/loader"
	"github.com/dsbuild/dsbuild/split"
)

// A training program of one's own: it ranges over epochs and batches.
func Example() {
	pets := makePets() // or: dsbuild import --from pets.tar.gz; dsbuild split
	defer os.RemoveAll(filepath.Dir(string(pets)))

	train, err := loader.NewTrain(pets, loader.TrainOptions{
		Input:     loader.Input{Width: 32, Height: 32},
		Augment:   augment.Pipeline{augment.RandomResizedCrop(32), augment.HorizontalFlip(0.5)},
		BatchSize: 6, Seed: 1,
	})
	if err != nil {
		log.Fatal(err)
	}
	for epoch := range 2 {
		for batch, err := range train.Epoch(context.Background(), epoch) {
			if err != nil {
				log.Fatal(err)
			}
			fmt.Println(epoch, batch.Images().Shape(), len(batch.Labels()))
			batch.Release()
		}
	}
	// Output:
	// 0 (6, 32, 32, 3) 6
	// 0 (2, 32, 32, 3) 2
	// 1 (6, 32, 32, 3) 6
	// 1 (2, 32, 32, 3) 2
}

// makePets makes a small data set of two classes.
func makePets() dataset.Dir {
	folder, err := os.MkdirTemp("", "pets")
	if err != nil {
		log.Fatal(err)
	}
	for i := range 10 {
		m := image.NewGray(image.Rect(0, 0, 40, 30))
		m.Pix[i] = 255
		var b bytes.Buffer
		if err := png.Encode(&b, m); err != nil {
			log.Fatal(err)
		}
		class := filepath.Join(folder, "pictures", []string{"cat", "dog"}[i%2])
		if err := os.MkdirAll(class, 0o777); err != nil {
			log.Fatal(err)
		}
		name := filepath.Join(class, fmt.Sprint(i, ".png"))
		if err := os.WriteFile(name, b.Bytes(), 0o666); err != nil {
			log.Fatal(err)
		}
	}
	pets := dataset.Dir(filepath.Join(folder, "pets"))
	ctx := context.Background()
	options := importer.Options{From: filepath.Join(folder, "pictures")}
	if _, err := importer.Run(ctx, pets, options); err != nil {
		log.Fatal(err)
	}
	shares := split.Shares{Train: 0.8, Val: 0.2}
	if _, err := split.Run(ctx, pets, split.Options{Shares: shares}); err != nil {
		log.Fatal(err)
	}
	return pets
}

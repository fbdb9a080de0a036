package loader_test

import (
	"bytes"
	"context"
	"encoding/json"
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

// A run that is stopped keeps a small state, and goes on with the very batches
// that it has not seen.
func ExampleTrain_EpochFrom() {
	pets := makePets()
	defer os.RemoveAll(filepath.Dir(string(pets)))

	ctx := context.Background()
	options := loader.TrainOptions{
		Input: loader.Input{Width: 32, Height: 32}, BatchSize: 2, Seed: 1,
	}
	train, err := loader.NewTrain(pets, options)
	if err != nil {
		log.Fatal(err)
	}
	var kept []byte
	for batch, err := range train.Epoch(ctx, 7) {
		if err != nil {
			log.Fatal(err)
		}
		kept, err = json.Marshal(batch.State())
		if err != nil {
			log.Fatal(err)
		}
		stop := batch.Index == 1
		batch.Release()
		if stop {
			break
		}
	}

	var state loader.State
	if err := json.Unmarshal(kept, &state); err != nil {
		log.Fatal(err)
	}
	again, err := loader.NewTrain(pets, options)
	if err != nil {
		log.Fatal(err)
	}
	for batch, err := range again.EpochFrom(ctx, state) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println("epoch", state.Epoch, "batch", batch.Index)
		batch.Release()
	}
	// Output:
	// epoch 7 batch 2
	// epoch 7 batch 3
}

// Several programs share an epoch: each gets its part, and all of them equally
// many steps.
func ExampleShard() {
	pets := makePets()
	defer os.RemoveAll(filepath.Dir(string(pets)))

	for rank := range 3 {
		train, err := loader.NewTrain(pets, loader.TrainOptions{
			Input: loader.Input{Width: 32, Height: 32}, BatchSize: 2, Seed: 1,
			Shard: loader.Shard{Rank: rank, World: 3},
		})
		if err != nil {
			log.Fatal(err)
		}
		for batch, err := range train.Epoch(context.Background(), 0) {
			if err != nil {
				log.Fatal(err)
			}
			fmt.Println("rank", rank, "batch", batch.Index, "padding", batch.Padding)
			batch.Release()
		}
	}
	// Output:
	// rank 0 batch 0 padding false
	// rank 0 batch 3 padding false
	// rank 1 batch 1 padding false
	// rank 1 batch 0 padding true
	// rank 2 batch 2 padding false
	// rank 2 batch 1 padding true
}

// Small data sets stay in memory, decoded and scaled down, and classes of few
// images come as often as others. Images are mixed, so that targets are shares
// of the classes.
func ExampleTrainOptions() {
	pets := makePets()
	defer os.RemoveAll(filepath.Dir(string(pets)))

	train, err := loader.NewTrain(pets, loader.TrainOptions{
		Input: loader.Input{Width: 32, Height: 32, Layout: loader.NCHW},
		Augment: augment.Pipeline{
			augment.RandomResizedCrop(32), augment.HorizontalFlip(0.5), augment.CutMix(1),
		},
		Sampling: loader.Sampling{Balanced: true},
		Reduce:   256, CacheBytes: 1 << 30,
	})
	if err != nil {
		log.Fatal(err)
	}
	for epoch := range 2 {
		for batch, err := range train.Epoch(context.Background(), epoch) {
			if err != nil {
				log.Fatal(err)
			}
			fmt.Println(batch.Images().Shape(), batch.Targets().Shape())
			batch.Release()
		}
	}
	fmt.Println("from the cache:", train.Stats().FromCache > 0)
	// Output:
	// (8, 3, 32, 32) (8, 2)
	// (8, 3, 32, 32) (8, 2)
	// from the cache: true
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

package loader

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/dsbuild/dsbuild/augment"
	"github.com/dsbuild/dsbuild/dataset"
)

// BenchmarkLoad makes epochs of the photos in the folder DSBUILD_PHOTOS, of
// class folders. An operation is one image.
func BenchmarkLoad(b *testing.B) {
	dir := photosFrom(b, os.Getenv("DSBUILD_PHOTOS"))
	for name, o := range map[string]TrainOptions{
		"files": {}, "cache": {Reduce: 256, CacheBytes: 4 << 30},
	} {
		b.Run(name, func(b *testing.B) {
			o.Input = Input{Width: 224, Height: 224}
			o.Augment = augment.Pipeline{augment.RandomResizedCrop(224), augment.HorizontalFlip(0.5)}
			train := newTrain(b, dir, o)
			epoch := func(n int) {
				for batch, err := range train.Epoch(ctx, n) {
					if err != nil {
						b.Fatal(err)
					}
					batch.Release()
				}
			}
			epoch(0)
			b.ReportAllocs()
			b.ResetTimer()
			for done := 0; done < b.N; done += train.Len() {
				epoch(1 + done/train.Len())
			}
			b.StopTimer()
			s := train.Stats()
			b.Logf("%+v", s)
		})
	}
}

// photosFrom writes a data set that refers to a folder of class folders.
func photosFrom(b *testing.B, folder string) dataset.Dir {
	b.Helper()
	paths, err := filepath.Glob(filepath.Join(folder, "*", "*.jpg"))
	if err != nil || len(paths) == 0 {
		b.Skip("set DSBUILD_PHOTOS to a folder of class folders with photos")
	}
	dir := dataset.Dir(b.TempDir())
	root, err := filepath.Abs(folder)
	if err != nil {
		b.Fatal(err)
	}
	if err := os.Symlink(root, dir.Raw()); err != nil {
		b.Fatal(err)
	}
	var samples []dataset.Sample
	for _, path := range paths {
		label := filepath.Base(filepath.Dir(path))
		samples = append(samples, dataset.Sample{
			FileName: "raw/" + label + "/" + filepath.Base(path), Label: label, Split: dataset.Train,
		})
	}
	writeSplits(b, dir, map[dataset.Split][]dataset.Sample{dataset.Train: samples})
	return dir
}

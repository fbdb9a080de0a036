package augment

import (
	"testing"

	"github.com/dsbuild/dsbuild/augment/policy"
	"github.com/dsbuild/dsbuild/dataset"
	"github.com/dsbuild/dsbuild/pixel"
)

func BenchmarkDraw(b *testing.B) {
	plain := Pipeline{RandomResizedCrop(224), HorizontalFlip(0.5)}
	for name, pipeline := range map[string]Pipeline{
		"plain":        plain,
		"jitter":       append(plain, ColorJitter(0.4, 0.4, 0.4, 0.1)),
		"rand_augment": append(plain, policy.RandAugment(2, 9)),
		"nested":       {nested()},
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			var plan pixel.Plan
			key := dataset.Key{Seed: 1, Sample: "raw/corgi/3f2a9c0d11223344.jpg"}
			for b.Loop() {
				key.Epoch++
				pipeline.Draw(&plan, key, 500, 375)
			}
		})
	}
}

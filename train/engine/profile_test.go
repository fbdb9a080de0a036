package engine_test

import (
	"cmp"
	"flag"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/dsbuild/dsbuild/train/engine"
	"github.com/dsbuild/dsbuild/train/model"
	"github.com/dsbuild/dsbuild/train/nn"
)

var (
	profiled  = flag.String("profiled", "resnet18", "the network that BenchmarkProfile runs")
	side      = flag.Int("side", 224, "the height and width of its images")
	batchSize = flag.Int("batchsize", 4, "its batch")
	precision = flag.String("precision", "f32", "f32 or bf16")
	byName    = flag.Bool("byname", false, "tell the times of each layer, rather than each kind")
)

// BenchmarkProfile tells where the milliseconds of a step go, by kind of
// layer, forward and backward:
//
//	go test ./train/engine -run - -bench Profile -benchtime 10x -args -profiled vgg16
func BenchmarkProfile(b *testing.B) {
	graph, err := model.Build(model.Options{Name: *profiled, XDim: *side, Classes: 1000, Dropout: -1})
	if err != nil {
		b.Fatal(err)
	}
	n := *batchSize
	images, labels := make([]float32, n*graph.Input().Size()), make([]int32, n)
	for i := range images {
		images[i] = float32(i%255)/127 - 1
	}
	w := nn.NewWeights(graph, 1)
	for _, inference := range []bool{false, true} {
		name := map[bool]string{false: "train", true: "predict"}[inference]
		b.Run(name, func(b *testing.B) {
			s, err := engine.New(w, engine.Options{MaxBatch: n, Inference: inference,
				Precision: engine.Precision(*precision)})
			if err != nil {
				b.Fatal(err)
			}
			defer s.Close()
			profile(b, s, func(step int) {
				if inference {
					s.Predict(images, n)
				} else {
					s.Train(images, labels, step)
				}
			})
		})
	}
}

// profile runs steps and prints the least time of each kind of layer.
func profile(b *testing.B, s *engine.Session, run func(step int)) {
	now, best := map[string]time.Duration{}, map[string]time.Duration{}
	s.Time(func(kind, name string, backward bool, took time.Duration) {
		if *byName {
			kind = name
		}
		if backward {
			kind += " back"
		}
		now[kind] += took
	})
	run(0)
	step, whole := 0, time.Hour
	for b.Loop() {
		clear(now)
		start := time.Now()
		run(step)
		whole = min(whole, time.Since(start))
		for kind, took := range now {
			best[kind] = min(cmp.Or(best[kind], took), took)
		}
		step++
	}
	ms := func(d time.Duration) float64 { return d.Seconds() * 1e3 }
	for _, kind := range slices.SortedFunc(maps.Keys(best), func(a, b string) int {
		return cmp.Compare(best[b], best[a])
	}) {
		fmt.Printf("  %-28s %8.2f ms\n", kind, ms(best[kind]))
	}
	b.ReportMetric(ms(whole), "ms-best")
	b.ReportMetric(float64(s.ArenaBytes())/1e6, "MB-values")
	b.ReportMetric(float64(s.ScratchBytes())/1e6, "MB-scratch")
}

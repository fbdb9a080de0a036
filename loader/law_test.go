package loader

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"gorgonia.org/tensor"

	"github.com/dsbuild/dsbuild/augment"
	"github.com/dsbuild/dsbuild/dataset"
	"github.com/dsbuild/dsbuild/pack"
	"github.com/dsbuild/dsbuild/pixel"
)

// everything is a training loader that uses all that decides bytes.
func everything() TrainOptions {
	return TrainOptions{
		Input: Input{Width: 24, Height: 20, Boxes: true, Masks: true}, Seed: 3, BatchSize: 4,
		Sampling: Sampling{Balanced: true, Length: 34, Repeats: 2}, Reduce: 60,
		Augment: augment.Pipeline{
			augment.RandomResizedCrop(0), augment.HorizontalFlip(0.5), augment.RandomRotation(20),
			augment.ColorJitter(0.4, 0.4, 0.4, 0.1), augment.GaussianBlur(0.3),
			augment.Mosaic(0.3), augment.CutMix(1), augment.MixUp(1),
		}.For(24, 20),
		Collate: func(b *Batch) error {
			b.Images().Data().([]float32)[0] += float32(b.Index)
			return nil
		},
	}
}

// digest returns that of all a batch holds.
func digest(b *Batch) string {
	h := sha256.New()
	fmt.Fprintln(h, b.Index, b.Labels(), b.FileNames(), b.Boxes())
	for _, values := range []*tensor.Dense{b.Images(), b.Targets(), b.Masks()} {
		fmt.Fprintln(h, values.Shape())
		if err := binary.Write(h, binary.LittleEndian, values.Data()); err != nil {
			panic(err)
		}
	}
	return fmt.Sprintf("%x", h.Sum(nil)[:8])
}

// digests ranges over what is left of an epoch. Batches that are there for
// padding only are left out.
func digests(t testing.TB, train *Train, from State) []string {
	t.Helper()
	var all []string
	steps := 0
	for b, err := range train.EpochFrom(ctx, from) {
		if err != nil {
			t.Fatal(err)
		}
		if steps++; !b.Padding {
			all = append(all, digest(b))
		}
		b.Release()
	}
	if want := train.course(from.Next).steps(); steps != want {
		t.Errorf("%d steps, want %d", steps, want)
	}
	return all
}

// The bytes of an epoch depend on the data set, the options that say so, seed
// and epoch alone.
func TestBatchesAreTheSameHoweverTheyAreMade(t *testing.T) {
	dir := makePhotos(t, 7)
	const epoch = 2
	usual := newTrain(t, dir, everything())
	want := digests(t, usual, usual.State(epoch, 0))
	if len(want) != 9 || len(slices.Compact(slices.Sorted(slices.Values(want)))) != 9 {
		t.Fatalf("an epoch of 34 images in batches of 4 has the batches %v", want)
	}
	same := func(name string, train *Train, from State, want []string) {
		t.Helper()
		if got := digests(t, train, from); !slices.Equal(got, want) {
			t.Errorf("%s: other batches: %v, want %v", name, got, want)
		}
	}
	for _, packed := range []bool{false, true} {
		if packed {
			if _, err := pack.Run(ctx, dir, dataset.Train, pack.Options{}); err != nil {
				t.Fatal(err)
			}
		}
		for _, workers := range []int{1, 2, 8} {
			for _, cacheBytes := range []int64{0, 60000, 1 << 20} {
				o := everything()
				o.Workers, o.CacheBytes, o.Prefetch = workers, cacheBytes, workers
				train := newTrain(t, dir, o)
				name := fmt.Sprintf("%d workers, cache %d, pack %v", workers, cacheBytes, packed)
				same(name, train, train.State(epoch, 0), want)
				same(name+" again", train, train.State(epoch, 0), want)
				stats := train.Stats()
				if packed != (stats.FromPack > 0) || (cacheBytes > 0) != (stats.FromCache > 0) {
					t.Errorf("%s: %+v", name, stats)
				}
				for step := range len(want) + 1 {
					if workers == 2 {
						same(fmt.Sprint(name, " from step ", step), train, train.State(epoch, step), want[step:])
					}
				}
			}
		}
		for _, world := range []int{2, 4} {
			for step := range len(want)/world + 1 {
				same := fmt.Sprintf("world %d from step %d, pack %v", world, step, packed)
				if got := gathered(t, dir, world, epoch, step); !slices.Equal(got, want[step*world:]) {
					t.Errorf("%s: other batches: %v, want %v", same, got, want[step*world:])
				}
			}
		}
	}
}

// gathered returns the batches of all ranks in turn, from a step on. The state
// of the step goes through JSON, as a program would keep it.
func gathered(t *testing.T, dir dataset.Dir, world, epoch, step int) []string {
	t.Helper()
	ranks := make([][]string, world)
	longest := 0
	for rank := range world {
		o := everything()
		o.Shard = Shard{Rank: rank, World: world}
		train := newTrain(t, dir, o)
		text, err := json.Marshal(train.State(epoch, step))
		if err != nil {
			t.Fatal(err)
		}
		var from State
		if err := json.Unmarshal(text, &from); err != nil {
			t.Fatal(err)
		}
		ranks[rank] = digests(t, train, from)
		longest = max(longest, len(ranks[rank]))
	}
	var all []string
	for i := range longest {
		for _, batches := range ranks {
			if i < len(batches) {
				all = append(all, batches[i])
			}
		}
	}
	return all
}

// A run that goes on in another world, with batches of another size, sees the
// images that it has not seen.
func TestStateOfABatchGoesOnInAnotherWorld(t *testing.T) {
	dir := makePhotos(t, 7)
	names := func(train *Train, from State, most int) (seen []string, after State) {
		after = from
		for b, err := range train.EpochFrom(ctx, from) {
			if err != nil {
				t.Fatal(err)
			}
			seen, after = append(seen, b.FileNames()...), b.State()
			b.Release()
			if most--; most == 0 {
				break
			}
		}
		return seen, after
	}
	one := newTrain(t, dir, TrainOptions{BatchSize: 4, Seed: 1})
	want, _ := names(one, one.State(5, 0), 0)
	half := newTrain(t, dir, TrainOptions{BatchSize: 2, Seed: 1, Shard: Shard{World: 2}})
	_, state := names(half, half.State(5, 0), 2)
	if state.Next != 8 || state.Epoch != 5 {
		t.Fatalf("after two steps of two ranks with two images: %+v", state)
	}
	rest, end := names(newTrain(t, dir, TrainOptions{BatchSize: 3, Seed: 1}), state, 0)
	if !slices.Equal(rest, want[8:]) || end.Next != one.Len() {
		t.Errorf("went on with %v until %d, want %v", rest, end.Next, want[8:])
	}
}

// A loader may serve several epochs at a time.
func TestEpochsAtTheSameTime(t *testing.T) {
	train := newTrain(t, makePhotos(t, 7), everything())
	var want, got [4][]string
	for epoch := range want {
		want[epoch] = digests(t, train, train.State(epoch, 0))
	}
	var group sync.WaitGroup
	for epoch := range got {
		group.Go(func() {
			for b, err := range train.Epoch(ctx, epoch) {
				if err != nil {
					t.Error(err)
					return
				}
				got[epoch] = append(got[epoch], digest(b))
				b.Release()
			}
		})
	}
	group.Wait()
	for epoch := range want {
		if !slices.Equal(got[epoch], want[epoch]) {
			t.Errorf("epoch %d among others has other batches than alone", epoch)
		}
	}
}

func TestStepsOfRanksAreEqual(t *testing.T) {
	for _, c := range []struct {
		count, world int
		remainder    Remainder
		want         string // each rank's batches
	}{
		{20, 2, Pad, "[0 2 4] [1 3 0+]"},
		{20, 2, Drop, "[0 2] [1 3]"},
		{20, 4, Pad, "[0 4] [1 0+] [2 1+] [3 2+]"},
		{20, 4, Drop, "[0] [1] [2] [3]"},
		{7, 4, Pad, "[0] [1] [0+] [1+]"},
		{7, 4, Drop, "[] [] [] []"},
		{16, 2, Pad, "[0 2] [1 3]"},
	} {
		var got []string
		for rank := range c.world {
			course := course{0, c.count, 4, Shard{rank, c.world, c.remainder}}
			batches := []string{}
			for step := range course.steps() {
				_, _, index, padding := course.batch(step)
				name := fmt.Sprint(index)
				if padding {
					name += "+"
				}
				batches = append(batches, name)
			}
			got = append(got, fmt.Sprint(batches))
		}
		if text := fmt.Sprint(got); text != "["+c.want+"]" {
			t.Errorf("%d images, world %d, remainder %d: %s, want %s", c.count, c.world, c.remainder,
				text, c.want)
		}
	}
}

func TestLoopsLeaveNoGoroutines(t *testing.T) {
	dir := makePhotos(t, 7)
	train := newTrain(t, dir, everything())
	for steps := range 9 {
		for b, err := range train.Epoch(ctx, steps) {
			if err != nil {
				t.Fatal(err)
			}
			if b.Release(); steps == b.Index {
				break
			}
		}
		if left := running(); left != "" {
			t.Fatalf("left at batch %d: %s", steps, left)
		}
	}
}

// running returns the stacks of goroutines that make batches, once those that
// have done their work are gone.
func running() string {
	stacks := make([]byte, 1<<20)
	for range 1000 {
		text := string(stacks[:runtime.Stack(stacks, true)])
		if !strings.Contains(text, "loader.(*feed).begin") {
			return ""
		}
		runtime.Gosched()
	}
	return string(stacks)
}

var _ Mixer = augment.Pipeline{}
var _ Transform = (*shifted)(nil)

// shifted is a transform without parameters that show.
type shifted struct{ by int }

func (s *shifted) String() string { return fmt.Sprint("shifted by ", s.by) }

func (s *shifted) Draw(plan *pixel.Plan, _ dataset.Key, width, height int) {
	plan.Reset()
	pixel.Add(plan, pixel.Crop{X: s.by, W: width - s.by, H: height, Width: 12, Height: 10})
}

package loader

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"testing"

	"github.com/dsbuild/dsbuild/augment"
	"github.com/dsbuild/dsbuild/dataset"
)

// A ledgerLine is what is kept of a bad image.
type ledgerLine struct {
	Epoch    int    `json:"epoch"`
	FileName string `json:"file_name"`
	Error    string `json:"error"`
	Instead  string `json:"instead"`
}

func readLedger(t *testing.T, dir dataset.Dir) []ledgerLine {
	t.Helper()
	var lines []ledgerLine
	for line, err := range dataset.ReadLedger[ledgerLine](dir.Log("loader")) {
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, line)
	}
	return lines
}

// damage spoils the bytes of a JPEG file in one of several ways.
func damage(data []byte, rng *rand.Rand) []byte {
	data = bytes.Clone(data)
	switch rng.IntN(4) {
	case 0: // cut short
		return data[:rng.IntN(len(data))]
	case 1: // single bits
		for range 1 + rng.IntN(20) {
			data[rng.IntN(len(data))] ^= 1 << rng.IntN(8)
		}
	case 2: // other markers
		for i := range len(data) - 1 {
			if data[i] == 0xff && data[i+1] != 0 && rng.IntN(3) == 0 {
				data[i+1] = uint8(0xc0 + rng.IntN(64))
			}
		}
	default: // a stretch that comes twice, over another
		n := 1 + rng.IntN(len(data)/2)
		from, to := rng.IntN(len(data)-n+1), rng.IntN(len(data)-n+1)
		copy(data[to:to+n], bytes.Clone(data[from:from+n]))
	}
	return data
}

// makeDamaged writes a data set whose training split has a few photos and so
// many damaged variants of them.
func makeDamaged(t *testing.T, variants int) dataset.Dir {
	t.Helper()
	dir := makePhotos(t, 5)
	samples, err := dataset.ReadAll(dir.Split(dataset.Train))
	if err != nil {
		t.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(1, 2))
	for i := range variants {
		good := samples[i%15]
		data, err := os.ReadFile(dir.Path(good.FileName))
		if err != nil {
			t.Fatal(err)
		}
		bad := good
		bad.FileName = fmt.Sprintf("raw/%s/damaged%05d.jpg", good.Label, i)
		if err := os.WriteFile(dir.Path(bad.FileName), damage(data, rng), 0o644); err != nil {
			t.Fatal(err)
		}
		samples = append(samples, bad)
	}
	writeSplits(t, dir, map[dataset.Split][]dataset.Sample{dataset.Train: samples})
	return dir
}

func TestDamagedImagesKeepTheEpochsLength(t *testing.T) {
	variants := 2000
	if testing.Short() || underRace {
		variants = 200
	}
	dir := makeDamaged(t, variants)
	instead := map[string]string{}
	train := newTrain(t, dir, TrainOptions{
		Input: Input{Width: 24, Height: 24}, Workers: 4, BatchSize: 32, Reduce: 60,
		Augment: augment.Pipeline{augment.RandomResizedCrop(24), augment.HorizontalFlip(0.5)},
		OnError: func(bad BadImage) { instead[bad.FileName] = bad.Instead },
	})
	var names []string
	for b, err := range train.Epoch(ctx, 0) {
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, b.FileNames()...)
		b.Release()
	}
	if want := variants + 15; len(names) != want || train.Stats().Images != int64(want) {
		t.Fatalf("an epoch of %d images had %d (%+v)", want, len(names), train.Stats())
	}
	lines := readLedger(t, dir)
	if len(lines) < variants/4 || len(lines) != len(instead) ||
		int64(len(lines)) != train.Stats().Substituted {
		t.Fatalf("%d lines in the ledger, %d reported, of %d damaged (%+v)",
			len(lines), len(instead), variants, train.Stats())
	}
	shown := map[string]bool{}
	for _, name := range names {
		shown[name] = true
	}
	for _, line := range lines {
		if line.Error == "" || line.Instead != instead[line.FileName] || !shown[line.Instead] {
			t.Fatalf("line %+v of the ledger, reported %q", line, instead[line.FileName])
		}
		delete(instead, line.FileName)
	}
	if len(instead) > 0 {
		t.Errorf("%d images are not in the ledger", len(instead))
	}
}

func TestLedgerFollowsTheOrderOfTheEpoch(t *testing.T) {
	dir := makeDamaged(t, 60)
	load := func(workers int) []ledgerLine {
		if err := os.RemoveAll(dir.Log("loader")); err != nil {
			t.Fatal(err)
		}
		collect(t, newTrain(t, dir, TrainOptions{Workers: workers, BatchSize: 8}).Epoch(ctx, 3))
		return readLedger(t, dir)
	}
	if one, many := load(1), load(8); !slices.Equal(one, many) || len(one) == 0 || one[0].Epoch != 3 {
		t.Errorf("one worker notes %v, eight note %v", one, many)
	}
}

func TestPolicyFailNamesTheFile(t *testing.T) {
	dir := makeSet(t, 4)
	train := newTrain(t, dir, TrainOptions{BadImages: Fail})
	spoil(t, dir, train.entries[3].name)
	err := firstError(train.Epoch(ctx, 0))
	if err == nil || !bytes.Contains([]byte(err.Error()), []byte(train.entries[3].name)) {
		t.Errorf("error %v does not name %s", err, train.entries[3].name)
	}
	if lines := readLedger(t, dir); len(lines) > 0 {
		t.Errorf("the ledger has %v", lines)
	}
}

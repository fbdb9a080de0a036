package train

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/dsbuild/dsbuild/dataset"
	"github.com/dsbuild/dsbuild/internal/safetensors"
	"github.com/dsbuild/dsbuild/loader"
	"github.com/dsbuild/dsbuild/train/engine"
	"github.com/dsbuild/dsbuild/train/model"
	"github.com/dsbuild/dsbuild/train/nn"
)

// Choose returns the settings that Run trains with: what the options leave
// open is chosen from the training split.
func Choose(dir dataset.Dir, o Options) (Settings, error) {
	if err := o.Validate(); err != nil {
		return Settings{}, err
	}
	info, err := dataset.ReadInfo(dir)
	if err != nil {
		return Settings{}, err
	}
	found, err := surveyTrain(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return Settings{}, fmt.Errorf("%s is not there (run: dsbuild split): %w",
			dir.Split(dataset.Train), fs.ErrNotExist)
	}
	if err != nil {
		return Settings{}, err
	}
	return o.withDefaults().settle(found, info)
}

// Run trains a network on the data set in dir and keeps it under runs/. When
// ctx ends it saves where it stands and returns the context's error; calling
// it again goes on from there.
func Run(ctx context.Context, dir dataset.Dir, o Options) (Report, error) {
	settings, err := Choose(dir, o)
	if err != nil {
		return Report{}, err
	}
	if len(settings.Classes) < 2 {
		return Report{}, fmt.Errorf("%s has only the classes %v, but a network needs at least two "+
			"(run: dsbuild scrape or dsbuild import)", dir.Info(), settings.Classes)
	}
	o = o.withDefaults()
	f := &fit{dir: dir, options: o, settings: settings}
	start := Start{Settings: settings}
	last, other, err := f.previous(&start)
	if err != nil {
		return Report{}, err
	}
	if f.state.Finished {
		return f.finished()
	}
	if err := f.prepare(&start); err != nil {
		return Report{}, err
	}
	defer f.session.Close()
	if other {
		if start.Moved, err = moveAside(dir.Run(o.Run)); err != nil {
			return Report{}, err
		}
	}
	if err := f.goOn(last); err != nil {
		return Report{}, err
	}
	if o.OnStart != nil {
		o.OnStart(start)
	}
	err = f.epochs(ctx)
	return f.report(), err
}

// finished reports on a run that was complete before this call.
func (f *fit) finished() (Report, error) {
	report := f.report()
	report.AlreadyDone = true
	if _, err := os.Stat(report.Checkpoint); err != nil {
		return Report{}, fmt.Errorf("run %q is complete, but its network is missing (to train it "+
			"again, remove %s): %w", f.options.Run, f.dir.Run(f.options.Run), err)
	}
	return report, nil
}

// previous finds an earlier run of the same name. It returns where that stands
// if its settings are the same, to go on with, and tells whether they are
// others: then it is in the way.
func (f *fit) previous(start *Start) (last *safetensors.File, other bool, err error) {
	path := lastPath(f.dir, f.options.Run)
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		if f.options.Resume {
			return nil, false, fmt.Errorf("there is no run %q to resume: %s does not exist",
				f.options.Run, path)
		}
		return nil, false, nil
	}
	file, settings, err := open(path)
	if err != nil {
		return nil, false, err
	}
	others, err := differences(settings, f.settings)
	if err != nil {
		return nil, false, err
	}
	if len(others) == 0 {
		if err := note(path, file, "state", &f.state); err != nil {
			return nil, false, err
		}
		start.Epoch, start.Batch = f.state.Epoch, f.state.Batch
		return &file, false, nil
	}
	if f.options.Resume {
		return nil, false, fmt.Errorf("run %q cannot be resumed, because it had other settings: %s",
			f.options.Run, strings.Join(others, ", "))
	}
	return nil, true, nil
}

// prepare makes the loaders and the network.
func (f *fit) prepare(start *Start) error {
	s := f.settings
	o := loader.TrainOptions{
		Input: s.Input(), Seed: s.Seed, BatchSize: s.BatchSize, Variants: s.Variants,
		Workers: f.options.Threads, OnError: f.options.OnBadImage,
	}
	var err error
	if f.options.Augment != nil {
		if o.Augment, err = f.options.Augment(s.Input()); err != nil {
			return err
		}
	}
	if f.train, err = loader.NewTrain(f.dir, o); err != nil {
		return err
	}
	if f.val, err = openVal(f.dir, s, f.options.Threads); err != nil {
		return err
	}
	graph, err := model.Build(s.Model)
	if err != nil {
		return err
	}
	f.weights = nn.NewWeights(graph, s.Seed)
	f.session, err = engine.New(f.weights, engine.Options{
		MaxBatch: s.BatchSize, Threads: f.options.Threads, Seed: s.Seed,
		Exact: s.Exact, Precision: s.Precision,
	})
	if err != nil {
		return err
	}
	f.stepper = newStepper(s, f.weights, f.session, f.train.Batches())
	start.Train = f.train.Len()
	if f.val != nil {
		start.Val = f.val.Len()
	}
	return nil
}

// openVal returns the loader of the validation split, or nil where the split
// has no sample.
func openVal(dir dataset.Dir, s Settings, threads int) (*loader.Eval, error) {
	path := dir.Split(dataset.Val)
	for _, err := range dataset.ReadManifest(path) {
		if err != nil {
			return nil, err
		}
		return loader.NewEval(dir, dataset.Val, loader.EvalOptions{
			Input: s.Input(), BatchSize: s.BatchSize, Workers: threads,
		})
	}
	return nil, nil
}

// goOn puts the checkpoint of where the run stands, or nil for a new run, into the
// network and what moves it, and clears away what was written after it.
func (f *fit) goOn(last *safetensors.File) error {
	if last != nil {
		err := errors.Join(f.weights.Import(weightsOf(*last)),
			f.stepper.restore(last.Tensors, f.state.Batch, f.settings.BatchSize))
		if err != nil {
			return fmt.Errorf("%s: %w", lastPath(f.dir, f.options.Run), err)
		}
	}
	return errors.Join(dataset.RemoveLeftovers(f.dir.Run(f.options.Run)), f.forgetMetrics())
}

// forgetMetrics drops the lines of epochs that are to be trained again.
func (f *fit) forgetMetrics() error {
	path := metricsPath(f.dir, f.options.Run)
	var lines []Metrics
	for m, err := range dataset.ReadLedger[Metrics](path) {
		if err != nil {
			return err
		}
		if m.Epoch <= f.state.Epoch {
			lines = append(lines, m)
		}
	}
	return dataset.WriteLines(path, slices.Values(lines))
}

package train

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"time"

	"gorgonia.org/tensor"

	"github.com/dsbuild/dsbuild/dataset"
	"github.com/dsbuild/dsbuild/loader"
	"github.com/dsbuild/dsbuild/train/engine"
	"github.com/dsbuild/dsbuild/train/nn"
)

// A fit is a run under way.
type fit struct {
	dir      dataset.Dir
	options  Options
	settings Settings

	train   *loader.Train
	val     *loader.Eval // nil without a validation split
	weights *nn.Weights
	session *engine.Session
	stepper *stepper

	state state
	saved time.Time
	files []string // of the last batch
}

// epochs trains until the run is finished.
func (f *fit) epochs(ctx context.Context) error {
	f.saved = time.Now()
	for !f.state.Finished {
		if err := f.epoch(ctx); err != nil {
			if ctx.Err() == nil || !errors.Is(err, ctx.Err()) {
				return err // after a fault the state may tell of what was not written
			}
			// Stopped from outside: keep what is done.
			return errors.Join(ctx.Err(), f.save())
		}
	}
	return nil
}

// epoch trains what is left of an epoch, validates and saves.
func (f *fit) epoch(ctx context.Context) error {
	began, first, waited := time.Now(), f.state.Seen, f.train.Stats().Waited
	if err := f.batches(ctx); err != nil {
		return err
	}
	if err := f.sound(); err != nil {
		return err
	}
	st := &f.state
	m := Metrics{
		Epoch:         st.Epoch + 1,
		TrainLoss:     float64(st.Loss) / float64(st.Seen),
		TrainAccuracy: float64(st.Correct) / float64(st.Seen),
	}
	trained := time.Since(began).Seconds()
	m.ImagesPerSecond = float64(st.Seen-first) / max(trained, 1e-9)
	m.WaitSeconds = (f.train.Stats().Waited - waited).Seconds()
	if err := f.measure(ctx, &m); err != nil {
		return err
	}
	m.Seconds = time.Since(began).Seconds()
	st.Epoch, st.Batch, st.Loss, st.Correct, st.Seen = st.Epoch+1, 0, 0, 0, 0
	st.Loader = f.train.State(st.Epoch, 0)
	st.Early = st.Epoch-st.BestEpoch >= f.settings.Patience && st.Epoch < f.settings.Epochs
	st.Finished = st.Early || st.Epoch == f.settings.Epochs
	if err := f.record(m); err != nil {
		return err
	}
	if err := f.save(); err != nil {
		return err
	}
	if f.options.OnEpoch != nil {
		f.options.OnEpoch(m)
	}
	return nil
}

// measure fills in the figures of validation and keeps the network, or its moving
// average, if it is the best so far.
func (f *fit) measure(ctx context.Context, m *Metrics) error {
	f.stepper.swap()
	defer f.stepper.swap()
	better, err := f.validate(ctx, m)
	if err == nil && m.ValLoss != nil && !isFinite(*m.ValLoss) {
		err = f.diverged(f.state.Batch-1, "the loss of validation", *m.ValLoss)
	}
	if err != nil || !better {
		return err
	}
	return saveBest(bestPath(f.dir, f.options.Run), f.weights, f.settings, *m)
}

// batches trains the rest of an epoch.
func (f *fit) batches(ctx context.Context) error {
	st := &f.state
	if st.Loader == (loader.State{}) {
		st.Loader = f.train.State(st.Epoch, st.Batch)
	}
	for batch, err := range f.train.EpochFrom(ctx, st.Loader) {
		if errors.Is(err, loader.ErrState) {
			return fmt.Errorf("%w: run %q cannot be resumed: choose another name (--run)",
				err, f.options.Run)
		}
		if err != nil {
			return err
		}
		after, n := batch.State(), batch.Size()
		f.files = append(f.files[:0], batch.FileNames()...)
		result, what, value := f.stepper.train(batch, st.Epoch, st.Batch)
		batch.Release()
		if what != "" {
			return f.diverged(st.Batch, what, value)
		}
		st.Batch++
		st.Loader = after
		st.Seen += n
		st.Correct += result.Correct
		st.Loss += exact(result.Loss)
		f.progress(st.Seen)
		if time.Since(f.saved) > f.options.SaveEvery {
			if err := f.save(); err != nil {
				return err
			}
		}
	}
	return nil
}

// progress tells how many images of the present epoch are done.
func (f *fit) progress(done int) {
	if f.options.Progress == nil {
		return
	}
	total := f.train.Len()
	if f.val != nil {
		total += f.val.Len()
	}
	f.options.Progress(f.state.Epoch+1, done, total)
}

// validate fills in the figures of validation and tells whether the epoch is
// the best so far: by accuracy, then by loss. Without a validation split every
// epoch is better than those before it.
func (f *fit) validate(ctx context.Context, m *Metrics) (better bool, err error) {
	st := &f.state
	if f.val == nil {
		st.BestEpoch, st.BestAccuracy, st.BestLoss = m.Epoch, exact(m.TrainAccuracy), exact(m.TrainLoss)
		return true, nil
	}
	var sum engine.Result
	done := f.train.Len()
	for batch, err := range f.val.Epoch(ctx, 0) {
		if err != nil {
			return false, err
		}
		r := f.session.Evaluate(batch.Images().Data().([]float32), batch.Labels())
		done += batch.Size()
		batch.Release()
		sum.Loss += r.Loss
		sum.Correct += r.Correct
		f.progress(done)
	}
	loss, accuracy := sum.Loss/float64(f.val.Len()), float64(sum.Correct)/float64(f.val.Len())
	m.ValLoss, m.ValAccuracy = &loss, &accuracy
	better = st.BestEpoch == 0 || accuracy > float64(st.BestAccuracy) ||
		accuracy == float64(st.BestAccuracy) && loss < float64(st.BestLoss)
	if better {
		st.BestEpoch, st.BestAccuracy, st.BestLoss = m.Epoch, exact(accuracy), exact(loss)
		st.Validated = true
	}
	return better, nil
}

// sound tells what of the weights is not finite.
func (f *fit) sound() error {
	for _, l := range f.session.Learnables() {
		if i := unsoundIndex(l.Value); i >= 0 {
			return f.diverged(f.state.Batch-1, l.Name, float64(l.Value[i]))
		}
	}
	return nil
}

// tensors returns all that a run goes on with, unless not all of it is finite.
func (f *fit) tensors() (map[string]*tensor.Dense, error) {
	tensors := f.weights.Export()
	maps.Copy(tensors, f.stepper.export())
	if name, value := unsound(tensors); name != "" {
		return nil, f.diverged(f.state.Batch-1, name, value)
	}
	return tensors, nil
}

// diverged returns the error that something has no finite value after a batch
// of the present epoch.
func (f *fit) diverged(batch int, what string, value float64) error {
	e := &DivergedError{
		Epoch: f.state.Epoch + 1, Batch: batch + 1, What: what, Value: value,
		Step: f.stepper.step(f.state.Epoch, batch) + 1, Files: slices.Clone(f.files),
		LearningRate: f.settings.LearningRate,
	}
	for _, path := range []string{bestPath(f.dir, f.options.Run), lastPath(f.dir, f.options.Run)} {
		if _, err := os.Stat(path); err == nil {
			e.Kept = append(e.Kept, path)
		}
	}
	return e
}

// save writes where the run stands.
func (f *fit) save() error {
	f.saved = time.Now()
	tensors, err := f.tensors()
	if err != nil {
		return err
	}
	return saveLast(lastPath(f.dir, f.options.Run), tensors, f.settings, f.state)
}

// record adds a line to the run's metrics.
func (f *fit) record(m Metrics) error {
	ledger, err := dataset.OpenLedger(metricsPath(f.dir, f.options.Run))
	if err != nil {
		return err
	}
	return errors.Join(ledger.Append(m), ledger.Close())
}

func (f *fit) report() Report {
	r := Report{
		BestEpoch: f.state.BestEpoch, Checkpoint: bestPath(f.dir, f.options.Run),
		Epochs: f.state.Epoch, StoppedEarly: f.state.Early,
	}
	if f.state.Validated {
		accuracy := float64(f.state.BestAccuracy)
		r.BestValAccuracy = &accuracy
	}
	return r
}

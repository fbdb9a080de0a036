package train

import (
	"cmp"
	"fmt"
	"path/filepath"
	"time"

	"github.com/dsbuild/dsbuild/dataset"
	"github.com/dsbuild/dsbuild/loader"
	"github.com/dsbuild/dsbuild/pixel"
	"github.com/dsbuild/dsbuild/train/model"
)

// DefaultRun is the name of a run that was given none.
const DefaultRun = "baseline"

// Options say what is trained and how. Zero values stand for values that are
// chosen from the data: see the fields.
type Options struct {
	// Run is the name of the folder under runs/; default "baseline".
	Run string `yaml:"run"`
	// Model describes the network. By default its input size is that of the images,
	// but at most 64; it has 1 channel if all training images are gray, else 3; its
	// classes are those of the data set; hidden linear layers have batch norms.
	Model model.Options `yaml:"model"`
	// Epochs is the maximum number of epochs; default 6 to 60, fewer for more images.
	Epochs int `yaml:"epochs"`
	// Patience is the number of epochs without a better validation accuracy after
	// which training stops; default half of Epochs, but at least 5.
	Patience int `yaml:"patience"`
	// BatchSize in images; default 32 to 128, larger for more images.
	BatchSize int `yaml:"batch_size"`
	Learning  `yaml:",inline"`
	// Variants also trains on the images that augment --materialize has written.
	Variants bool `yaml:"variants"`

	// Augment returns the augmentation of training images for the network's input;
	// nil means none. AugmentText describes it, and must differ if Augment does: it
	// is part of a run's settings.
	Augment     func(loader.Input) (loader.Transform, error) `yaml:"-"`
	AugmentText string                                       `yaml:"-"`
	// Normalization of images; nil means pixel.DefaultNormalization.
	Normalization *pixel.Normalization `yaml:"-"`

	// Seed of weights, order, augmentation and dropout.
	Seed uint64 `yaml:"-"`
	// Resume makes it an error if there is no run to resume. Without it, a run with
	// the same settings is resumed if there is one, and one with other settings is
	// moved aside.
	Resume bool `yaml:"-"`
	// Threads is the number of goroutines of the network and also of the loader,
	// which makes batches while the network learns; default one per processor. Set
	// GOMAXPROCS to limit how many of all these run at a time: since each kind alone
	// can use all processors, none is idle while there is work. The result does not
	// depend on either.
	Threads int `yaml:"threads"`
	// SaveEvery is the time between checkpoints within an epoch, which is what a
	// killed run may lose; default a minute.
	SaveEvery time.Duration `yaml:"-"`

	// OnStart, if not nil, is called with the chosen settings before training.
	OnStart func(Start) `yaml:"-"`
	// OnEpoch, if not nil, is called after each epoch.
	OnEpoch func(Metrics) `yaml:"-"`
	// Progress, if not nil, is called with the number of images of an epoch that are
	// done, first those of training, then those of validation. Epochs count from 1.
	Progress func(epoch, done, total int) `yaml:"-"`
	// OnBadImage, if not nil, is called for training images that cannot be decoded.
	OnBadImage func(loader.BadImage) `yaml:"-"`
}

func (o Options) withDefaults() Options {
	o.Run = cmp.Or(o.Run, DefaultRun)
	o.SaveEvery = cmp.Or(o.SaveEvery, time.Minute)
	return o
}

// Validate tells what is wrong with the options.
func (o Options) Validate() error {
	if o.Run != "" && (o.Run != filepath.Base(o.Run) || o.Run == "." || o.Run == "..") {
		return fmt.Errorf("run %q is not the name of a folder", o.Run)
	}
	err := notNegative([]count{{"epochs", o.Epochs}, {"patience", o.Patience},
		{"batch_size", o.BatchSize}, {"threads", o.Threads}})
	if err != nil {
		return err
	}
	if n := o.Model.Channels; n != 0 && n != 1 && n != 3 {
		return fmt.Errorf("channels is %d, but must be 1 (gray) or 3 (colour)", n)
	}
	m := o.Model // with what the data decides
	m.XDim, m.Classes = cmp.Or(m.XDim, 64), cmp.Or(m.Classes, 2)
	if err := cmp.Or(m.Validate(), o.Learning.Validate()); err != nil || o.Epochs == 0 {
		return err
	}
	return o.Learning.validateFor(o.Epochs)
}

// A count is an option by its name in recipes.
type count struct {
	name  string
	value int
}

// notNegative returns what is wrong with counts for whose default 0 stands.
func notNegative(counts []count) error {
	for _, c := range counts {
		if c.value < 0 {
			return fmt.Errorf("%s is %d, but must be at least 1 (leave it out for the default)",
				c.name, c.value)
		}
	}
	return nil
}

// A Start is what a run begins, or goes on, with.
type Start struct {
	Settings Settings
	Train    int // images an epoch
	Val      int // 0 where there is no validation split
	// Epoch and Batch are the first to be trained, from 0: both 0 for a new
	// run.
	Epoch, Batch int
	// Moved is where an earlier run of other settings lies now, or empty.
	Moved string
}

// A Report is the result of a run.
type Report struct {
	BestEpoch int `json:"best_epoch"`
	// BestValAccuracy is absent if there is no validation split; the best epoch is
	// then the last one.
	BestValAccuracy *float64 `json:"best_val_accuracy,omitempty"`
	// Checkpoint is the path of best.safetensors.
	Checkpoint string `json:"checkpoint"`
	// Epochs that have been trained, by this call and those before it.
	Epochs int `json:"epochs"`
	// StoppedEarly tells that Patience ended the run.
	StoppedEarly bool `json:"stopped_early,omitempty"`
	// AlreadyDone tells that the run was complete before this call.
	AlreadyDone bool `json:"already_done,omitempty"`
}

// Metrics are the results of an epoch, counted from 1. Those of validation are
// absent if there is no validation split.
type Metrics struct {
	Epoch     int     `json:"epoch"`
	TrainLoss float64 `json:"train_loss"`
	// TrainAccuracy is the share of correctly classified images; for mixed images,
	// the class with the largest share counts.
	TrainAccuracy float64  `json:"train_accuracy"`
	ValLoss       *float64 `json:"val_loss,omitempty"`
	ValAccuracy   *float64 `json:"val_accuracy,omitempty"`
	Seconds       float64  `json:"seconds"`
	// ImagesPerSecond is the speed of training without validation.
	ImagesPerSecond float64 `json:"images_per_second"`
	// WaitSeconds is the part of Seconds in which training waited for the loader.
	WaitSeconds float64 `json:"wait_seconds"`
}

// The files of a run.
func bestPath(dir dataset.Dir, run string) string {
	return filepath.Join(dir.Run(run), "best.safetensors")
}

// checkpointOf returns the path of a network: as it was given, or the best of
// a run.
func checkpointOf(dir dataset.Dir, given, run string) string {
	return cmp.Or(given, bestPath(dir, cmp.Or(run, DefaultRun)))
}

func lastPath(dir dataset.Dir, run string) string {
	return filepath.Join(dir.Run(run), "last.safetensors")
}

func metricsPath(dir dataset.Dir, run string) string {
	return filepath.Join(dir.Run(run), "metrics.jsonl")
}

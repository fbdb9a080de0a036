package train

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"strconv"
	"strings"

	"gorgonia.org/tensor"

	"github.com/dsbuild/dsbuild/internal/safetensors"
	"github.com/dsbuild/dsbuild/loader"
	"github.com/dsbuild/dsbuild/train/nn"
	"github.com/dsbuild/dsbuild/train/optim"
)

// formatName stands in every checkpoint; another one is of another program.
const formatName = "dsbuild-checkpoint-1"

// A state is where a run stands. Nothing in it depends on time or threads.
type state struct {
	// Epoch and Batch are the next to be trained, from 0. Batch may be the
	// number of batches: then validation is next.
	Epoch int `json:"epoch"`
	Batch int `json:"batch"`
	// Loader is where the loader of training batches stands. Checkpoints of
	// earlier versions have none.
	Loader loader.State `json:"loader"`
	// Sums over the epoch so far.
	Loss    exact `json:"loss"`
	Correct int   `json:"correct"`
	Seen    int   `json:"seen"`

	BestEpoch    int   `json:"best_epoch"` // from 1; 0 where there is none yet
	Validated    bool  `json:"validated"`  // whether the next two are of validation
	BestAccuracy exact `json:"best_accuracy"`
	BestLoss     exact `json:"best_loss"`
	// Finished runs have nothing left to train.
	Finished bool `json:"finished"`
	// Early tells that patience ended the run.
	Early bool `json:"early"`
}

// An exact is a float64 that survives being written and read.
type exact float64

// MarshalText writes the shortest text that reads back as the same number.
func (e exact) MarshalText() ([]byte, error) {
	return strconv.AppendFloat(nil, float64(e), 'g', -1, 64), nil
}

// UnmarshalText reads what MarshalText wrote.
func (e *exact) UnmarshalText(text []byte) error {
	v, err := strconv.ParseFloat(string(text), 64)
	*e = exact(v)
	return err
}

// saveBest writes a network with what is needed to use it.
func saveBest(path string, w *nn.Weights, s Settings, m Metrics) error {
	// Times would make the bytes differ from run to run.
	m.Seconds, m.ImagesPerSecond, m.WaitSeconds = 0, 0, 0
	return save(path, w.Export(), map[string]any{"settings": s, "metrics": m})
}

// saveLast writes where a run stands: its weights and what stepper.export
// returns.
func saveLast(path string, tensors map[string]*tensor.Dense, s Settings, st state) error {
	return save(path, tensors, map[string]any{"settings": s, "state": st})
}

func save(path string, tensors map[string]*tensor.Dense, notes map[string]any) error {
	metadata := map[string]string{"format": formatName}
	for name, value := range notes {
		text, err := json.Marshal(value)
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		metadata[name] = string(text)
	}
	return safetensors.Write(path, safetensors.File{Tensors: tensors, Metadata: metadata})
}

// open reads a checkpoint and its settings.
func open(path string) (safetensors.File, Settings, error) {
	var settings Settings
	file, err := safetensors.Read(path)
	if errors.Is(err, fs.ErrNotExist) {
		return file, settings, fmt.Errorf("%s is not there (run: dsbuild train): %w",
			path, fs.ErrNotExist)
	}
	if err != nil {
		return file, settings, err
	}
	if got := file.Metadata["format"]; got != formatName {
		return file, settings, fmt.Errorf("%s is not a checkpoint of dsbuild: its format is %q",
			path, got)
	}
	err = note(path, file, "settings", &settings)
	return file, settings, err
}

// note reads one of a checkpoint's notes.
func note(path string, file safetensors.File, name string, into any) error {
	if err := json.Unmarshal([]byte(file.Metadata[name]), into); err != nil {
		return fmt.Errorf("%s: its %s cannot be read: %w", path, name, err)
	}
	return nil
}

// weightsOf returns a checkpoint's tensors without those of training.
func weightsOf(file safetensors.File) map[string]*tensor.Dense {
	weights := maps.Clone(file.Tensors)
	maps.DeleteFunc(weights, func(name string, _ *tensor.Dense) bool {
		return strings.HasPrefix(name, optim.Prefix) || strings.HasPrefix(name, optim.SumPrefix) ||
			strings.HasPrefix(name, averagePrefix)
	})
	return weights
}

// moveAside renames the folder of a run so that another can take its place,
// and returns the new path.
func moveAside(folder string) (string, error) {
	for i := 1; ; i++ {
		aside := fmt.Sprintf("%s-%d", folder, i)
		if _, err := os.Lstat(aside); errors.Is(err, fs.ErrNotExist) {
			return aside, os.Rename(folder, aside)
		} else if err != nil {
			return "", err
		}
	}
}

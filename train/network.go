package train

import (
	"fmt"

	"github.com/dsbuild/dsbuild/train/engine"
	"github.com/dsbuild/dsbuild/train/model"
	"github.com/dsbuild/dsbuild/train/nn"
)

// A network is a trained one, ready to be asked.
type network struct {
	settings Settings
	session  *engine.Session
}

// openNetwork reads a checkpoint. The network takes up to batch images at a
// time; close it after use. It multiplies in float32 whatever it was trained in:
// that rounds less, its weights are kept so, and every processor can.
func openNetwork(path string, batch, threads int) (*network, error) {
	file, settings, err := open(path)
	if err != nil {
		return nil, err
	}
	graph, err := model.Build(settings.Model)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	weights, err := nn.ImportWeights(graph, weightsOf(file))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if len(settings.Classes) != settings.Model.Classes {
		return nil, fmt.Errorf("%s names %d classes, but its network has %d", path,
			len(settings.Classes), settings.Model.Classes)
	}
	session, err := engine.New(weights, engine.Options{
		MaxBatch: batch, Threads: threads, Inference: true, Exact: settings.Exact,
	})
	if err != nil {
		return nil, err
	}
	return &network{settings, session}, nil
}

func (n *network) close() { n.session.Close() }

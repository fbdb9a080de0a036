package train

import (
	"fmt"
	"strings"
)

// A DivergedError says that the loss, or something else of the network, became
// infinite or not a number.
type DivergedError struct {
	// Epoch, its Batch and the Step of the run, all counted from 1.
	Epoch, Batch, Step int
	// What has no finite value: the loss, a gradient, or a tensor by its name.
	What string
	// Value is what it has instead.
	Value float64
	// Files of the batch, as the manifest names them.
	Files []string
	// LearningRate is the highest of the run.
	LearningRate float64
	// Kept are the paths of the run's checkpoints, which are of before.
	Kept []string
}

// Error names the place, some of the files and what can be done.
func (e *DivergedError) Error() string {
	const most = 8 // files
	var text strings.Builder
	fmt.Fprintf(&text, "training diverged: %s is %v in epoch %d, step %d (batch %d of the epoch, "+
		"with %s", e.What, e.Value, e.Epoch, e.Step, e.Batch,
		strings.Join(e.Files[:min(most, len(e.Files))], ", "))
	if more := len(e.Files) - most; more > 0 {
		fmt.Fprintf(&text, " and %d more", more)
	}
	fmt.Fprintf(&text, "). Check these images, try a learning rate below %v (--learning-rate), "+
		"or clip the gradients (--clip-norm 1)", e.LearningRate)
	if len(e.Kept) > 0 {
		fmt.Fprintf(&text, ". The last good state is kept in %s", strings.Join(e.Kept, " and "))
	}
	return text.String()
}

package kernel

import (
	"github.com/dsbuild/dsbuild/internal/kernel/vector"
	"github.com/dsbuild/dsbuild/internal/parallel"
)

const (
	// thinRows is the most rows that read the weights as they lie.
	thinRows = 16
	// thinParts bounds the parts of the depth, and thinDepth is how many lines of
	// the weights each has at least.
	thinParts, thinDepth = 16, 64
	// thinStep is how many lines are multiplied at once: a part starts at a multiple.
	thinStep = 8
	// thinSums is how many sums of parts are worth a second goroutine.
	thinSums = 1 << 14
)

// isThin tells whether a pass reads the weights as they lie: a part of the depth
// is one piece of memory that is gone through once, as fast as memory is read,
// and has sums of its own.
func (l Linear) isThin(batch int) bool { return batch <= thinRows && l.Out >= PanelColumns }

// thinParts returns into how many parts the depth is cut.
func (l Linear) thinParts() int { return min(max(l.In/thinDepth, 1), thinParts) }

// thinSize returns the floats of the sums of all parts.
func (l Linear) thinSize(batch int) int {
	if !l.isThin(batch) {
		return 0
	}
	return l.thinParts() * batch * l.Out
}

// A thinRun is a call whose sums lie in the workspace, part by part.
type thinRun struct {
	LinearCall
	In, Out, parts int
}

func (l Linear) thin(team *parallel.Team, c LinearCall) {
	if c.Batch == 0 {
		return
	}
	r := thinRun{c, l.In, l.Out, l.thinParts()}
	thinForward.Run(team, r.parts, 1, r)
	rows := 1
	if c.Batch*l.Out*r.parts <= thinSums {
		rows = c.Batch
	}
	thinResults.Run(team, c.Batch, rows, r)
}

// first returns the line that a part starts with.
func (r *thinRun) first(part int) int {
	if part == r.parts {
		return r.In
	}
	return part * r.In / r.parts &^ (thinStep - 1)
}

var thinForward = parallel.NewTask(func(r *thinRun, _, lo, hi int) {
	for part := lo; part < hi; part++ {
		sums := r.Workspace[part*r.Batch*r.Out:][:r.Batch*r.Out]
		clear(sums)
		first, last := r.first(part), r.first(part+1)
		vector.Products{
			Rows: r.Batch, Columns: r.Out, Depth: last - first,
			Factors: r.Input[first:], FactorRow: r.In,
			Matrix: r.Weights[first*r.Out:], Row: r.Out, To: sums, ToRow: r.Out,
		}.Add()
	}
})

var thinResults = parallel.NewTask(func(r *thinRun, _, lo, hi int) {
	for i := lo; i < hi; i++ {
		to, sums := r.Output[i*r.Out:][:r.Out], r.Workspace[i*r.Out:][:r.Out]
		for part := 1; part < r.parts; part++ {
			vector.Add(sums, sums, r.Workspace[(part*r.Batch+i)*r.Out:])
		}
		if r.Bias != nil {
			vector.Add(sums, sums, r.Bias)
		}
		if r.Residual != nil { // which may be the output
			vector.Add(to, sums, r.Residual[i*r.Out:])
		} else {
			copy(to, sums)
		}
		if r.ReLU {
			vector.ReLU(to, to, r.Ceiling)
		}
	}
})

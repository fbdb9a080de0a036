package direct

import (
	"github.com/dsbuild/dsbuild/internal/kernel"
	"github.com/dsbuild/dsbuild/internal/parallel"
)

// A packing is the memory of one call of Pack.
type packing struct {
	*pass
	packed, weights []float32
}

var packPanels = parallel.NewTask(func(p *packing, _, lo, hi int) {
	for i := lo; i < hi; i++ {
		p.pack(i/p.panels(), i%p.panels())
	}
})

// Pack writes panels for each group, with the elements of the kernel in the
// order in which the phases meet them.
func (p *pass) Pack(team *parallel.Team, packed, weights []float32) {
	packPanels.Run(team, p.g.Groups*p.panels(), 1, packing{p, packed, weights})
}

// pack writes one panel of a group.
func (p *packing) pack(group, panel int) {
	size := p.depth * kernel.PanelColumns
	dst := p.packed[(group*p.panels()+panel)*p.panel:][:p.panel]
	column := panel * kernel.PanelColumns
	columns := min(kernel.PanelColumns, p.to.group-column)
	// Elements of the weights lie down floats apart along the depth, across
	// along the columns.
	down, across := p.g.Out, 1
	if p.isTurned {
		down, across = across, down
	}
	for i := range p.phases {
		for _, r := range p.phases[i].rows.taps {
			for _, c := range p.phases[i].columns.taps {
				tap := r*p.g.Kernel[1] + c
				from := p.weights[tap*p.g.In/p.g.Groups*p.g.Out+group*p.g.Out/p.g.Groups+column*across:]
				if p.isPaired {
					kernel.PackPanelPairs(dst[:size], from, p.from.group, columns, down, across)
				} else {
					kernel.PackPanel(dst[:size], from, p.depth, columns, down, across)
				}
				dst = dst[size:]
			}
		}
	}
}

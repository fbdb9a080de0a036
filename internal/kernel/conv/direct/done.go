package direct

import "github.com/dsbuild/dsbuild/internal/kernel"

// tell says that the panels [first,last) of the band are complete: all phases of
// its lines.
func (t *task) tell(first, last int) {
	if t.call.Done == nil {
		return
	}
	channels := min(last*kernel.PanelColumns, t.to.group) - first*kernel.PanelColumns
	apart := t.rows[0].apart
	top, bottom := t.first*apart, min(t.last*apart, t.to.height)
	if t.isFlat() {
		bottom = t.last
	}
	for image := t.image; image < t.image+t.images; image++ {
		row := image * t.to.height
		t.call.Done((row+top)*t.to.width, (row+bottom)*t.to.width, channels)
	}
}

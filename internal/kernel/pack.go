package kernel

// PanelsSize returns the floats that packing a depth x columns matrix takes.
func PanelsSize(depth, columns int) int { return roundUp(columns, PanelColumns) * depth }

// Pack copies a matrix, whose element (k, j) lies at src[k*row+j*column], into
// panels with zeros behind the last column. dst has PanelsSize elements.
func Pack(dst, src []float32, depth, columns, row, column int) Panels {
	dst = exact(dst, PanelsSize(depth, columns))
	for at := 0; at < columns && depth > 0; at += PanelColumns {
		PackPanel(dst[at*depth:(at+PanelColumns)*depth], src[at*column:], depth,
			min(PanelColumns, columns-at), row, column)
	}
	return Panels{Data: dst, Panel: depth * PanelColumns, Depth: PanelColumns}
}

// PackPanel is Pack for a matrix of at most PanelColumns columns and of some depth.
func PackPanel(panel, src []float32, depth, columns, row, column int) {
	panel = exact(panel, depth*PanelColumns)
	_ = src[(depth-1)*row+(columns-1)*column]
	switch {
	case column == 1:
		for k := range depth {
			line := panel[k*PanelColumns : (k+1)*PanelColumns]
			n := copy(line[:columns], src[k*row:])
			clear(line[n:])
		}
		return
	case row == 1:
		transpose(panel, src, depth, columns, column)
	default:
		for j := range columns {
			for k := range depth {
				panel[k*PanelColumns+j] = src[k*row+j*column]
			}
		}
	}
	clearBehind(panel, columns)
}

// clearBehind sets the columns of a panel from one on to zero.
func clearBehind(panel []float32, columns int) {
	for at := columns; columns < PanelColumns && at < len(panel); at += PanelColumns {
		clear(panel[at : at+PanelColumns-columns])
	}
}

// transposeGeneric copies columns [from,to), which lie column floats apart, of
// lines [first,depth).
func transposeGeneric(panel, src []float32, from, to, first, depth, column int) {
	for j := from; j < to; j++ {
		for k, v := range src[j*column+first : j*column+depth] {
			panel[(first+k)*PanelColumns+j] = v
		}
	}
}

package kernel

// PanelsSize returns the floats that packing a depth x columns matrix takes.
func PanelsSize(depth, columns int) int { return roundUp(columns, PanelColumns) * depth }

// Pack copies a matrix, whose element (k, j) lies at src[k*row+j*column], into
// panels with zeros behind the last column. dst has PanelsSize elements.
func Pack(dst, src []float32, depth, columns, row, column int) Panels {
	for at := 0; at < columns; at += PanelColumns {
		PackPanel(dst[at*depth:(at+PanelColumns)*depth], src[at*column:], depth,
			min(PanelColumns, columns-at), row, column)
	}
	return Panels{Data: dst, Panel: depth * PanelColumns, Depth: PanelColumns}
}

// PackPanel is Pack for a matrix of at most PanelColumns columns.
func PackPanel(panel, src []float32, depth, columns, row, column int) {
	if column == 1 {
		for k := range depth {
			line := panel[k*PanelColumns : (k+1)*PanelColumns]
			n := copy(line[:columns], src[k*row:])
			clear(line[n:])
		}
		return
	}
	for j := range columns {
		from := src[j*column:]
		to := panel[j:]
		if row == 1 {
			for k, v := range from[:depth] {
				to[k*PanelColumns] = v
			}
			continue
		}
		for k := range depth {
			to[k*PanelColumns] = from[k*row]
		}
	}
	for k := 0; columns < PanelColumns && k < depth; k++ {
		clear(panel[k*PanelColumns+columns : (k+1)*PanelColumns])
	}
}

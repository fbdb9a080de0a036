package kernel

// one is the left side of products that only add.
var one = []float32{1}

// AddRows adds the rows of a matrix, which lie one behind the other, to sum:
//
//	sum[j] += sum over i of matrix[i*len(sum)+j]
//
// It panics where the matrix is not made of whole rows.
func AddRows(sum, matrix []float32) {
	columns := len(sum)
	if len(matrix)%columns != 0 {
		panic("kernel: a matrix does not have whole rows")
	}
	if len(matrix) == 0 {
		return
	}
	whole := columns / vectorColumns * vectorColumns
	if whole > 0 {
		Multiply(Product{
			Rows: 1, Columns: whole, Depth: len(matrix) / columns,
			A: Matrix{Data: one},
			B: Panels{Data: matrix, Panel: PanelColumns, Depth: columns},
			C: sum, CRow: columns, Epilogue: Epilogue{Residual: sum},
		})
	}
	rest := sum[whole:]
	for ; len(rest) > 0 && len(matrix) > 0; matrix = matrix[columns:] {
		row := matrix[whole:columns]
		row = row[:len(rest)]
		for j, v := range row {
			rest[j] += v
		}
	}
}

//go:build !amd64

package weight

func (t *tile) runPiece(to, from, lines []float32, rows int) {
	t.generic(to, from, lines, rows)
}

func packLines(panel, from []float32, stride, columns, n int, sum *[panelColumns]float32) {
	packGeneric(panel, from, stride, columns, n, sum)
}

func copyLines(to []float32, toStride int, from []float32, fromStride, floats, n int) {
	copyLinesGeneric(to, toStride, from, fromStride, floats, n)
}

func sumLines(from []float32, stride, columns, n int, sum *[panelColumns]float32) {
	sumLinesGeneric(from, stride, columns, n, sum)
}

func addTo(sum, other []float32) { addToGeneric(sum, other) }

func pairLines(to []float32, toStride int, low, high []float32, fromStride, floats, n int) {
	pairLinesGeneric(to, toStride, low, high, fromStride, floats, n)
}

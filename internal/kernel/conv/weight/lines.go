package weight

// packGeneric copies n lines of up to 32 columns into a panel, with zeros
// behind them, and adds them to sum.
func packGeneric(panel, from []float32, stride, columns, n int, sum *[panelColumns]float32) {
	for i := range n {
		line := panel[i*panelColumns:][:panelColumns]
		clear(line[copy(line, from[i*stride:][:columns]):])
		for k, v := range line {
			sum[k] += v
		}
	}
}

// copyLinesGeneric copies n lines of so many floats, from one stride to another.
func copyLinesGeneric(to []float32, toStride int, from []float32, fromStride, floats, n int) {
	if toStride == floats && fromStride == floats {
		floats, n = n*floats, 1
	}
	for i := range n {
		copy(to[i*toStride:][:floats], from[i*fromStride:][:floats])
	}
}

// sumLinesGeneric adds n lines of up to 32 columns to sum.
func sumLinesGeneric(from []float32, stride, columns, n int, sum *[panelColumns]float32) {
	for i := range n {
		for k, v := range from[i*stride:][:columns] {
			sum[k] += v
		}
	}
}

// addToGeneric adds each element of other to that of sum.
func addToGeneric(sum, other []float32) {
	other = other[:len(sum)]
	for i := range sum {
		sum[i] += other[i]
	}
}

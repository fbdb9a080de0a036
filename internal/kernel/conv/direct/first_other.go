//go:build !amd64

package direct

import "github.com/dsbuild/dsbuild/internal/kernel"

func firstRow(to, from []float32, weights *[firstPanel]float32,
	bias *[kernel.PanelColumns]float32, a firstArgs) {
	firstRowGeneric(to, from, weights, bias, a)
}

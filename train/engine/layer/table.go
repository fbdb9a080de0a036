package layer

import (
	"fmt"

	"github.com/dsbuild/dsbuild/train/nn"
)

// Traits tell the memory planner what may share memory and what must stay.
type Traits struct {
	View        bool // the output is the input itself under another shape
	InPlace     bool // the output may overwrite the input
	GradInPlace bool // the first input's gradient may overwrite the output's
	KeepsInput  bool // Backward reads the inputs
	KeepsOutput bool // Backward reads the output
	// AddsGradient tells that Backward can add the first input's gradient to
	// what lies there, as its site asks for.
	AddsGradient bool
	// What may be fused into the layer: a batch norm behind it that does not
	// train, a value added to its result, a ReLU of that. Those fused come in
	// this order.
	TakesNorm, TakesResidual, TakesReLU bool
	// RecallsReLU tells that Backward needs no output to see where a fused ReLU
	// without residual let values through.
	RecallsReLU bool
}

// A Kind is how one type of operation is computed.
type Kind struct {
	Traits
	// New makes the layer of an operation of the type. It notes the scratch
	// memory that it wants at the site's state.
	New func(o nn.Op, s *Site) Layer

	fits func(o nn.Op) bool
}

// kinds has an entry for each type of operation of package nn.
var kinds = []Kind{
	kindOf(newInput, Traits{}),
	kindOf(newConvolution, Traits{KeepsInput: true, AddsGradient: true, TakesNorm: true,
		TakesResidual: true, TakesReLU: true}),
	kindOf(newConvTranspose, Traits{KeepsInput: true, AddsGradient: true, TakesResidual: true,
		TakesReLU: true}),
	kindOf(newLinear, Traits{KeepsInput: true, AddsGradient: true, TakesNorm: true,
		TakesReLU: true}),
	kindOf(newBatchNorm, Traits{InPlace: true, GradInPlace: true, KeepsInput: true,
		TakesResidual: true, TakesReLU: true, RecallsReLU: true}),
	kindOf(newResponseNorm, Traits{KeepsInput: true, AddsGradient: true}),
	kindOf(newReLU, Traits{InPlace: true, GradInPlace: true, KeepsOutput: true}),
	kindOf(newDropout, Traits{InPlace: true, GradInPlace: true}),
	kindOf(newMaxPool, Traits{AddsGradient: true}),
	kindOf(newAvgPool, Traits{AddsGradient: true}),
	kindOf(newAdaptiveMaxPool, Traits{AddsGradient: true}),
	kindOf(newAdaptiveAvgPool, Traits{AddsGradient: true}),
	kindOf(newAdd, Traits{InPlace: true, GradInPlace: true}),
	kindOf(newConcat, Traits{}),
	kindOf(newFlatten, Traits{View: true, GradInPlace: true}),
}

// kindOf returns the entry of the type of operation that a constructor takes.
func kindOf[O nn.Op](newLayer func(O, *Site) Layer, traits Traits) Kind {
	return Kind{
		Traits: traits,
		New:    func(o nn.Op, s *Site) Layer { return newLayer(o.(O), s) },
		fits: func(o nn.Op) bool {
			_, ok := o.(O)
			return ok
		},
	}
}

// KindOf returns how an operation is computed.
func KindOf(o nn.Op) (Kind, error) {
	for _, k := range kinds {
		if k.fits(o) {
			return k, nil
		}
	}
	return Kind{}, fmt.Errorf("operation %s has no layer that computes it", o.Kind())
}

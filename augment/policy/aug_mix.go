package policy

import (
	"errors"

	"github.com/dsbuild/dsbuild/augment/draft"
	"github.com/dsbuild/dsbuild/pixel"
)

// mixBins is how many strengths Mixed tells apart.
const mixBins = 10

// Of the mixed operations so many multiply something by a factor, from the
// first of them on.
const firstColouring, colouringOperations = 5, 4

// Mixed mixes an image with what chains of operations make of it, by random
// weights (Hendrycks et al., "AugMix: A Simple Data Processing Method to
// Improve Robustness and Uncertainty", 2020). Boxes and masks stay where they
// are: see pixel.AugMix.
type Mixed struct {
	// Severity bounds the strengths: each is one of the lowest so many of ten.
	Severity int `yaml:"severity"`
	// MixtureWidth is how many chains there are.
	MixtureWidth int `yaml:"mixture_width"`
	// ChainDepth is how many operations a chain has; -1 stands for one to three.
	ChainDepth int `yaml:"chain_depth"`
	// Alpha is the parameter of the distributions of the weights: Dirichlet's
	// among the chains, beta's between them and the image.
	Alpha float64 `yaml:"alpha"`
	// AllOps also takes brightness, color, contrast and sharpness.
	AllOps bool `yaml:"all_ops"`
	// Interpolation is nearest or bilinear.
	Interpolation pixel.Interpolation `yaml:"interpolation"`
	// Fill is the colour of what comes in from outside.
	Fill draft.Fill `yaml:"fill"`
}

// AugMix returns the policy with torchvision's parameters: severity 3, three
// chains of one to three operations, alpha 1, and all operations.
func AugMix() Mixed {
	return Mixed{
		Severity: 3, MixtureWidth: 3, ChainDepth: -1, Alpha: 1, AllOps: true,
		Interpolation: pixel.Bilinear,
	}
}

// Name implements draft.Transform.
func (Mixed) Name() string { return "aug_mix" }

// Validate implements draft.Transform.
func (m Mixed) Validate() error {
	var depth error
	if m.ChainDepth != -1 {
		depth = draft.CheckNumber("chain_depth", float64(m.ChainDepth), 1, 10)
	}
	return errors.Join(
		draft.CheckNumber("severity", float64(m.Severity), 1, mixBins),
		draft.CheckNumber("mixture_width", float64(m.MixtureWidth), 1, pixel.MaxChains), depth,
		draft.CheckNumber("alpha", m.Alpha, 0.01, 100),
		look{m.Interpolation, m.Fill}.check(),
	)
}

// Draw implements draft.Transform.
func (m Mixed) Draw(d *draft.Draft) {
	own := d.Beta(m.Alpha)
	var memory [pixel.MaxChains]float64
	shares := memory[:m.MixtureWidth]
	d.Dirichlet(shares, m.Alpha)
	step := d.AugMix(own, m.MixtureWidth)
	for i, share := range shares {
		chain := &step.Chains[i]
		chain.Weight = (1 - own) * share
		outer := d.Onto(&chain.Plan)
		m.drawChain(d)
		d.Onto(outer)
	}
}

// drawChain draws the operations of one chain.
func (m Mixed) drawChain(d *draft.Draft) {
	depth := m.ChainDepth
	if depth < 0 {
		depth = 1 + d.IntN(3)
	}
	l := look{m.Interpolation, m.Fill}
	for range depth {
		anyOf(d, m.AllOps).draw(d, strengthOf(d.IntN(m.Severity), mixBins), l, true)
	}
}

// anyOf chooses one of the mixed operations, all alike.
func anyOf(d *draft.Draft, all bool) operation {
	if all {
		return anyOperation(d, mixOperations)
	}
	i := d.IntN(len(mixOperations) - 1 - colouringOperations)
	if i >= firstColouring {
		i += colouringOperations
	}
	return mixOperations[i]
}

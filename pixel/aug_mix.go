package pixel

import "strings"

// AugMix mixes an image with what several chains of steps make of it, by
// weights that sum to 1 (Hendrycks et al., "AugMix: A Simple Data Processing
// Method to Improve Robustness and Uncertainty", 2020). The steps of a chain
// keep the size. Boxes and masks stay where they are, as the image itself is
// among what is mixed, although chains may move their pixels.
type AugMix struct {
	// Own is the weight of the image itself.
	Own    float64
	Chains []Chain
}

// A Chain is one of the ways through an AugMix.
type Chain struct {
	Weight float64
	Plan   Plan
}

// MaxChains bounds the chains of an AugMix.
const MaxChains = 10

// AddAugMix adds to the plan an AugMix of so many chains without steps, and
// returns it to be filled in. It uses the memory of one that Reset removed.
func AddAugMix(p *Plan, own float64, chains int) *AugMix {
	var added *AugMix
	for i, spare := range p.spare {
		if used, ok := spare.(*AugMix); ok {
			added = used
			last := len(p.spare) - 1
			p.spare[i] = p.spare[last]
			p.spare = p.spare[:last]
			break
		}
	}
	if added == nil {
		added = new(AugMix)
	}
	if cap(added.Chains) < chains {
		added.Chains = make([]Chain, chains)
	}
	added.Own, added.Chains = own, added.Chains[:chains]
	for i := range added.Chains {
		added.Chains[i].Plan.Reset()
	}
	p.Steps = append(p.Steps, added)
	return added
}

// Size implements Step.
func (*AugMix) Size(width, height int) (int, int) { return width, height }

// Apply implements Step. Sums are rounded down, as in torchvision.
func (a *AugMix) Apply(m *Image, s *Scratch) *Image {
	var ways [MaxChains]*Image
	for i := range a.Chains {
		way := s.New(m.Width, m.Height, m.Channels)
		copy(way.Pix, m.Pix)
		ways[i] = a.Chains[i].Plan.Apply(way, s)
	}
	var memory [1024]float32
	for at := 0; at < len(m.Pix); at += len(memory) {
		part := m.Pix[at:min(at+len(memory), len(m.Pix))]
		sums := memory[:len(part)]
		own := float32(a.Own)
		for i, v := range part {
			sums[i] = own * float32(v)
		}
		for k := range a.Chains {
			weight, from := float32(a.Chains[k].Weight), ways[k].Pix[at:]
			for i := range sums {
				sums[i] += float32(weight * float32(from[i]))
			}
		}
		for i, v := range sums {
			part[i] = uint8(min(v, 255))
		}
	}
	for i := range a.Chains {
		s.Free(ways[i])
	}
	return m
}

func (a *AugMix) String() string {
	parts := []string{number(a.Own) + " as it is"}
	for _, c := range a.Chains {
		parts = append(parts, number(c.Weight)+" "+c.Plan.String())
	}
	return "augmix " + strings.Join(parts, " + ")
}

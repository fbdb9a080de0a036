package jpeg

import (
	"slices"
	"strconv"
	"strings"
	"testing"
)

// All the variants of a layout have the same coefficients.
func TestCoefficientsOfVariants(t *testing.T) {
	var d Decoder
	coefficients := func(t *testing.T, data []byte) *Coefficients {
		if _, err := d.Open(data); err != nil {
			t.Fatal(err)
		}
		c, err := d.Coefficients()
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	compared := 0
	goldens(t, func(t *testing.T, name string, data []byte) {
		layout, variant, ok := strings.Cut(name, "-")
		if _, err := strconv.Atoi(layout); err != nil || !ok {
			return
		}
		if variant == "planes" || variant == "two-scans" {
			return // the blocks that only fill MCUs are not in the file
		}
		got, want := coefficients(t, data), coefficients(t, read(t, "testdata/"+layout+".jpg"))
		if got.Quant != want.Quant || len(got.Components) != 3 || len(got.Segments) != 1 {
			t.Errorf("%s has other tables, components or segments", variant)
		}
		for i, c := range want.Components {
			g := got.Components[i]
			if !slices.Equal(g.Blocks, c.Blocks) || len(g.Blocks) != g.BlocksWide*g.BlocksHigh*64 {
				t.Errorf("component %d of %s has other coefficients", i, name)
			}
			g.Blocks, c.Blocks = nil, nil
			if g.ID != c.ID || g.H != c.H || g.V != c.V || g.BlocksWide != c.BlocksWide {
				t.Errorf("component %d of %s is %+v, want %+v", i, name, g, c)
			}
		}
		compared++
	})
	if compared < 15 {
		t.Errorf("%d files compared", compared)
	}
}

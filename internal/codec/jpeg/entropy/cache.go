package entropy

import (
	"bytes"
	"math"
)

// kept is how many tables of a class are kept: the files of a data set have
// mostly the same, and progressive ones have one for each scan.
const kept = 12

// A Cache keeps tables made ready, by their specification. The zero value is
// empty and ready.
type Cache struct {
	dc    cached[DC]
	ac    cached[AC]
	clock int
}

type cached[T any] struct {
	tables []*T
	used   []int // when, by the cache's clock
}

// DC returns the table of a specification: 16 counts and the values. It is
// good until as many other tables were asked for as are kept.
func (c *Cache) DC(spec []byte) (*DC, error) {
	c.clock++
	t, found := c.dc.get(spec, c.clock, func(t *DC) []byte { return t.spec })
	if found {
		return t, nil
	}
	return t, t.build(spec)
}

// AC is DC for tables of AC coefficients.
func (c *Cache) AC(spec []byte) (*AC, error) {
	c.clock++
	t, found := c.ac.get(spec, c.clock, func(t *AC) []byte { return t.spec })
	if found {
		return t, nil
	}
	return t, t.build(spec)
}

// get returns the table of a specification, or one to be built of it.
func (c *cached[T]) get(spec []byte, now int, specOf func(*T) []byte) (t *T, found bool) {
	oldest, when := 0, math.MaxInt
	for i, t := range c.tables {
		if bytes.Equal(specOf(t), spec) {
			c.used[i] = now
			return t, true
		}
		if c.used[i] < when {
			oldest, when = i, c.used[i]
		}
	}
	if len(c.tables) < kept {
		oldest = len(c.tables)
		c.tables = append(c.tables, new(T))
		c.used = append(c.used, 0)
	}
	c.used[oldest] = now
	return c.tables[oldest], false
}

//go:build race

package nn

func init() { underRace = true }

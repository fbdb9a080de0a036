//go:build race

package loader

func init() { underRace = true }

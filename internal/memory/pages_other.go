//go:build !linux

package memory

func preferLargePages([]float32) {}

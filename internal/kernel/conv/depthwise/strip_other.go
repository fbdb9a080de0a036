//go:build !amd64

package depthwise

func (s *strip) forward() { s.forwardGeneric(s.first, s.last) }

func (s *strip) gradient() { s.gradientGeneric(s.first, s.last) }

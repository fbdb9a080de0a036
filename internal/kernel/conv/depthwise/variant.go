package depthwise

import "github.com/dsbuild/dsbuild/internal/kernel/isa"

type variant = isa.Variant

var available, current = isa.Choose(false, false)

func (s *strip) forward() { s.forwardGeneric(s.first, s.last) }

func (s *strip) gradient() { s.gradientGeneric(s.first, s.last) }

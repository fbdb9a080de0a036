package winograd

import (
	"unsafe"

	"github.com/dsbuild/dsbuild/internal/kernel/isa"
)

// transformFrame is what the assembly of transforms reads: addresses, and
// strides in bytes.
type transformFrame struct {
	dst, src                   *float32
	dstRow, dstColumn, dstStep int
	srcRow, srcColumn, srcStep int
	count                      int
	add                        *float32 // what is added to results, laid out as dst, or nil
	bias                       *float32
	low, high                  float32
}

const float = 4 // bytes

// frame returns what the assembly reads, having checked that squares of so
// many vectors lie within their slices.
func frame(dst, src view, out, in, count int) transformFrame {
	_, _ = dst.data[dst.last(out, count)], src.data[src.last(in, count)]
	return transformFrame{
		dst: &dst.data[0], src: &src.data[0],
		dstRow: dst.row * float, dstColumn: dst.column * float, dstStep: dst.step * float,
		srcRow: src.row * float, srcColumn: src.column * float, srcStep: src.step * float,
		count: count, low: -infinity, high: infinity,
	}
}

func (f *transformFrame) words() *uintptr { return (*uintptr)(unsafe.Pointer(f)) }

// upper returns the frame of the upper half of the lanes: AVX2 does one half of
// all vectors after the other.
func (f transformFrame) upper() transformFrame {
	half := func(p *float32) *float32 {
		if p == nil {
			return nil
		}
		return (*float32)(unsafe.Add(unsafe.Pointer(p), lanes/2*float))
	}
	f.dst, f.src, f.add, f.bias = half(f.dst), half(f.src), half(f.add), half(f.bias)
	return f
}

func (s *basis) transformInput(dst, src view, count int) {
	if current == isa.Generic {
		sandwich(s.input, dst, src, count)
		return
	}
	f := frame(dst, src, s.side, s.side, count)
	switch {
	case current == isa.AVX512 && s.tile == 4:
		input4AVX512(f.words())
	case current == isa.AVX512:
		input2AVX512(f.words())
	default:
		for _, f := range [2]transformFrame{f, f.upper()} {
			if s.tile == 4 {
				input4AVX2(f.words())
			} else {
				input2AVX2(f.words())
			}
		}
	}
}

func (s *basis) transformKernel(dst, src view, count int) {
	if current == isa.Generic {
		sandwich(s.kernel, dst, src, count)
		return
	}
	f := frame(dst, src, s.side, 3, count)
	switch {
	case current == isa.AVX512 && s.tile == 4:
		kernel4AVX512(f.words())
	case current == isa.AVX512:
		kernel2AVX512(f.words())
	default:
		for _, f := range [2]transformFrame{f, f.upper()} {
			if s.tile == 4 {
				kernel4AVX2(f.words())
			} else {
				kernel2AVX2(f.words())
			}
		}
	}
}

func (s *basis) spreadGradient(dst, src view, count int) {
	if current == isa.Generic {
		sandwich(s.spread, dst, src, count)
		return
	}
	f := frame(dst, src, s.side, s.tile, count)
	switch {
	case current == isa.AVX512 && s.tile == 4:
		spread4AVX512(f.words())
	case current == isa.AVX512:
		spread2AVX512(f.words())
	default:
		for _, f := range [2]transformFrame{f, f.upper()} {
			if s.tile == 4 {
				spread4AVX2(f.words())
			} else {
				spread2AVX2(f.words())
			}
		}
	}
}

// makeOutput has a source of rows of side panels, one behind the other.
func (s *basis) makeOutput(dst, src view, count int, e finish) {
	if current == isa.Generic {
		outputGeneric(s.output, dst, src, count, e)
		return
	}
	f := frame(dst, src, s.tile, s.side, count)
	_ = e.bias[count*lanes-1]
	f.bias, f.low, f.high = &e.bias[0], e.low, e.high
	if e.residual != nil {
		_ = e.residual[dst.last(s.tile, count)]
		f.add = &e.residual[0]
	}
	switch {
	case current == isa.AVX512 && s.tile == 4:
		output4AVX512(f.words())
	case current == isa.AVX512:
		output2AVX512(f.words())
	default:
		for _, f := range [2]transformFrame{f, f.upper()} {
			if s.tile == 4 {
				output4AVX2(f.words())
			} else {
				output2AVX2(f.words())
			}
		}
	}
}

// gatherGradient adds to dst where add is set.
func (s *basis) gatherGradient(dst, src view, count int, add bool) {
	if current == isa.Generic {
		gatherGeneric(s.gather, dst, src, count, add)
		return
	}
	f := frame(dst, src, 3, s.side, count)
	if add {
		f.add = f.dst
	}
	switch {
	case current == isa.AVX512 && s.tile == 4:
		gather4AVX512(f.words())
	case current == isa.AVX512:
		gather2AVX512(f.words())
	default:
		for _, f := range [2]transformFrame{f, f.upper()} {
			if s.tile == 4 {
				gather4AVX2(f.words())
			} else {
				gather2AVX2(f.words())
			}
		}
	}
}

// askRows lets memory bring rows of columns floats, which lie row floats apart,
// into the caches.
func askRows(data []float32, row, rows, columns int) {
	_ = data[(rows-1)*row+columns-1]
	if current != isa.Generic {
		const line = 64
		askLines(&data[0], row*float, rows, (columns*float+line-1)/line)
	}
}

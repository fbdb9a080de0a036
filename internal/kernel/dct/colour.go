package dct

// Colours are converted by ITU-R BT.601 as JFIF 1.02 has it, in fixed point
// with 16 bits behind the point, as in libjpeg's jdcolor.c:
//
//	R = Y + 1.402 (Cr-128)
//	G = Y - 0.34414 (Cb-128) - 0.71414 (Cr-128)
//	B = Y + 1.772 (Cb-128)
const (
	crToR = 91881
	cbToG = 22554
	crToG = 46802
	cbToB = 116130
)

// YCbCrToRGB converts a row of len(y) pixels to 3*len(y) bytes.
func YCbCrToRGB(dst, y, cb, cr []uint8) {
	if len(y) == 0 {
		return
	}
	yCbCrToRGB(dst[:3*len(y)], y, cb[:len(y)], cr[:len(y)])
}

func yCbCrToRGBGeneric(dst, y, cb, cr []uint8) {
	cb, cr = cb[:len(y)], cr[:len(y)]
	for i, v := range y {
		toRGB((*[3]uint8)(dst[3*i:]), int32(v), int32(cb[i])-128, int32(cr[i])-128)
	}
}

// toRGB converts one pixel, whose chroma is around 0.
func toRGB(dst *[3]uint8, y, cb, cr int32) {
	dst[0] = clip(y + (crToR*cr+1<<15)>>16)
	dst[1] = clip(y + (1<<15-cbToG*cb-crToG*cr)>>16)
	dst[2] = clip(y + (cbToB*cb+1<<15)>>16)
}

// GrayToRGB makes a row of RGB pixels whose channels are equal.
func GrayToRGB(dst, y []uint8) { Interleave(dst, y, y, y) }

// Interleave makes a row of RGB pixels of their channels.
func Interleave(dst, r, g, b []uint8) {
	if len(r) == 0 {
		return
	}
	interleave(dst[:3*len(r)], r, g[:len(r)], b[:len(r)])
}

func interleaveGeneric(dst, r, g, b []uint8) {
	g, b = g[:len(r)], b[:len(r)]
	for i, v := range r {
		d := (*[3]uint8)(dst[3*i:])
		d[0], d[1], d[2] = v, g[i], b[i]
	}
}

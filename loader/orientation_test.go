package loader

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/jpeg"
	"testing"
)

// orientedJPEG encodes an image of which the left half is white, marked to be
// turned by an EXIF orientation.
func orientedJPEG(t *testing.T, orientation uint16) []byte {
	t.Helper()
	m := image.NewGray(image.Rect(0, 0, 32, 16))
	for y := range 16 {
		for x := range 16 {
			m.SetGray(x, y, color.Gray{Y: 255})
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: 95}); err != nil {
		t.Fatal(err)
	}
	tiff := binary.BigEndian.AppendUint16([]byte("Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x01"), 0x0112)
	tiff = append(tiff, 0, 3, 0, 0, 0, 1)
	tiff = binary.BigEndian.AppendUint16(tiff, orientation)
	tiff = append(tiff, 0, 0, 0, 0, 0, 0)
	out := append([]byte{}, b.Bytes()[:2]...)
	out = append(out, 0xff, 0xe1)
	out = binary.BigEndian.AppendUint16(out, uint16(len(tiff)+2))
	out = append(out, tiff...)
	return append(out, b.Bytes()[2:]...)
}

func TestOrientationIsApplied(t *testing.T) {
	in := Input{Width: 16, Height: 16, Channels: 1}.withDefaults()
	for orientation, white := range map[uint16]string{1: "left", 3: "right", 6: "top", 8: "bottom"} {
		dst := make([]float32, in.values())
		err := Load(dst, orientedJPEG(t, orientation), EvalOptions{Input: in, Whole: true})
		if err != nil {
			t.Fatal(err)
		}
		at := func(x, y int) float32 { return dst[y*16+x] }
		left, top := at(1, 8)-at(14, 8), at(8, 1)-at(8, 14)
		side := "none"
		switch {
		case left > 2:
			side = "left"
		case left < -2:
			side = "right"
		case top > 2:
			side = "top"
		case top < -2:
			side = "bottom"
		}
		if side != white {
			t.Errorf("orientation %d: the %s is white, want the %s", orientation, side, white)
		}
	}
}

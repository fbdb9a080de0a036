package codec_test

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"

	"github.com/dsbuild/dsbuild/internal/codec"
	"github.com/dsbuild/dsbuild/pixel"
)

func ExampleDecoder_Part() {
	var file bytes.Buffer
	if err := jpeg.Encode(&file, image.NewGray(image.Rect(0, 0, 400, 300)), nil); err != nil {
		fmt.Println(err)
		return
	}
	scratch := new(pixel.Scratch)
	decoder := codec.NewDecoder(codec.Limits{})
	if _, err := decoder.Open(file.Bytes()); err != nil {
		fmt.Println(err)
		return
	}
	// A crop to 64x64 pixels needs no more of the picture than this.
	part, err := decoder.Part(image.Rect(51, 100, 251, 300), 64, 64, scratch)
	if err != nil {
		fmt.Println(err)
		return
	}
	m := part.Image
	fmt.Printf("%dx%d pixels from (%v, %v), each %v wide\n",
		m.Width, m.Height, part.X, part.Y, part.ScaleX)
	scratch.Free(m)
	// Output: 102x100 pixels from (48, 100), each 2 wide
}

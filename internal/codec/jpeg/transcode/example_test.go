package transcode_test

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
	"log"
	"reflect"

	"github.com/dsbuild/dsbuild/internal/codec/jpeg/transcode"
)

func ExampleTranscoder_Transcode() {
	var file bytes.Buffer
	if err := jpeg.Encode(&file, image.NewRGBA(image.Rect(0, 0, 1200, 80)), nil); err != nil {
		log.Fatal(err)
	}
	var t transcode.Transcoder
	marked, err := t.Transcode(nil, file.Bytes(), transcode.Options{})
	if err != nil {
		log.Fatal(err)
	}
	before, err := jpeg.Decode(&file)
	if err != nil {
		log.Fatal(err)
	}
	after, err := jpeg.Decode(bytes.NewReader(marked))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("same pixels:", reflect.DeepEqual(before, after))
	fmt.Println("restart index:", bytes.Contains(marked, []byte("RSTIDX")))
	// Output:
	// same pixels: true
	// restart index: true
}

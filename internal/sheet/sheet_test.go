package sheet

import (
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var (
	red  = color.RGBA{200, 30, 30, 255}
	blue = color.RGBA{20, 40, 220, 255}
)

func plain(width, height int, c color.Color) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, width, height))
	draw.Draw(img, img.Rect, image.NewUniform(c), image.Point{}, draw.Src)
	return img
}

func TestRenderPlacesTiles(t *testing.T) {
	tiles := []Tile{{Image: plain(40, 20, red)}, {Image: plain(400, 400, blue)}, {}}
	out := Render(tiles, Options{Columns: 2, TileSide: 50})
	if want := image.Rect(0, 0, 2*margin+2*50+gap, 2*margin+2*50+gap); out.Rect != want {
		t.Fatalf("the sheet is %v, want %v", out.Rect, want)
	}
	first, second := image.Pt(margin, margin), image.Pt(margin+50+gap, margin)
	third := image.Pt(margin, margin+50+gap)
	for _, c := range []struct {
		what string
		at   image.Point
		want color.RGBA
	}{
		{"the margin", image.Pt(2, 2), white},
		{"the middle of the first tile", first.Add(image.Pt(25, 25)), red},
		{"above the first picture, which is not enlarged", first.Add(image.Pt(25, 10)), ground},
		{"the corner of the second tile, which is filled", second, blue},
		{"the frame of the second tile", second.Sub(image.Pt(1, 1)), faint},
		{"the cross of the missing picture", third, faint},
		{"beside the cross", third.Add(image.Pt(25, 5)), ground},
		{"where no tile is", third.Add(image.Pt(50+gap+25, 25)), white},
	} {
		if got := out.RGBAAt(c.at.X, c.at.Y); got != c.want {
			t.Errorf("%s is %v, want %v", c.what, got, c.want)
		}
	}
}

func TestEnlargeKeepsPixelsSquare(t *testing.T) {
	small := plain(20, 10, red)
	small.SetRGBA(0, 0, blue)
	out := Render([]Tile{{Image: small}}, Options{TileSide: 50, Enlarge: true})
	corner := image.Pt(margin+5, margin+15) // 40x20 pixels in the middle
	for _, c := range []struct {
		at   image.Point
		want color.RGBA
	}{
		{image.Pt(0, 0), blue}, {image.Pt(1, 1), blue}, {image.Pt(2, 0), red},
		{image.Pt(39, 19), red}, {image.Pt(40, 10), ground}, {image.Pt(-1, 10), ground},
	} {
		at := corner.Add(c.at)
		if got := out.RGBAAt(at.X, at.Y); got != c.want {
			t.Errorf("pixel %v of the picture is %v, want %v", c.at, got, c.want)
		}
	}
}

func TestRenderMakesRoomForText(t *testing.T) {
	tile := Tile{Image: plain(9, 9, red)}
	bare := Render([]Tile{tile}, Options{}).Rect.Dy()
	tile.Caption = "short"
	one := Render([]Tile{tile}, Options{}).Rect.Dy()
	tile.Caption = "near_duplicate 0.991 >= 0.97 of 3f2a9c0d11223344.jpg, and many words more"
	two := Render([]Tile{tile}, Options{}).Rect.Dy()
	titled := Render([]Tile{tile}, Options{Title: "Rejected"}).Rect.Dy()
	if !(bare < one && one < two && two-one == one-bare && two < titled) {
		t.Errorf("heights are %d, %d, %d, %d", bare, one, two, titled)
	}
	if empty := Render(nil, Options{}).Rect; empty.Empty() {
		t.Errorf("a sheet without tiles is %v", empty)
	}
}

// Paletted pictures must be scaled by colour, not by index.
func TestPalettedPicturesKeepTheirColours(t *testing.T) {
	img := image.NewPaletted(image.Rect(0, 0, 64, 64), color.Palette{red, color.White, blue})
	for i := range img.Pix {
		img.Pix[i] = uint8(i % 2 * 2)
	}
	r, g, _, _ := shrink(img, 32).At(16, 16).RGBA()
	if r>>8 < 80 || r>>8 > 140 || g>>8 > 60 {
		t.Errorf("red and blue stripes shrink to red %d, green %d", r>>8, g>>8)
	}
}

func TestWrap(t *testing.T) {
	w := newWriter(captionSize)
	for text, want := range map[string]int{
		"": 0, "  ": 0, "two words": 1, strings.Repeat("word ", 50): 2,
	} {
		lines := w.wrap(text, 120, 2)
		if len(lines) != want {
			t.Errorf("%q takes %d lines, want %d", text, len(lines), want)
		}
		for _, line := range lines {
			if w.width(line) > 120 {
				t.Errorf("%q is %d pixels wide", line, w.width(line))
			}
		}
	}
	got := w.wrap(strings.Repeat("ä", 300), 60, 2)
	if len(got) != 1 || !strings.HasSuffix(got[0], "ä…") {
		t.Errorf("a long word becomes %q", got)
	}
}

func TestMatrix(t *testing.T) {
	path := filepath.Join(t.TempDir(), "sub", "confusion.png")
	labels := []string{"cup", "fish", strings.Repeat("long ", 20)}
	counts := [][]int{{10, 0, 0}, {5, 5, 0}, {0, 0, 0}}
	if err := Matrix(path, labels, counts, "Test split"); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	img, err := png.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	// Cells are compared at a corner, where no digit is.
	b := img.Bounds()
	cell := func(row, column int) color.RGBA {
		x := b.Max.X - margin - (3-column)*maxCellWidth + 3
		y := b.Max.Y - margin - (3-row)*cellHeight + 3
		return color.RGBAModel.Convert(img.At(x, y)).(color.RGBA)
	}
	if cell(0, 0) != strong || cell(0, 1) != white || cell(1, 0) != shade(0.5) || cell(2, 2) != white {
		t.Errorf("cells are %v, %v, %v, %v", cell(0, 0), cell(0, 1), cell(1, 0), cell(2, 2))
	}
}

func TestMatrixRefusesOtherShapes(t *testing.T) {
	path := filepath.Join(t.TempDir(), "confusion.png")
	for _, counts := range [][][]int{nil, {{1, 2}}, {{1, 2}, {1}}} {
		if err := Matrix(path, []string{"a", "b"}, counts, ""); err == nil {
			t.Errorf("%v passes for a matrix of two classes", counts)
		}
	}
	if _, err := os.Stat(path); err == nil {
		t.Error("a refused matrix is written")
	}
}

func TestWriteNamesTheFileItCannotWrite(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	err := Write(filepath.Join(file, "sheet.png"), slices.Values([]Tile{{}}), Options{})
	if err == nil || !strings.Contains(err.Error(), "sheet.png") {
		t.Errorf("the error is %v", err)
	}
}

func ExampleWrite() {
	dir, err := os.MkdirTemp("", "sheet")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	tiles := []Tile{
		{Image: image.NewGray(image.Rect(0, 0, 300, 200)), Caption: "dark 0.0 < 16"},
		{Caption: "unreadable"},
	}
	path := filepath.Join(dir, "rejected.png")
	err = Write(path, slices.Values(tiles), Options{Title: "Rejected"})
	fmt.Println(filepath.Base(path), err)
	// Output: rejected.png <nil>
}

func ExampleRender() {
	tiles := slices.Repeat([]Tile{{Image: image.NewGray(image.Rect(0, 0, 30, 30))}}, 10)
	fmt.Println(Render(tiles, Options{Columns: 5, TileSide: 64}).Rect.Size())
	// Output: (392,170)
}

func ExampleMatrix() {
	err := Matrix("confusion.png", []string{"cup", "fish"}, [][]int{{9, 1}}, "Test")
	fmt.Println(err)
	// Output: picture confusion.png: a confusion matrix of 1 rows for 2 classes
}

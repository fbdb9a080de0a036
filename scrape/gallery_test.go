package scrape

import (
	"errors"
	"fmt"
	"net/url"
	"reflect"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"github.com/dsbuild/dsbuild/internal/fetch"
)

func TestReadPage(t *testing.T) {
	const text = `<html><head>
		<meta property="og:image" content="/logo.png"><link rel="next" href="two.html#top">
		<link rel="stylesheet" href="style.css"></head><body>
		<img src="a.jpg"><img src=" b c.jpg "><img src="a.jpg#again"><img>
		<img src="data:image/gif;base64,R0" data-src="lazy.jpg">
		<img srcset="s.jpg 1x, l.jpg 2x" src="s.jpg">
		<img data-srcset="w1.jpg 100w, w2.jpg 200w" data-src="w1.jpg" src="dot.gif">
		<a href="thumb-of.html"><img src="thumb.jpg"></a>
		<a href="big.JPEG?x=1"><img src="small.jpg"></a>
		<a href="file.webp">a file</a> <a href="mailto:a@example.org">write</a>
		<a href="#part">part</a> <a href="javascript:void(0)">script</a>
		<a href="three.html" class="page next">on</a><a href="four.html"> Next
		page </a><a href="five.html">5</a><a href="//other.example/x.html">elsewhere</a>
		</body></html>`
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	address := &url.URL{Scheme: "http", Host: "example.org", Path: "/g/one.html"}
	at := func(names ...string) []string {
		for i, name := range names {
			names[i] = "http://example.org/g/" + name
		}
		return names
	}
	want := &page{
		url: "http://example.org/g/one.html",
		images: at("a.jpg", "b%20c.jpg", "lazy.jpg", "l.jpg", "w2.jpg", "thumb.jpg",
			"big.JPEG?x=1", "file.webp"),
		shared: "http://example.org/logo.png",
		links:  append(at("thumb-of.html", "five.html"), "http://other.example/x.html"),
		next:   at("two.html", "three.html", "four.html"),
	}
	if got := readPage(address, doc.Selection); !reflect.DeepEqual(got, want) {
		t.Errorf("page is\n%+v\nwant\n%+v", got, want)
	}
}

func TestBaseOfPage(t *testing.T) {
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(
		`<head><base href="/files/"></head><img src="a.jpg"><a rel=next href="?page=2">`))
	if err != nil {
		t.Fatal(err)
	}
	got := readPage(&url.URL{Scheme: "http", Host: "example.org", Path: "/g"}, doc.Selection)
	if got.images[0] != "http://example.org/files/a.jpg" ||
		got.next[0] != "http://example.org/files/?page=2" {
		t.Errorf("page is %+v", got)
	}
}

func TestGalleryFollowsPagesAndLinks(t *testing.T) {
	w := newWeb(t, map[string]string{
		"/g.html":       `<a href="p/1.html">1</a><a href="gone.html">-</a><a rel=next href="?2">`,
		"/g.html?2":     `<img src=2.jpg><a href="p/2.html">2</a><a href="g.html">first</a>`,
		"/p/1.html":     `<meta property=og:image content=/1.jpg><img src=icon.jpg><a href=deep.html>`,
		"/p/2.html":     `<p>nothing to share</p>`,
		"/p/deep.html":  `<meta property=og:image content=/deep.jpg>`,
		"/p/other.html": `<meta property=og:image content=/other.jpg>`,
	})
	for depth, want := range map[int][]string{
		-1: {"/2.jpg"},
		0:  {"/2.jpg", "/1.jpg"},
		1:  {"/2.jpg", "/1.jpg"},
		2:  {"/2.jpg", "/1.jpg", "/deep.jpg"},
	} {
		got, errs := w.found(t, SourceSpec{Class: "pug", Page: "/g.html", Depth: depth})
		if !reflect.DeepEqual(got, want) {
			t.Errorf("depth %d: found %v, want %v", depth, got, want)
		}
		if depth < 0 { // then the first page has nothing
			if len(errs) != 1 || !errors.Is(errs[0], ErrNoImages) ||
				!strings.Contains(errs[0].Error(), w.URL+"/g.html") {
				t.Errorf("depth %d: errors are %v", depth, errs)
			}
			continue
		}
		link, ok := errors.AsType[*LinkError](errors.Join(errs...))
		if len(errs) != 1 || !ok || link.URL != w.URL+"/gone.html" {
			t.Errorf("depth %d: errors are %v, want the dead link", depth, errs)
		}
	}
}

func TestEmptyPageIsAnError(t *testing.T) {
	for text, names := range map[string]string{
		"<p>please log in</p>":               "/g",
		"not even HTML":                      "/g",
		"<img src=a.jpg><a rel=next href=h>": "/h",
	} {
		w := newWeb(t, map[string]string{"/g": text, "/h": "<p>no more"})
		_, errs := w.found(t, SourceSpec{Class: "pug", Page: "/g"})
		if len(errs) != 1 || !errors.Is(errs[0], ErrNoImages) ||
			!strings.Contains(errs[0].Error(), w.URL+names) {
			t.Errorf("%s: errors are %v, want one that names %s", text, errs, names)
		}
	}
}

func TestGalleryStaysOnItsHosts(t *testing.T) {
	other := newWeb(t, map[string]string{"/": "<img src=x.jpg>"})
	elsewhere := strings.Replace(other.URL, "127.0.0.1", "localhost", 1)
	w := newWeb(t, map[string]string{
		"/g":    fmt.Sprintf(`<img src=a.jpg><a href="%s/">b</a><a rel=next href="%[1]s/">`, elsewhere),
		"/away": "redirect " + elsewhere + "/",
	})
	if got, errs := w.found(t, SourceSpec{Class: "pug", Page: "/g"}); len(got) != 1 || errs != nil {
		t.Errorf("found %v (%v)", got, errs)
	}
	got, errs := w.found(t, SourceSpec{Class: "pug", Page: "/away"})
	if got != nil || len(errs) != 1 || !errors.Is(errs[0], errElsewhere) ||
		!strings.Contains(errs[0].Error(), "localhost") {
		t.Errorf("found %v (%v), want an error that names the host", got, errs)
	}
	if len(other.asked) != 0 {
		t.Errorf("the other host was asked for %v", other.asked)
	}
}

func TestPagesObeyRobots(t *testing.T) {
	w := newWeb(t, map[string]string{
		"/robots.txt": "User-agent: *\nDisallow: /no",
		"/g":          `<img src=a.jpg><a href="no/1.html">x</a>`,
		"/to":         "redirect /no/2.html",
		"/no/1.html":  `<meta property=og:image content=/b.jpg>`,
		"/no/2.html":  `<img src=c.jpg>`,
	})
	for _, start := range []string{"/g", "/to", "/no/2.html"} {
		_, errs := w.found(t, SourceSpec{Class: "pug", Page: start})
		fault, ok := errors.AsType[*fetch.Error](errors.Join(errs...))
		if !ok || fault.Kind != fetch.Robots {
			t.Errorf("%s: errors are %v, want robots", start, errs)
		}
	}
	if n := w.requests("/no/1.html") + w.requests("/no/2.html"); n != 0 {
		t.Errorf("%d requests for what robots.txt forbids", n)
	}
}

func TestEndlessGalleryEnds(t *testing.T) {
	answers := map[string]string{}
	for i := range 20 {
		answers[fmt.Sprintf("/%d", i)] = fmt.Sprintf("<img src=%d.jpg><a rel=next href=%d>", i, i+1)
	}
	w := newWeb(t, answers)
	o := w.options(t, SourceSpec{Class: "pug", Page: "/0"})
	o.MaxPages = 5
	client := o.client()
	defer client.Close()
	source, query := o.source(client, o.Sources[0])
	n := 0
	var last error
	for _, err := range source.Search(t.Context(), query) {
		if last = err; err == nil {
			n++
		}
	}
	if n != 5 || last == nil || !strings.Contains(last.Error(), "max_pages") {
		t.Errorf("%d pictures, then %v", n, last)
	}
}

func TestPageStatusIsNamed(t *testing.T) {
	w := newWeb(t, nil)
	_, errs := w.found(t, SourceSpec{Class: "pug", Page: "/gone"})
	fault, ok := errors.AsType[*fetch.Error](errors.Join(errs...))
	if !ok || fault.Status != 404 || fault.URL != w.URL+"/gone" {
		t.Errorf("errors are %v", errs)
	}
}

func TestLargest(t *testing.T) {
	for srcset, want := range map[string]string{
		"":                                 "",
		" , ":                              "",
		"a.jpg":                            "a.jpg",
		"a.jpg 100w, b.jpg 300w,c.jpg 9w":  "b.jpg",
		"a.jpg, b.jpg 2x, c.jpg 1.5x":      "b.jpg",
		"a.jpg 3x, b.jpg 10w":              "b.jpg",
		"a,b.jpg 1x, c,d.jpg 2x":           "c,d.jpg",
		"a.jpg,b.jpg 2x":                   "a.jpg,b.jpg",
		"a.jpg, b.jpg":                     "a.jpg",
		"data:image/gif;base64,R0 9x,b 1x": "b",
		"a.jpg 100w 50h, b.jpg 90w 500h":   "a.jpg",
		"a.jpg (1,2) 5x, b.jpg 2x":         "a.jpg",
		"a.jpg NaNx, b.jpg infw":           "a.jpg",
	} {
		if got := largest(srcset); got != want {
			t.Errorf("of %q the largest is %q, want %q", srcset, got, want)
		}
	}
}

func FuzzLargest(f *testing.F) {
	f.Add("a.jpg 100w, b.jpg 2x")
	f.Add("a,b (c,d) 1x,, data:x 3w")
	f.Fuzz(func(t *testing.T, srcset string) {
		link := largest(srcset)
		if !strings.Contains(srcset, link) || strings.ContainsAny(link, htmlSpace) || isData(link) {
			t.Errorf("of %q the largest is %q", srcset, link)
		}
	})
}

func FuzzReadPage(f *testing.F) {
	f.Add(`<base href="//x/"><img srcset="a 1x" src=b><a rel=next href="?2">next</a>`)
	f.Add(`<meta property="og:image" content="http://[::1"><a href="x.png"><img src=y></a>`)
	address := &url.URL{Scheme: "http", Host: "example.org", Path: "/"}
	f.Fuzz(func(t *testing.T, text string) {
		doc, err := goquery.NewDocumentFromReader(strings.NewReader(text))
		if err != nil {
			t.Skip()
		}
		p := readPage(address, doc.Selection)
		for _, list := range [][]string{p.images, p.links, p.next} {
			for _, link := range list {
				if again, err := Address(link); err != nil || again != link {
					t.Errorf("%q is not an address of this package: %q, %v", link, again, err)
				}
			}
		}
	})
}

package demosite

import (
	"embed"
	"html/template"
	"net/http"
	"strconv"
	"strings"
)

//go:embed pages/*.html
var pageFiles embed.FS

var pages = template.Must(template.ParseFS(pageFiles, "pages/*.html"))

// itemsPerPage is how many items one page of a gallery shows.
const itemsPerPage = 24

// A galleryPage is what gallery.html shows.
type galleryPage struct {
	Class    string
	Page     int
	Pages    int
	Previous int // 0 on the first page
	Next     int // 0 on the last one
	Items    []galleryItem
}

// A galleryItem is one of a page's items. Exactly one of the flags is set.
type galleryItem struct {
	Path, Small, Title              string
	Image, Srcset, Lazy, Link, Page bool
}

// A photoPage is what photo.html shows.
type photoPage struct{ Class, Title, URL string }

func (s *Site) serveIndex(w http.ResponseWriter, _ *http.Request) {
	render(w, "index.html", s.classes)
}

func (s *Site) serveGallery(w http.ResponseWriter, r *http.Request) {
	class := r.PathValue("class")
	var items []*item
	for _, it := range s.items[class] {
		if it.inGallery {
			items = append(items, it)
		}
	}
	page, err := pageNumber(r)
	count := (len(items) + itemsPerPage - 1) / itemsPerPage
	if err != nil || page > count {
		http.NotFound(w, r)
		return
	}
	shown := galleryPage{Class: class, Page: page, Pages: count, Previous: page - 1}
	if page < count {
		shown.Next = page + 1
	}
	for _, it := range items[(page-1)*itemsPerPage : min(page*itemsPerPage, len(items))] {
		shown.Items = append(shown.Items, galleryItem{
			Path:  it.path,
			Small: strings.Replace(it.path, "/img/", "/small/", 1),
			Title: it.name(),
			Image: it.shown == asImage, Srcset: it.shown == asSrcset, Lazy: it.shown == asLazy,
			Link: it.shown == asLink, Page: it.shown == asPage,
		})
	}
	render(w, "gallery.html", shown)
}

// servePhotoPage shows one picture by its og:image alone, as pages do that
// draw with scripts.
func (s *Site) servePhotoPage(w http.ResponseWriter, r *http.Request) {
	class := r.PathValue("class")
	for _, it := range s.items[class] {
		if it.shown == asPage && it.name() == r.PathValue("name") {
			render(w, "photo.html", photoPage{class, it.name(), "http://" + r.Host + it.path})
			return
		}
	}
	http.NotFound(w, r)
}

// pageNumber reads the parameter page; without one it is the first.
func pageNumber(r *http.Request) (int, error) {
	text := r.URL.Query().Get("page")
	if text == "" {
		return 1, nil
	}
	page, err := strconv.Atoi(text)
	if err == nil && page < 1 {
		err = strconv.ErrRange
	}
	return page, err
}

func render(w http.ResponseWriter, name string, data any) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	// The templates are fixed, so what fails here is the connection.
	_ = pages.ExecuteTemplate(w, name, data)
}

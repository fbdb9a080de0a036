package scrape

import (
	"net/url"
	"path"
	"slices"
	"strings"

	"github.com/PuerkitoBio/goquery"
)

// A page is what was read of one page of a gallery, in the order in which it
// stands there, each address once.
type page struct {
	url    string   // after redirects
	images []string // shown, or files that it links to
	shared string   // its og:image, or ""
	links  []string // to other pages
	next   []string // to what follows it in the gallery
}

// imageEndings are those of files that a link leads to.
var imageEndings = []string{
	".jpg", ".jpeg", ".png", ".gif", ".webp", ".bmp", ".tif", ".tiff",
}

// readPage reads a page that was found at an address.
func readPage(address *url.URL, doc *goquery.Selection) *page {
	base := address
	if href, ok := doc.Find("base[href]").First().Attr("href"); ok {
		if own, err := address.Parse(strings.TrimSpace(href)); err == nil {
			base = own
		}
	}
	p := &page{url: address.String()}
	if own, err := Address(p.url); err == nil {
		p.url = own
	}
	type place struct {
		list *[]string
		url  string
	}
	seen := map[place]bool{}
	add := func(list *[]string, link string) {
		if absolute, err := resolve(base, link); err == nil && !seen[place{list, absolute}] {
			seen[place{list, absolute}] = true
			*list = append(*list, absolute)
		}
	}
	doc.Find("img, a[href], link[rel][href]").Each(func(_ int, s *goquery.Selection) {
		href := strings.TrimSpace(s.AttrOr("href", ""))
		switch {
		case goquery.NodeName(s) == "img":
			if link := shownBy(s); link != "" && !isThumbnail(base, s) {
				add(&p.images, link)
			}
		case isNext(s):
			add(&p.next, href)
		case goquery.NodeName(s) == "link" || href == "" || href[0] == '#':
		case isImageFile(base, href):
			add(&p.images, href)
		default:
			add(&p.links, href)
		}
	})
	p.shared = sharedBy(base, doc)
	return p
}

// sharedBy returns the address of the picture that a page shares with others
// (https://ogp.me), or "".
func sharedBy(base *url.URL, doc *goquery.Selection) string {
	for _, name := range []string{"og:image:secure_url", "og:image", "og:image:url"} {
		meta := doc.Find(`meta[property="` + name + `"], meta[name="` + name + `"]`).First()
		if content := meta.AttrOr("content", ""); content != "" {
			if shared, err := resolve(base, content); err == nil {
				return shared
			}
		}
	}
	return ""
}

// shownBy returns the address of the picture that an img element stands for:
// the largest that it has, and what a script would load later before what is
// shown until then. It is "" where there is none.
func shownBy(img *goquery.Selection) string {
	for _, link := range []string{
		largest(img.AttrOr("data-srcset", "")),
		img.AttrOr("data-src", ""),
		largest(img.AttrOr("srcset", "")),
		img.AttrOr("src", ""),
	} {
		if link = strings.TrimSpace(link); link != "" && !isData(link) {
			return link
		}
	}
	return ""
}

// isThumbnail tells whether an img stands within a link to an image file: that
// file is the picture.
func isThumbnail(base *url.URL, img *goquery.Selection) bool {
	href, ok := img.Closest("a[href]").Attr("href")
	return ok && isImageFile(base, href)
}

// isImageFile tells whether a link leads to a file that is an image by its
// name.
func isImageFile(base *url.URL, link string) bool {
	u, err := base.Parse(strings.TrimSpace(link))
	return err == nil && slices.Contains(imageEndings, strings.ToLower(path.Ext(u.Path)))
}

// nextWords are what a link to the next page says, in lower case.
var nextWords = []string{
	"next", "next page", "next »", "next ›", "next >", "next →", "»", "›", "→", "older posts",
}

// nextClasses are classes of such links.
var nextClasses = []string{"next", "next-page", "nextpage", "pagination-next", "page-next"}

// isNext tells whether a link or an element link leads to the page that
// follows: by its rel, or as pages that have none show it.
func isNext(s *goquery.Selection) bool {
	if slices.Contains(strings.Fields(strings.ToLower(s.AttrOr("rel", ""))), "next") {
		return true
	}
	if goquery.NodeName(s) != "a" {
		return false
	}
	for _, class := range strings.Fields(strings.ToLower(s.AttrOr("class", ""))) {
		if slices.Contains(nextClasses, class) {
			return true
		}
	}
	for _, text := range []string{s.Text(), s.AttrOr("aria-label", "")} {
		words := strings.ToLower(strings.Join(strings.Fields(text), " "))
		if slices.Contains(nextWords, words) {
			return true
		}
	}
	return false
}

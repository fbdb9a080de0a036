package scrape

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/dsbuild/dsbuild/dataset"
	"github.com/dsbuild/dsbuild/internal/fetch"
)

// maxPageBytes bounds the HTML of a page.
const maxPageBytes = 8 << 20

// A Gallery reads the pages of a site that show pictures of one class. From
// the page that the query names it goes on to the next one, and so on, and
// takes what they show: img elements, each with the largest picture that it
// names, and image files that they link to. Then it follows their other links,
// Depth times, and takes the picture that each page found so shares with others
// (its og:image).
type Gallery struct {
	Client *fetch.Client
	// Depth of links; 0 means 1, negative none.
	Depth int
	// Domains are the hosts of pages, www. aside; nil means the first page's.
	Domains []string
	// MaxPages bounds the pages; 0 means 500. Links beyond it are left out,
	// and a gallery that has more pages of its own ends with an error.
	MaxPages int
}

// Search yields the gallery's pictures, page after page. Where a page of the
// gallery cannot be read, or neither it nor the pages it links to have an
// image, an error names it.
func (g *Gallery) Search(ctx context.Context, q Query) iter.Seq2[Candidate, error] {
	return func(yield func(Candidate, error) bool) {
		start, err := Address(q.Text)
		if err != nil {
			yield(Candidate{}, err)
			return
		}
		c := g.newCrawl(start, q.Class, yield)
		if c.followPages(ctx, start) && c.followLinks(ctx) {
			c.tellEmpty()
		}
	}
}

// A crawl is one walk through a gallery. Its methods return false when it is
// over, because nobody wants more.
type crawl struct {
	reader  *pageReader
	class   string
	yield   func(Candidate, error) bool
	depth   int
	most    int
	domains []string

	seen  map[string]bool // addresses of pages
	pages []*galleryPage
	links []link // of the level that is followed next
}

// A galleryPage counts what a page of the gallery led to.
type galleryPage struct {
	url    string
	images int
}

// A link leads to a page from a page of the gallery, perhaps over others.
type link struct {
	url  string
	from *galleryPage
}

func (g *Gallery) newCrawl(start, class string, yield func(Candidate, error) bool) *crawl {
	c := &crawl{
		class: class, yield: yield, depth: g.Depth, most: g.MaxPages,
		domains: g.Domains, seen: map[string]bool{},
	}
	c.depth = cmp.Or(c.depth, 1)
	c.most = cmp.Or(c.most, 500)
	if len(c.domains) == 0 {
		c.domains = []string{hostOf(start)}
	}
	c.reader = newPageReader(g.Client, c.allows)
	return c
}

// allows tells whether the pages of a URL's host may be read.
func (c *crawl) allows(address string) bool {
	host := strings.TrimPrefix(hostOf(address), "www.")
	return slices.ContainsFunc(c.domains, func(domain string) bool {
		return strings.TrimPrefix(strings.ToLower(domain), "www.") == host
	})
}

func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return strings.ToLower(u.Hostname())
}

// followPages reads the gallery's own pages.
func (c *crawl) followPages(ctx context.Context, start string) bool {
	for next := []string{start}; len(next) > 0; {
		address := next[0]
		next = next[1:]
		if c.seen[address] {
			continue
		}
		if len(c.seen) >= c.most {
			return c.fail(ctx, fmt.Errorf("%s: it continues after %d pages (max_pages)", start, c.most))
		}
		c.seen[address] = true
		p, err := c.reader.read(ctx, address)
		if err != nil {
			if !c.fail(ctx, err) {
				return false
			}
			continue
		}
		c.seen[p.url] = true
		own := &galleryPage{url: p.url}
		c.pages = append(c.pages, own)
		if !c.offer(own, p.url, p.images) {
			return false
		}
		c.note(own, p.links)
		next = append(next, slices.DeleteFunc(p.next, func(u string) bool { return !c.allows(u) })...)
	}
	return true
}

// followLinks reads the pages that the gallery links to, level by level.
func (c *crawl) followLinks(ctx context.Context) bool {
	for range c.depth {
		level := c.links
		c.links = nil
		for _, l := range level {
			if c.seen[l.url] || len(c.seen) >= c.most {
				continue
			}
			c.seen[l.url] = true
			p, err := c.reader.read(ctx, l.url)
			if err != nil {
				if !c.fail(ctx, &LinkError{URL: l.url, Err: err}) {
					return false
				}
				continue
			}
			c.seen[p.url] = true
			if p.shared != "" && !c.offer(l.from, p.url, []string{p.shared}) {
				return false
			}
			c.note(l.from, p.links)
		}
	}
	return true
}

// tellEmpty names the gallery's pages that led to no image.
func (c *crawl) tellEmpty() {
	for _, p := range c.pages {
		err := fmt.Errorf("%s: %w on the page", p.url, ErrNoImages)
		if p.images == 0 && !c.yield(Candidate{}, err) {
			return
		}
	}
}

func (c *crawl) offer(own *galleryPage, on string, images []string) bool {
	for _, address := range images {
		own.images++
		source := dataset.Source{URL: address, Page: on, Engine: "gallery"}
		if !c.yield(Candidate{Class: c.class, Source: source}, nil) {
			return false
		}
	}
	return true
}

// note keeps links for later.
func (c *crawl) note(from *galleryPage, links []string) {
	for _, address := range links {
		if c.allows(address) {
			c.links = append(c.links, link{address, from})
		}
	}
}

// fail yields an error. The context's ends the crawl.
func (c *crawl) fail(ctx context.Context, err error) bool {
	if ctx.Err() != nil {
		c.yield(Candidate{}, ctx.Err())
		return false
	}
	return c.yield(Candidate{}, err)
}

// redirects returns a copy of a client that leaves the allowed hosts on no
// redirect.
func redirects(client *http.Client, allows func(string) bool) *http.Client {
	own := *client
	own.CheckRedirect = func(req *http.Request, via []*http.Request) error {
		if host := req.URL.Hostname(); !allows(req.URL.String()) {
			return fmt.Errorf("%w: it leads to %s (add that to domains to follow)", errElsewhere, host)
		}
		return client.CheckRedirect(req, via)
	}
	return &own
}

// errElsewhere means that a page is on a host that is not allowed.
var errElsewhere = errors.New("the page is on another host")

package demosite

import (
	"fmt"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/dsbuild/dsbuild/dataset"
)

// A display is how a gallery shows an item.
type display string

const (
	asImage  display = "image"  // <img src>
	asSrcset display = "srcset" // <img srcset>, with a smaller candidate
	asLazy   display = "lazy"   // <img data-src> beside a placeholder
	asLink   display = "link"   // <a href> to the file
	asPage   display = "page"   // <a href> to a page with an og:image
)

// An item is something that the site offers at one path.
type item struct {
	class string
	kind  Kind
	hitch Kind // what happens at the first request, or empty
	path  string

	inGallery bool
	inSearch  bool
	shown     display

	file  func() file // makes the bytes when they are first needed
	asked atomic.Int64
}

// name is the last part of the path, without its extension.
func (it *item) name() string {
	name := it.path[strings.LastIndexByte(it.path, '/')+1:]
	return strings.TrimSuffix(name, it.extension())
}

// extension is that of the path, with its dot.
func (it *item) extension() string { return it.path[strings.LastIndexByte(it.path, '.'):] }

// overlap is how many good pictures of a class are in its gallery and in the
// search as well.
const overlap = 6

// A planner lists the items of one class.
type planner struct {
	options Options
	class   string
	next    string // the class that also shows some of this one's pictures
	items   map[string][]*item
}

// planSite lists the items of each class in the order in which they are shown.
func planSite(o Options) map[string][]*item {
	items := map[string][]*item{}
	for i, class := range o.Classes {
		p := &planner{o, class, o.Classes[(i+1)%len(o.Classes)], items}
		good := p.planGood(i < 2)
		p.planCopies(good)
		p.planSpoiled()
		p.planBroken()
	}
	for _, class := range o.Classes {
		order(items[class], dataset.Key{Seed: o.Seed, Sample: class})
	}
	return items
}

// add lists an item under /img/ and returns it.
func (p *planner) add(kind Kind, class, name string, make func() file) *item {
	it := &item{
		class: class, kind: kind, path: "/img/" + class + "/" + name,
		inGallery: true, shown: asImage, file: sync.OnceValue(make),
	}
	p.items[class] = append(p.items[class], it)
	return it
}

// planGood lists the good pictures: the first two thirds in the gallery, the
// others in the search.
func (p *planner) planGood(limited bool) []*item {
	n := p.options.PerClass
	inGallery := n * 2 / 3
	var good []*item
	for i := range n {
		name := fmt.Sprintf("%s-%03d", p.class, i+1)
		d := p.drawing(name)
		it := p.add(Good, p.class, name+goodExtension(i), func() file {
			return encode(d.picture(), goodExtension(i), d.quality())
		})
		it.inGallery, it.inSearch = i < inGallery, i >= inGallery-overlap
		good = append(good, it)
	}
	if limited {
		// Few of them, as each may make a whole crawl wait for a second.
		good[4].hitch = RateLimited
	}
	good[5].hitch = ServerError
	good[6].hitch = Slow
	good[3].shown, good[7].shown = asPage, asPage
	return good
}

// goodExtension gives every seventh picture as PNG and some as GIF. The first
// three are JPEG, for copies to be made of them.
func goodExtension(i int) string {
	switch {
	case i%7 == 3:
		return ".png"
	case i%16 == 12:
		return ".gif"
	}
	return ".jpg"
}

// planCopies lists copies of good pictures and the pictures of two classes.
func (p *planner) planCopies(good []*item) {
	p.add(ExactCopy, p.class, "copy-1.jpg", good[0].file)
	p.add(ExactCopy, p.class, "copy-2.png", good[3].file)

	smaller := func(of *item, share float64, quality int) func() file {
		return func() file { return encode(resize(of.file().decode(), share), ".jpg", quality) }
	}
	p.add(NearCopy, p.class, "small-1.jpg", smaller(good[0], 0.6, 90))
	p.add(NearCopy, p.class, "small-2.jpg", smaller(good[1], 0.75, 60))
	p.add(NearCopy, p.class, "pressed-1.jpg", smaller(good[2], 1, 35))
	found := p.add(NearCopy, p.class, "pressed-2.jpg", smaller(good[1], 1, 55))
	found.inGallery, found.inSearch = false, true

	d := p.drawing("shared")
	shared := sync.OnceValue(func() file { return encode(d.picture(), ".jpg", d.quality()) })
	p.add(TwoClasses, p.class, "shared.jpg", shared)
	p.add(TwoClasses, p.next, "shared-with-"+p.class+".jpg", shared)
}

// planSpoiled lists whole files that nobody would want.
func (p *planner) planSpoiled() {
	for i := range 2 {
		p.spoil(Blurred, i, drawing.blurred)
		p.spoil(Dark, i, drawing.dark)
		p.spoil(Bright, i, drawing.bright)
		p.spoil(Tiny, i, drawing.tiny)
	}
	p.spoil(Banner, 0, drawing.banner)
	p.spoil(Flat, 0, drawing.flat)
}

// planBroken lists what is no picture, or may not be asked for.
func (p *planner) planBroken() {
	d := p.drawing("truncated")
	p.add(Truncated, p.class, "truncated-1.jpg", func() file {
		return encode(d.picture(), ".jpg", 85).cut(0.55)
	})
	p.add(Truncated, p.class, "truncated-2.png", func() file {
		return encode(d.picture(), ".png", 0).cut(0.7)
	})
	p.add(HTML, p.class, "page-1.jpg", notAnImage)
	p.add(NotFound, p.class, "gone-1.jpg", notAnImage)
	found := p.add(NotFound, p.class, "gone-2.jpg", notAnImage)
	found.inGallery, found.inSearch = false, true
	for i := range 2 {
		d := p.drawing(fmt.Sprintf("private-%d", i+1))
		it := p.add(Forbidden, p.class, "", func() file { return encode(d.picture(), ".jpg", 85) })
		it.path = fmt.Sprintf("/private/%s/%d.jpg", p.class, i+1)
	}
}

// order shuffles the items of a class and chooses how each is shown. Links to
// pages come first, so that they are near to where a crawl starts.
func order(items []*item, key dataset.Key) {
	rng := key.Rand("order")
	rng.Shuffle(len(items), func(i, j int) { items[i], items[j] = items[j], items[i] })
	first := 0
	for i, it := range items {
		if it.shown == asPage {
			items[first], items[i] = items[i], items[first]
			first++
			continue
		}
		switch pick := rng.Float64(); {
		case pick < 0.45:
			it.shown = asImage
		case pick < 0.65:
			it.shown = asLazy
		case pick < 0.82:
			it.shown = asLink
		case it.kind == Good:
			it.shown = asSrcset
		}
	}
}

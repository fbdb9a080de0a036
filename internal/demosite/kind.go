package demosite

// A Kind tells what an item of the site is.
type Kind string

// Kinds of items. Each item is of one of them and counts once, whether a
// gallery or the search or both offer it.
const (
	// Good pictures are all different: none is a copy of another item but of
	// those planted as copies of it.
	Good Kind = "good"
	// ExactCopy has the bytes of a good picture of its class, at another URL.
	ExactCopy Kind = "exact_copy"
	// NearCopy is a good picture of its class, made smaller or compressed
	// harder: it has fewer pixels, or as many in fewer bytes.
	NearCopy Kind = "near_copy"
	// TwoClasses are pictures that two classes show, at different URLs with
	// the same bytes; both count.
	TwoClasses Kind = "two_classes"
	// Blurred pictures show nothing sharp.
	Blurred Kind = "blurred"
	// Dark pictures are almost black.
	Dark Kind = "dark"
	// Bright pictures are almost white.
	Bright Kind = "bright"
	// Tiny pictures have sides below 32 pixels.
	Tiny Kind = "tiny"
	// Banner pictures are 8 times as long as wide, or more.
	Banner Kind = "banner"
	// Flat pictures are of one gray.
	Flat Kind = "flat"
	// Truncated files end in mid-picture.
	Truncated Kind = "truncated"
	// HTML is a page, said to be image/jpeg with status 200.
	HTML Kind = "html"
	// NotFound is a dead link: status 404.
	NotFound Kind = "not_found"
	// Forbidden items lie under /private/, which robots.txt disallows. They
	// are fine pictures that nobody may ask for.
	Forbidden Kind = "forbidden"
)

// Hitches that some good pictures have; those items count as good, too.
const (
	// RateLimited pictures answer the first request with 429 and a
	// Retry-After of one second, and come at the second.
	RateLimited Kind = "rate_limited"
	// ServerError pictures answer the first request with 500.
	ServerError Kind = "server_error"
	// Slow pictures dribble in over a third of a second.
	Slow Kind = "slow"
)

// Kinds returns all of them.
func Kinds() []Kind {
	return []Kind{
		Good, ExactCopy, NearCopy, TwoClasses, Blurred, Dark, Bright, Tiny, Banner, Flat,
		Truncated, HTML, NotFound, Forbidden, RateLimited, ServerError, Slow,
	}
}

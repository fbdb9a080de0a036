package scrape

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/url"
	"strings"

	"github.com/dsbuild/dsbuild/dataset"
)

// A Source finds images. Its candidates come in an order that depends on what
// it was asked alone; the same one may come twice. An error does not end them:
// what comes after it counts. A *LinkError is about a page beside the way.
type Source interface {
	Search(ctx context.Context, q Query) iter.Seq2[Candidate, error]
}

// A Query is what a source is asked.
type Query struct {
	// Class is that of the candidates, but for those of a list that names it.
	Class string
	// Text is what the source understands: the address of a page, words, or
	// the name of a file.
	Text string
}

// A Candidate is an image that a source found.
type Candidate struct {
	Class string
	// Source tells of the origin. Its URL is that of the image's file, as
	// Address leaves it.
	Source dataset.Source
}

// ErrNoImages means that a source answered, and had no image.
var ErrNoImages = errors.New("no image found")

// A LinkError tells of a page that a gallery links to and that could not be
// read. Pages link to so much that this is no failure of the gallery.
type LinkError struct {
	URL string
	Err error
}

func (e *LinkError) Error() string { return e.Err.Error() }
func (e *LinkError) Unwrap() error { return e.Err }

// Address returns an http or https URL in the one form in which this package
// compares URLs: with a lower-case host and without a fragment.
func Address(text string) (string, error) { return resolve(&url.URL{}, text) }

// resolve is Address for a link on a page.
func resolve(base *url.URL, link string) (string, error) {
	link = strings.Map(func(r rune) rune {
		if r == '\t' || r == '\n' || r == '\r' {
			return -1 // as browsers do
		}
		return r
	}, strings.TrimSpace(link))
	u, err := base.Parse(link)
	if err != nil {
		return "", fmt.Errorf("%.100q is not a URL", link)
	}
	u.Scheme, u.Host = strings.ToLower(u.Scheme), strings.ToLower(u.Host)
	switch {
	case u.Scheme != "http" && u.Scheme != "https":
		return "", fmt.Errorf("%.100q is not an http or https URL", link)
	case u.Hostname() == "":
		return "", fmt.Errorf("%.100q names no host", link)
	case u.User != nil:
		return "", fmt.Errorf("the URL for %s has a user's name, which a manifest would tell", u.Host)
	}
	if u.Path == "" {
		u.Path = "/"
	}
	u.Fragment, u.RawFragment = "", ""
	return u.String(), nil
}

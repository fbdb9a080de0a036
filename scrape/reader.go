package scrape

import (
	"context"
	"errors"
	"fmt"
	"net/url"

	"github.com/gocolly/colly/v2"

	"github.com/dsbuild/dsbuild/internal/fetch"
)

// A pageReader reads one page at a time, with colly.
type pageReader struct {
	collector *colly.Collector

	// What the visit under way has found.
	page   *page
	status int
}

// newPageReader returns a reader of pages on allowed hosts. Of colly's own
// policies none is left: robots.txt, redirects, limits and retries are those of
// the client. colly reads robots.txt when asked to, but takes one that the
// server cannot give for one that allows all, and does not look at it on
// redirects. It would also remember pages, keep cookies, and cut off long
// bodies in silence.
func newPageReader(client *fetch.Client, allows func(string) bool) *pageReader {
	r := &pageReader{}
	r.collector = colly.NewCollector(
		colly.IgnoreRobotsTxt(), colly.AllowURLRevisit(), colly.MaxBodySize(0),
	)
	r.collector.SetClient(redirects(client.HTTP(), allows))
	r.collector.OnError(func(response *colly.Response, _ error) { r.status = response.StatusCode })
	r.collector.OnHTML("html", func(e *colly.HTMLElement) {
		if r.page == nil {
			r.page = readPage(e.Request.URL, e.DOM)
		}
	})
	return r
}

// read returns what is on a page. An answer that is no HTML has nothing on it.
// Errors name the address.
func (r *pageReader) read(ctx context.Context, address string) (*page, error) {
	r.page, r.status = nil, 0
	r.collector.Context = fetch.WithMaxBytes(ctx, maxPageBytes)
	err := r.collector.Request("GET", address, nil, nil, nil)
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case r.status != 0:
		return nil, fetch.StatusError(address, r.status)
	case err != nil:
		if fault, ok := errors.AsType[*fetch.Error](err); ok {
			return nil, fault
		}
		if wrapped, ok := errors.AsType[*url.Error](err); ok {
			err = wrapped.Err
		}
		return nil, fmt.Errorf("%s: %w", address, err)
	case r.page == nil:
		return &page{url: address}, nil
	}
	return r.page, nil
}

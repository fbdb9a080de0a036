package scrape

import (
	"cmp"
	"errors"
	"fmt"
	"net/netip"
	"time"

	"github.com/dsbuild/dsbuild/dataset"
	"github.com/dsbuild/dsbuild/internal/codec"
	"github.com/dsbuild/dsbuild/internal/fetch"
)

// A SourceSpec says where images of a class are: exactly one of Page, Query
// and URLs is set.
type SourceSpec struct {
	// Class of the images. A list of URLs may name that of each itself.
	Class string `yaml:"class"`
	// Page is the URL of a gallery's first page.
	Page string `yaml:"page"`
	// Query is words to search by.
	Query string `yaml:"query"`
	// URLs is a file: text with a URL a line, CSV whose header names the
	// columns url and class, or JSON lines with these fields.
	URLs string `yaml:"urls"`
	// Want is how many images to take, in the source's order, those that are
	// already there included; 0 means all.
	Want int `yaml:"want"`
	// Depth is how many links are followed from a gallery's pages to others
	// that show one picture (their og:image); default 1, negative for none.
	Depth int `yaml:"depth"`
	// Domains are the hosts whose pages may be read; default the page's own.
	// Images may be anywhere.
	Domains []string `yaml:"domains"`
}

// String names the source for people.
func (s SourceSpec) String() string {
	switch {
	case s.Page != "":
		return s.Page
	case s.Query != "":
		return fmt.Sprintf("search for %q", s.Query)
	}
	return s.URLs
}

// Validate tells what is wrong with the source.
func (s SourceSpec) Validate() error {
	given := 0
	for _, text := range []string{s.Page, s.Query, s.URLs} {
		if text != "" {
			given++
		}
	}
	if given != 1 {
		return errors.New("a source has exactly one of page, query and urls")
	}
	if s.Class == "" && s.URLs == "" {
		return fmt.Errorf("%s: class is missing: name the class of its pictures", s)
	}
	if s.Class != "" {
		if err := dataset.CheckLabel(s.Class); err != nil {
			return fmt.Errorf("%s: class: %w", s, err)
		}
	}
	if s.Page != "" {
		if _, err := Address(s.Page); err != nil {
			return fmt.Errorf("page: %w", err)
		}
	}
	if s.Want < 0 {
		return fmt.Errorf("%s: want is negative: leave it at 0 for all", s)
	}
	return nil
}

// Options say what to collect, and how. Zero values stand for the defaults
// named.
type Options struct {
	Sources []SourceSpec `yaml:"sources"`

	MaxBytes  int64 `yaml:"max_bytes"`  // of one file; default 32 MiB
	MaxPixels int64 `yaml:"max_pixels"` // of one image; default 100 million
	// MaxPages bounds the pages read of one gallery; default 500.
	MaxPages int `yaml:"max_pages"`

	// Interval is the least time between two requests to one host; default
	// 200 ms, negative for none. A robots.txt may ask for more.
	Interval time.Duration `yaml:"interval"`
	// PerHost is how many requests to one host run at a time; default 4.
	PerHost int `yaml:"per_host"`
	// Workers is how many images are fetched at a time, and so how many are
	// held in memory; default 8. The outcome does not depend on it.
	Workers int `yaml:"workers"`
	// Retries is how often what failed in a way that can pass is asked for
	// again; default 3, negative for never.
	Retries int `yaml:"retries"`
	// Timeout is that of one request, with its answer; default 60 s.
	Timeout time.Duration `yaml:"timeout"`
	// AllowPrivate lets requests go to the local network, and through the
	// proxy that the environment names.
	AllowPrivate bool `yaml:"allow_private"`

	// Openverse is where the search's interface is; default
	// https://api.openverse.org.
	Openverse string `yaml:"openverse"`

	// Progress is told how many of the images found so far are done. It is
	// called by one goroutine at a time; nil means nobody wants to know.
	Progress func(done, total int) `yaml:"-"`

	// clock lets tests pass time without waiting, and exempt lets them ask
	// their own servers alone.
	clock  fetch.Clock
	exempt []netip.AddrPort
}

func (o Options) withDefaults() Options {
	o.MaxBytes = cmp.Or(o.MaxBytes, 32<<20)
	o.MaxPixels = cmp.Or(o.MaxPixels, codec.DefaultMaxPixels)
	o.MaxPages = cmp.Or(o.MaxPages, 500)
	o.Workers = cmp.Or(o.Workers, 8)
	o.Openverse = cmp.Or(o.Openverse, DefaultOpenverse)
	return o
}

// Validate tells what is wrong with the options.
func (o Options) Validate() error {
	if len(o.Sources) == 0 {
		return errors.New("there is no source: give a page, a query or a file of URLs")
	}
	for _, s := range o.Sources {
		if err := s.Validate(); err != nil {
			return err
		}
	}
	o = o.withDefaults()
	if o.MaxBytes < 0 || o.MaxPixels < 0 || o.MaxPages < 0 || o.PerHost < 0 || o.Timeout < 0 {
		return errors.New("a limit is negative: leave it at 0 for the default")
	}
	if o.Workers < 1 || o.Workers > 1024 {
		return fmt.Errorf("workers is %d, but must be from 1 to 1024", o.Workers)
	}
	if _, err := Address(o.Openverse); err != nil {
		return fmt.Errorf("openverse: %w", err)
	}
	return nil
}

// client returns the client for a run.
func (o Options) client() *fetch.Client {
	return fetch.New(fetch.Options{
		AllowPrivate: o.AllowPrivate, Exempt: o.exempt,
		Interval: o.Interval, PerHost: o.PerHost, Retries: o.Retries,
		Timeout: o.Timeout, MaxBytes: o.MaxBytes, Clock: o.clock,
	})
}

// source returns what answers a spec, and the query for it.
func (o Options) source(c *fetch.Client, s SourceSpec) (Source, Query) {
	switch {
	case s.Page != "":
		return &Gallery{Client: c, Depth: s.Depth, Domains: s.Domains, MaxPages: o.MaxPages},
			Query{Class: s.Class, Text: s.Page}
	case s.Query != "":
		return &Openverse{Client: c, Base: o.Openverse}, Query{Class: s.Class, Text: s.Query}
	}
	return List{}, Query{Class: s.Class, Text: s.URLs}
}

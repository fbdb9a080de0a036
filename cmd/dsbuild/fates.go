package main

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/dsbuild/dsbuild/curate"
	"github.com/dsbuild/dsbuild/dataset"
	"github.com/dsbuild/dsbuild/internal/demosite"
	"github.com/dsbuild/dsbuild/internal/fetch"
)

// Fates of an offer beside the reasons for which it was rejected.
const (
	fateKept = "kept"
	fateNone = "never found"
)

// deserved is the fate of each kind of item that a demo site offers.
var deserved = map[demosite.Kind]string{
	demosite.Good:        fateKept,
	demosite.ExactCopy:   curate.Duplicate,
	demosite.NearCopy:    curate.NearDuplicate,
	demosite.TwoClasses:  curate.Conflict,
	demosite.Blurred:     curate.Blurred,
	demosite.Dark:        curate.TooDark,
	demosite.Bright:      curate.TooBright,
	demosite.Tiny:        curate.TooSmall,
	demosite.Banner:      curate.AspectRatio,
	demosite.Flat:        curate.NoContent,
	demosite.Truncated:   curate.Truncated,
	demosite.HTML:        "not_an_image", // as scrape says
	demosite.NotFound:    string(fetch.Status),
	demosite.Forbidden:   string(fetch.Robots),
	demosite.RateLimited: fateKept,
	demosite.ServerError: fateKept,
	demosite.Slow:        fateKept,
}

// maxLost is the share of good pictures that may be lost.
const maxLost = 0.02

// fates tell what became of each item of a site, by its path.
type fates map[string]string

// A picture is one file of the data set and the paths that offered it.
type picture struct {
	fate  string
	paths []string
}

// readFates looks up in the manifests what became of a site's items.
func readFates(dir dataset.Dir, site *demosite.Site) (fates, error) {
	pictures := map[string]*picture{} // by file_name
	read := func(path string, fate func(dataset.Sample) string) error {
		return dataset.ForEach(path, func(s dataset.Sample) error {
			file, _, isCopy := strings.Cut(s.FileName, "#")
			p := pictures[file]
			if p == nil {
				p = &picture{}
				pictures[file] = p
			}
			if !isCopy {
				p.fate = fate(s)
			}
			if s.Source != nil {
				p.paths = append(p.paths, strings.TrimPrefix(s.Source.URL, site.URL()))
			}
			return nil
		})
	}
	reason := func(s dataset.Sample) string { return s.Reasons[0].Name }
	err := errors.Join(
		read(dir.Curated(), func(dataset.Sample) string { return fateKept }),
		read(dir.Rejected(), reason),
		read(dir.Refused(), reason),
	)
	if err != nil {
		return nil, err
	}
	good := map[string]bool{}
	for _, path := range site.Paths(demosite.Good) {
		good[path] = true
	}
	found := fates{}
	for _, p := range pictures {
		p.share(found, good)
	}
	return found, nil
}

// share gives a file's fate to one of the paths that offered its bytes, to a
// good picture rather than to a copy of it; the others are duplicates.
func (p *picture) share(found fates, good map[string]bool) {
	slices.SortFunc(p.paths, func(a, b string) int {
		switch {
		case good[a] == good[b]:
			return strings.Compare(a, b)
		case good[a]:
			return -1
		default:
			return 1
		}
	})
	for i, path := range p.paths {
		found[path] = curate.Duplicate
		if i == 0 {
			found[path] = p.fate
		}
	}
}

// of counts the fates of a kind's items.
func (f fates) of(site *demosite.Site, kind demosite.Kind) map[string]int {
	counts := map[string]int{}
	for _, path := range site.Paths(kind) {
		fate, ok := f[path]
		if !ok {
			fate = fateNone
		}
		counts[fate]++
	}
	return counts
}

// checkFates tells where items met another fate than they deserve.
func checkFates(site *demosite.Site, f fates) error {
	var errs []error
	for _, kind := range demosite.Kinds() {
		counts := f.of(site, kind)
		wrong := sum(counts) - counts[deserved[kind]]
		if kind == demosite.Good && float64(wrong) <= maxLost*float64(sum(counts)) {
			continue
		}
		if wrong > 0 {
			errs = append(errs, fmt.Errorf("of %d offers of kind %s not all are %s: %s",
				sum(counts), kind, deserved[kind], listCounts(counts)))
		}
	}
	if n := site.Requested("/private/"); n > 0 {
		errs = append(errs, fmt.Errorf("the folder that robots.txt forbids was asked %d times", n))
	}
	return errors.Join(errs...)
}

// writeFates writes a table of what the site served and what became of it.
func writeFates(w io.Writer, site *demosite.Site, f fates) {
	fmt.Fprintln(w)
	var t table
	t.row("served", "offers", "kept", "became")
	for _, kind := range demosite.Kinds() {
		counts := f.of(site, kind)
		n, kept := sum(counts), counts[fateKept]
		delete(counts, fateKept)
		t.row(kind, n, kept, listCounts(counts))
	}
	t.write(w)
}

// listCounts returns "blurred 2, too_small 1".
func listCounts(counts map[string]int) string {
	var words []string
	for _, name := range byCount(counts) {
		words = append(words, fmt.Sprintf("%s %d", name, counts[name]))
	}
	return strings.Join(words, ", ")
}

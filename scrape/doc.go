// Package scrape collects images from the web.
//
// Sources flow in: pages of galleries, words for an image search, lists of
// URLs, each with the class that its images are of. Files named by their hash
// under raw/<class>/, the lines of collected.jsonl that describe them with
// their origin and licence, and those of refused.jsonl with what could not be
// taken flow out:
//
//	report, err := scrape.Run(ctx, "pets", scrape.Options{Sources: []scrape.SourceSpec{
//		{Class: "corgi", Query: "corgi dog", Want: 200},
//		{Class: "pug", Page: "https://example.org/pugs/"},
//	}})
//
// What each URL gave is noted in logs/scrape.jsonl at once. So a run that was
// cut short, at any moment, goes on where it was: it reads the pages again, but
// asks for no picture that it has, nor for one that failed for good. It ends
// with the same manifests, byte for byte, as one that was not cut short, and
// for any number of workers.
package scrape

// Package demosite is a small web site as the web is: galleries over several
// pages, an image search, pictures drawn by the program, and among them the
// faults that a collector of pictures meets.
//
// In go a seed and a number of pictures; out comes an HTTP server on loopback
// that counts what it offers and remembers what it was asked:
//
//	site, err := demosite.Start(ctx, demosite.Options{Seed: 1})
//	if err != nil {
//		return err
//	}
//	defer site.Close()
//	crawl(site.URL() + site.Gallery("fish"))
//	fmt.Println(site.Served()[demosite.Good], site.Requested("/private/"))
//
// What there is:
//
//   - /gallery/<class>/ shows the first two thirds of a class's good pictures
//     and most of the faults on pages of 24 (?page=2, linked with rel="next"):
//     as <img src>, as srcset, as data-src beside a placeholder, as <a href>,
//     and as links to pages under /gallery/<class>/ that have just an og:image.
//   - /v1/images/ answers as Openverse's API does to a client without a key.
//     The last third of a class's good pictures is found only there, with one
//     near copy and one dead link; six are in the gallery as well, by the same
//     URL.
//   - /robots.txt forbids /private/, to which the galleries link.
//
// The counts of Served are those of items at different URLs, over both ways.
// The smaller candidates of a srcset, under /small/, are not counted: whoever
// takes more than the largest gets near copies.
package demosite

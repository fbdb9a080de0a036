package scrape

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"net/url"
	"strconv"
	"strings"

	"github.com/dsbuild/dsbuild/dataset"
	"github.com/dsbuild/dsbuild/internal/fetch"
)

// DefaultOpenverse is where Openverse answers programs.
const DefaultOpenverse = "https://api.openverse.org"

const (
	// Limits of Openverse for clients without a key.
	openversePageSize = 20
	openversePages    = 12

	maxAnswerBytes = 4 << 20
)

// Openverse searches for images by words, as https://api.openverse.org/v1/
// documents for clients without a key: at most 240 images for a query.
type Openverse struct {
	Client *fetch.Client
	// Base is the part of the address before /v1/; default DefaultOpenverse.
	Base string
}

// An openverseAnswer is one page of results.
type openverseAnswer struct {
	PageCount int               `json:"page_count"`
	Results   []openverseResult `json:"results"`
}

// An openverseResult is one image. Fields that are null are empty.
type openverseResult struct {
	URL               string `json:"url"`
	Title             string `json:"title"`
	ForeignLandingURL string `json:"foreign_landing_url"`
	Creator           string `json:"creator"`
	License           string `json:"license"`
	LicenseVersion    string `json:"license_version"`
	LicenseURL        string `json:"license_url"`
}

// Search yields the images found by q.Text, page after page. robots.txt is for
// crawlers, and is not asked about the interface; it is about the images.
func (o *Openverse) Search(ctx context.Context, q Query) iter.Seq2[Candidate, error] {
	return func(yield func(Candidate, error) bool) {
		found := 0
		for page := 1; page <= openversePages; page++ {
			answer, err := o.ask(ctx, q.Text, page)
			if err != nil {
				yield(Candidate{}, fmt.Errorf("search for %q: %w", q.Text, err))
				return
			}
			for _, r := range answer.Results {
				c, err := r.candidate(q.Class)
				if err == nil {
					found++
				} else {
					err = fmt.Errorf("search for %q, page %d: %w", q.Text, page, err)
				}
				if !yield(c, err) {
					return
				}
			}
			if len(answer.Results) == 0 || page >= answer.PageCount {
				break
			}
		}
		if found == 0 {
			yield(Candidate{}, fmt.Errorf("%w by the search for %q at %s", ErrNoImages, q.Text, o.base()))
		}
	}
}

func (o *Openverse) base() string {
	if o.Base == "" {
		return DefaultOpenverse
	}
	return strings.TrimSuffix(o.Base, "/")
}

// ask fetches one page of results.
func (o *Openverse) ask(ctx context.Context, words string, page int) (openverseAnswer, error) {
	query := url.Values{
		"q":         {words},
		"page":      {strconv.Itoa(page)},
		"page_size": {strconv.Itoa(openversePageSize)},
	}
	address := o.base() + "/v1/images/?" + query.Encode()
	ctx = fetch.WithMaxBytes(fetch.WithoutRobots(ctx), maxAnswerBytes)
	got, err := o.Client.Get(ctx, address)
	if err != nil {
		return openverseAnswer{}, err
	}
	answer, err := parseOpenverse(got.Body)
	if err != nil {
		return answer, fmt.Errorf("%s: %w", address, err)
	}
	return answer, nil
}

func parseOpenverse(data []byte) (openverseAnswer, error) {
	var answer openverseAnswer
	if err := json.Unmarshal(data, &answer); err != nil {
		return openverseAnswer{}, fmt.Errorf("the answer is not Openverse's JSON: %w", err)
	}
	return answer, nil
}

func (r openverseResult) candidate(class string) (Candidate, error) {
	address, err := Address(r.URL)
	if err != nil {
		return Candidate{}, err
	}
	return Candidate{Class: class, Source: dataset.Source{
		URL: address, Page: r.ForeignLandingURL, Engine: "openverse",
		License: licenceName(r.License, r.LicenseVersion), LicenseURL: r.LicenseURL,
		Creator: r.Creator, Title: r.Title,
	}}, nil
}

// licenceName spells a licence as its authors do: "by-sa", "2.0" becomes
// CC BY-SA 2.0. Codes that are none of Creative Commons' stay as they are.
func licenceName(code, version string) string {
	name := code
	switch {
	case code == "":
		return ""
	case code == "pdm":
		name = "Public Domain Mark"
	case code == "cc0":
		name = "CC0"
	case code == "by" || strings.HasPrefix(code, "by-") || strings.Contains(code, "sampling"):
		name = "CC " + strings.ToUpper(code)
	}
	return strings.TrimSpace(name + " " + version)
}

package demosite

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// Limits of Openverse for clients without a key.
const (
	maxPageSize   = 20
	maxSearchPage = 12
)

// A searchAnswer has the form of Openverse's GET /v1/images/.
type searchAnswer struct {
	ResultCount int            `json:"result_count"`
	PageCount   int            `json:"page_count"`
	PageSize    int            `json:"page_size"`
	Page        int            `json:"page"`
	Results     []searchResult `json:"results"`
}

type searchResult struct {
	ID                string      `json:"id"`
	Title             string      `json:"title"`
	ForeignLandingURL string      `json:"foreign_landing_url"`
	URL               string      `json:"url"`
	Creator           string      `json:"creator"`
	CreatorURL        string      `json:"creator_url"`
	License           string      `json:"license"`
	LicenseVersion    string      `json:"license_version"`
	LicenseURL        string      `json:"license_url"`
	Provider          string      `json:"provider"`
	Source            string      `json:"source"`
	Category          *string     `json:"category"`
	FileSize          *int        `json:"filesize"`
	FileType          string      `json:"filetype"`
	Tags              []searchTag `json:"tags"`
	Attribution       string      `json:"attribution"`
	FieldsMatched     []string    `json:"fields_matched"`
	Mature            bool        `json:"mature"`
	Width             *int        `json:"width"`
	Height            *int        `json:"height"`
}

type searchTag struct {
	Name     string   `json:"name"`
	Accuracy *float64 `json:"accuracy"`
}

// serveSearch finds the classes whose names are among the words of q.
func (s *Site) serveSearch(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	size := maxPageSize
	if text := query.Get("page_size"); text != "" {
		var err error
		if size, err = strconv.Atoi(text); err != nil || size < 1 {
			refuse(w, http.StatusBadRequest, "page_size: a positive integer is required")
			return
		}
	}
	if size > maxPageSize {
		refuse(w, http.StatusUnauthorized,
			fmt.Sprintf("page_size may not exceed %d for anonymous requests", maxPageSize))
		return
	}
	page, err := pageNumber(r)
	if err != nil {
		refuse(w, http.StatusBadRequest, "page: a positive integer is required")
		return
	}
	found := s.find(query.Get("q"))
	pages := min((len(found)+size-1)/size, maxSearchPage)
	if page > max(pages, 1) {
		refuse(w, http.StatusBadRequest, "invalid page")
		return
	}
	answer := searchAnswer{len(found), pages, size, page, []searchResult{}}
	for _, it := range found[min((page-1)*size, len(found)):min(page*size, len(found))] {
		answer.Results = append(answer.Results, it.result("http://"+r.Host))
	}
	writeJSON(w, http.StatusOK, answer)
}

// find returns the items of the search whose class is a word of the query.
func (s *Site) find(query string) []*item {
	words := strings.Fields(strings.ToLower(query))
	var found []*item
	for _, class := range s.classes {
		if !slices.Contains(words, class) && !slices.Contains(words, class+"s") {
			continue
		}
		for _, it := range s.items[class] {
			if it.inSearch {
				found = append(found, it)
			}
		}
	}
	return found
}

// licences are those of the results, in turn.
var licences = []struct{ code, version, url string }{
	{"by", "2.0", "https://creativecommons.org/licenses/by/2.0/"},
	{"by-sa", "4.0", "https://creativecommons.org/licenses/by-sa/4.0/"},
	{"cc0", "1.0", "https://creativecommons.org/publicdomain/zero/1.0/"},
	{"pdm", "1.0", "https://creativecommons.org/publicdomain/mark/1.0/"},
}

var creators = []string{"Ada Lines", "Ben Brush", "Cleo Ink", "Dan Crayon", "Eve Pastel"}

// result describes an item. Some details are missing, as they often are.
func (it *item) result(origin string) searchResult {
	hash := sha256.Sum256([]byte(it.path))
	licence := licences[int(hash[0])%len(licences)]
	creator := creators[int(hash[1])%len(creators)]
	title := strings.ReplaceAll(it.name(), "-", " ")
	result := searchResult{
		ID:                uuid(hash[:16]),
		Title:             title,
		ForeignLandingURL: origin + "/gallery/" + it.class + "/",
		URL:               origin + it.path,
		Creator:           creator,
		CreatorURL:        origin + "/people/" + strings.ToLower(strings.ReplaceAll(creator, " ", "-")),
		License:           licence.code,
		LicenseVersion:    licence.version,
		LicenseURL:        licence.url,
		Provider:          "demosite",
		Source:            "demosite",
		FileType:          strings.TrimPrefix(it.extension(), "."),
		Tags:              []searchTag{{Name: it.class}, {Name: "drawing"}},
		Attribution: fmt.Sprintf("%q by %s is licensed under %s %s.", title, creator,
			strings.ToUpper(licence.code), licence.version),
		FieldsMatched: []string{"title", "tags.name"},
	}
	if f := it.file(); f.width > 0 && hash[2]%4 != 0 {
		size := len(f.data)
		result.FileSize, result.Width, result.Height = &size, &f.width, &f.height
	}
	return result
}

// uuid writes 16 bytes in the form of RFC 9562.
func uuid(b []byte) string {
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:16])
}

// refuse answers as Openverse does to what it cannot do.
func refuse(w http.ResponseWriter, status int, detail string) {
	writeJSON(w, status, map[string]string{"detail": detail})
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	// What fails here is the connection: there is nobody to tell.
	_ = json.NewEncoder(w).Encode(v)
}

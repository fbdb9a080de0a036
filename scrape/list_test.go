package scrape

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/dsbuild/dsbuild/dataset"
)

func TestLists(t *testing.T) {
	pug := Candidate{"pug", dataset.Source{URL: "http://example.org/1.jpg", Engine: "urls"}}
	cat := Candidate{"cat", dataset.Source{
		URL: "http://example.org/2.jpg", Engine: "urls", License: "CC BY 2.0", Creator: "Ann, B."}}
	for name, text := range map[string]string{
		"a.txt":    "\n# pugs\n http://EXAMPLE.org/1.jpg#x \r\n\n",
		"b.csv":    "\xef\xbb\xbfurl, Class\nhttp://example.org/1.jpg,pug\n",
		"c.jsonl":  `{"url":"http://example.org/1.jpg","label":"pug","other":1}`,
		"d.ndjson": "\n" + `{"url":"http://example.org/1.jpg"}` + "\n\n",
		"e.csv":    "url\nhttp://example.org/1.jpg\n",
	} {
		var got []Candidate
		for c, err := range parseList(name, strings.NewReader(text), "pug") {
			if err != nil {
				t.Errorf("%s: %v", name, err)
			}
			got = append(got, c)
		}
		if !reflect.DeepEqual(got, []Candidate{pug}) {
			t.Errorf("%s: got %+v", name, got)
		}
	}
	for name, text := range map[string]string{
		"a.csv": "label,url,license,creator,width\n" +
			"cat,http://example.org/2.jpg,CC BY 2.0,\"Ann, B.\",500\n",
		"b.jsonl": `{"url":"http://example.org/2.jpg","class":"cat","license":"CC BY 2.0",` +
			`"creator":"Ann, B.","width":500}`,
	} {
		for c, err := range parseList(name, strings.NewReader(text), "pug") {
			if err != nil || !reflect.DeepEqual(c, cat) {
				t.Errorf("%s: got %+v (%v)", name, c, err)
			}
		}
	}
}

func TestListFaultsNameTheLine(t *testing.T) {
	for name, c := range map[string]struct {
		text, want string
	}{
		"a.txt":   {"http://example.org/1.jpg\nftp://example.org/2.jpg\n", "a.txt:2: "},
		"b.csv":   {"url,class\nhttp://example.org/1.jpg,pug\nhttp://example.org/2.jpg\n", "b.csv:3: "},
		"c.csv":   {"ur1,class\n", `c.csv:1: the header has no column url (did you mean "ur1"?)`},
		"d.jsonl": {"{\"url\":\"http://example.org/1.jpg\"}\n\n{\"url\":3}", "d.jsonl:3: "},
		"e.jsonl": {`{"class":"pug"}`, "e.jsonl:1: url is missing"},
		"f.csv":   {"url,class\nhttp://example.org/1.jpg,..\n", "f.csv:2: label"},
		"g.csv":   {"url\n\"http://example.org/1.jpg\n", "g.csv:"},
		"h.txt":   {strings.Repeat("x", maxListLine+1), "h.txt:1: "},
		"i.txt":   {"http://ann:secret@example.org/1.jpg", "i.txt:1: the URL for example.org"},
	} {
		var last error
		for _, err := range parseList(name, strings.NewReader(c.text), "pug") {
			last = err
		}
		_, ok := errors.AsType[*dataset.LineError](last)
		if !ok || !strings.HasPrefix(last.Error(), c.want) {
			t.Errorf("%s: %v, want %s", name, last, c.want)
		}
	}
	for _, err := range parseList("a.txt", strings.NewReader("http://example.org/1.jpg"), "") {
		if err == nil || !strings.Contains(err.Error(), "class is missing") {
			t.Errorf("without a class: %v", err)
		}
	}
}

func TestListThatIsEmptyOrMissing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "urls.txt")
	if err := os.WriteFile(path, []byte("# none yet\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, err := range (List{}).Search(t.Context(), Query{Class: "pug", Text: path}) {
		if !errors.Is(err, ErrNoImages) || !strings.Contains(err.Error(), path) {
			t.Errorf("an empty list gives %v", err)
		}
	}
	for _, err := range (List{}).Search(t.Context(), Query{Class: "pug", Text: path + ".csv"}) {
		if !errors.Is(err, os.ErrNotExist) {
			t.Errorf("a missing list gives %v", err)
		}
	}
}

func FuzzLists(f *testing.F) {
	f.Add("a.txt", "# x\nhttp://example.org/1.jpg\n", "pug")
	f.Add("a.csv", "\xef\xbb\xbfurl,label\n\"http://example.org/1.jpg\",pug\nx\n", "")
	f.Add("a.jsonl", `{"url":"http://example.org/1.jpg","class":"pug","title":"x"}`, "")
	f.Fuzz(func(t *testing.T, name, text, class string) {
		ended := false
		for c, err := range parseList(name, strings.NewReader(text), class) {
			if ended {
				t.Fatal("the list goes on after a fault")
			}
			if ended = err != nil; ended {
				continue
			}
			if err := dataset.CheckLabel(c.Class); err != nil {
				t.Error(err)
			}
			if again, err := Address(c.Source.URL); err != nil || again != c.Source.URL {
				t.Errorf("%q is not an address of this package: %q, %v", c.Source.URL, again, err)
			}
		}
	})
}

// An answer as Openverse gives it, with nulls where it knows nothing.
const recorded = `{"result_count":2,"page_count":1,"page_size":20,"page":1,"results":[
{"id":"1","title":"Pug <3","indexed_on":"2020-01-01T00:00:00Z","foreign_landing_url":
"https://www.flickr.com/photos/1/2","url":"https://live.staticflickr.com/1/2_b.jpg",
"creator":"ann","creator_url":"https://www.flickr.com/photos/1","license":"by-sa",
"license_version":"2.0","license_url":"https://creativecommons.org/licenses/by-sa/2.0/",
"provider":"flickr","source":"flickr","category":"photograph","filesize":null,"filetype":null,
"tags":[{"name":"pug","accuracy":null,"unstable__provider":"flickr"}],"height":683,"width":1024,
"thumbnail":"https://api.openverse.org/v1/images/1/thumb/","mature":false},
{"id":"2","title":null,"foreign_landing_url":"https://example.org/2","url":
"https://example.org/2.png","creator":null,"license":"cc0","license_version":"1.0",
"license_url":null}]}`

func TestOpenverseAnswer(t *testing.T) {
	answer, err := parseOpenverse([]byte(recorded))
	if err != nil {
		t.Fatal(err)
	}
	var got []Candidate
	for _, r := range answer.Results {
		c, err := r.candidate("pug")
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, c)
	}
	want := []Candidate{
		{"pug", dataset.Source{
			URL:  "https://live.staticflickr.com/1/2_b.jpg",
			Page: "https://www.flickr.com/photos/1/2", Engine: "openverse", License: "CC BY-SA 2.0",
			LicenseURL: "https://creativecommons.org/licenses/by-sa/2.0/", Creator: "ann",
			Title: "Pug <3",
		}},
		{"pug", dataset.Source{
			URL: "https://example.org/2.png", Page: "https://example.org/2", Engine: "openverse",
			License: "CC0 1.0",
		}},
	}
	if !reflect.DeepEqual(got, want) || answer.PageCount != 1 {
		t.Errorf("got\n%+v\nwant\n%+v", got, want)
	}
}

func TestLicenceName(t *testing.T) {
	for codes, want := range map[[2]string]string{
		{"by", "2.0"}: "CC BY 2.0", {"by-nc-nd", "4.0"}: "CC BY-NC-ND 4.0", {"cc0", ""}: "CC0",
		{"pdm", "1.0"}: "Public Domain Mark 1.0", {"sampling+", "1.0"}: "CC SAMPLING+ 1.0",
		{"", "1.0"}: "", {"own", ""}: "own",
	} {
		if got := licenceName(codes[0], codes[1]); got != want {
			t.Errorf("%v is %q, want %q", codes, got, want)
		}
	}
}

func TestOpenversePagesAndFaults(t *testing.T) {
	w := newWeb(t, map[string]string{
		// The robots.txt is not asked about an interface for programs.
		"/robots.txt": "User-agent: *\nDisallow: /v1/",
		"/v1/images/?page=1&page_size=20&q=two+pugs": `{"page_count":3,"results":[` +
			`{"url":"http://example.org/1.jpg"},{"url":"ftp://example.org/"}]}`,
		"/v1/images/?page=2&page_size=20&q=two+pugs": `{"page_count":3,"results":[` +
			`{"url":"http://example.org/2.jpg"}]}`,
		"/v1/images/?page=1&page_size=20&q=walrus": `{"page_count":0,"results":[]}`,
		"/v1/images/?page=1&page_size=20&q=html":   `<p>down</p>`,
	})
	got, errs := w.found(t, SourceSpec{Class: "pug", Query: "two pugs"})
	want := []string{"http://example.org/1.jpg", "http://example.org/2.jpg"}
	if !reflect.DeepEqual(got, want) || len(errs) != 2 ||
		!strings.Contains(errs[0].Error(), "page 1") || !strings.Contains(errs[1].Error(), "404") {
		t.Errorf("found %v (%v), want both, a fault and the page that is gone", got, errs)
	}
	_, errs = w.found(t, SourceSpec{Class: "pug", Query: "walrus"})
	if len(errs) != 1 || !errors.Is(errs[0], ErrNoImages) || !strings.Contains(errs[0].Error(), "walrus") {
		t.Errorf("nothing found is told as %v", errs)
	}
	_, errs = w.found(t, SourceSpec{Class: "pug", Query: "html"})
	if len(errs) != 1 || !strings.Contains(errs[0].Error(), "JSON") {
		t.Errorf("a page in place of JSON is told as %v", errs)
	}
}

func FuzzOpenverse(f *testing.F) {
	f.Add([]byte(recorded))
	f.Add([]byte(`{"page_count":-1,"results":[{"url":"HTTP://[::1]:80/a b"}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		answer, err := parseOpenverse(data)
		if err != nil {
			t.Skip()
		}
		for _, r := range answer.Results {
			c, err := r.candidate("pug")
			if err != nil {
				continue
			}
			if _, err := json.Marshal(c.Source); err != nil {
				t.Error(err)
			}
			if again, err := Address(c.Source.URL); err != nil || again != c.Source.URL {
				t.Errorf("%q is not an address of this package: %q, %v", c.Source.URL, again, err)
			}
		}
	})
}

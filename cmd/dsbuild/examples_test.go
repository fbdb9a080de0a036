package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/dsbuild/dsbuild/dataset"
)

// TestExamplesOfHelp pastes every example that the help of a command shows,
// in the order of the commands, into one folder with photos. The web is a
// small site on loopback.
func TestExamplesOfHelp(t *testing.T) {
	t.Chdir(t.TempDir())
	if code := mkimages([]string{"photos", "cat=30", "dog=30"}); code != 0 {
		t.Fatalf("mkimages ended with %d", code)
	}
	web := startWeb(t)
	for _, cmd := range commands() {
		if cmd.Name == "demo" {
			continue // demo.txtar pastes it
		}
		examples := examplesOf(cmd.Description)
		if len(examples) == 0 {
			t.Errorf("the help of %s shows no example", cmd.Name)
		}
		for _, example := range examples {
			if !strings.HasPrefix(example, "dsbuild "+cmd.Name+" ") {
				t.Errorf("the help of %s shows: %s", cmd.Name, example)
			}
			var out, errs bytes.Buffer
			args := web.point(words(example))
			if cmd.Name == "augment" {
				pointSample(t, args, "pets")
			}
			code := run(context.Background(), args, &out, &errs)
			if code != exitDone || out.Len() == 0 {
				t.Errorf("$ %s\nexit code %d\n%s%s", example, code, &out, &errs)
			}
			if cmd.Name == "init" {
				web.pointRecipe(t, "pets/dsbuild.yaml")
			}
		}
	}
}

// examplesOf returns the calls of the program that a description shows.
func examplesOf(description string) []string {
	var examples []string
	for _, line := range strings.Split(description, "\n") {
		if call := strings.TrimSpace(line); strings.HasPrefix(line, "   dsbuild ") {
			examples = append(examples, call)
		}
	}
	return examples
}

// words parts a line as a shell does that knows double quotes only.
func words(line string) []string {
	var out []string
	for i, part := range strings.Split(line, `"`) {
		if i%2 == 1 {
			out = append(out, part)
		} else {
			out = append(out, strings.Fields(part)...)
		}
	}
	return out
}

// A web stands for the one that examples speak of.
type web struct{ url string }

// startWeb serves different pictures everywhere under /img, a gallery of some
// on all other pages, and an image search that finds some for any words; and
// it writes urls.txt.
func startWeb(t *testing.T) web {
	t.Helper()
	mux := http.NewServeMux()
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	urls := func(of string) []string {
		var list []string
		for i := range 20 {
			list = append(list, fmt.Sprintf("%s/img/%s/%d.png", server.URL, of, i))
		}
		return list
	}
	mux.HandleFunc("/robots.txt", http.NotFound)
	mux.HandleFunc("/img/{of}/{name}", func(w http.ResponseWriter, r *http.Request) {
		if err := drawTo(w, "fish", r.URL.Path); err != nil {
			t.Error(err)
		}
	})
	mux.HandleFunc("/v1/images/", func(w http.ResponseWriter, r *http.Request) {
		results := []map[string]string{}
		for _, url := range urls(url.PathEscape(r.FormValue("q"))) {
			results = append(results, map[string]string{"url": url})
		}
		err := json.NewEncoder(w).Encode(map[string]any{
			"result_count": len(results), "page_count": 1, "page": 1, "results": results})
		if err != nil {
			t.Error(err)
		}
	})
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		for _, url := range urls("gallery") {
			fmt.Fprintf(w, `<img src="%s">`, url)
		}
	})
	text := []byte(strings.Join(urls("list"), "\n"))
	if err := os.WriteFile("urls.txt", text, 0o666); err != nil {
		t.Fatal(err)
	}
	return web{server.URL}
}

// point makes a call ask this web instead of the real one.
func (w web) point(args []string) []string {
	for i, arg := range args {
		args[i] = strings.Replace(arg, "https://example.org", w.url, 1)
	}
	if args[1] == "scrape" {
		args = append(args, "--allow-private", "--interval=-1s", "--openverse", w.url)
	}
	return args
}

// pointSample puts a training picture in the place of the one that a call
// speaks of.
func pointSample(t *testing.T, args []string, dir dataset.Dir) {
	t.Helper()
	train, err := dataset.ReadAll(dir.Split(dataset.Train))
	if err != nil {
		t.Fatal(err)
	}
	for i := range args[1:] {
		if args[i] == "--sample" {
			args[i+1] = train[0].FileName
		}
	}
}

// pointRecipe makes a recipe ask this web, and training short.
func (w web) pointRecipe(t *testing.T, path string) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for section, settings := range map[string]string{
		"scrape": "allow_private: true\n  interval: -1s\n  openverse: " + w.url,
		"train":  "epochs: 2",
	} {
		line := "\n" + section + ":\n"
		if !strings.Contains(string(text), line) {
			t.Fatalf("%s has no section %s", path, section)
		}
		text = []byte(strings.Replace(string(text), line, line+"  "+settings+"\n", 1))
	}
	if err := os.WriteFile(path, text, 0o666); err != nil {
		t.Fatal(err)
	}
}

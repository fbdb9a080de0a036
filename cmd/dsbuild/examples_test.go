package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
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
		examples := examplesOf(cmd.Description)
		if len(examples) == 0 {
			t.Errorf("the help of %s shows no example", cmd.Name)
		}
		for _, example := range examples {
			if !strings.HasPrefix(example, "dsbuild "+cmd.Name+" ") {
				t.Errorf("the help of %s shows: %s", cmd.Name, example)
			}
			var out, errs bytes.Buffer
			code := run(context.Background(), web.point(words(example)), &out, &errs)
			if code != exitDone || out.Len() == 0 {
				t.Errorf("$ %s\nexit code %d\n%s%s", example, code, &out, &errs)
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

// startWeb serves pictures of everything under /img, a gallery of them on all
// other pages, an image search that finds them, and writes urls.txt.
func startWeb(t *testing.T) web {
	t.Helper()
	mux := http.NewServeMux()
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	var urls []string
	for i := range 30 {
		urls = append(urls, fmt.Sprintf("%s/img/%d.png", server.URL, i))
	}
	mux.HandleFunc("/robots.txt", http.NotFound)
	mux.HandleFunc("/img/{name}", func(w http.ResponseWriter, r *http.Request) {
		if err := drawTo(w, "fish", r.URL.Path); err != nil {
			t.Error(err)
		}
	})
	mux.HandleFunc("/v1/images/", func(w http.ResponseWriter, _ *http.Request) {
		var results []map[string]string
		for _, url := range urls[:20] {
			results = append(results, map[string]string{"url": url})
		}
		err := json.NewEncoder(w).Encode(map[string]any{
			"result_count": 20, "page_count": 1, "page": 1, "results": results})
		if err != nil {
			t.Error(err)
		}
	})
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		for _, url := range urls[10:] {
			fmt.Fprintf(w, `<img src="%s">`, url)
		}
	})
	text := []byte(strings.Join(urls, "\n"))
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

package demosite

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// robots forbids a folder to which galleries link.
const robots = "User-agent: *\nDisallow: /private/\n"

func (s *Site) routes() {
	s.mux.HandleFunc("GET /{$}", s.serveIndex)
	s.mux.HandleFunc("GET /robots.txt", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		fmt.Fprint(w, robots)
	})
	s.mux.HandleFunc("GET /gallery/{class}/{$}", s.serveGallery)
	s.mux.HandleFunc("GET /gallery/{class}/{name}", s.servePhotoPage)
	s.mux.HandleFunc("GET /img/{class}/{file}", s.serveItem)
	s.mux.HandleFunc("GET /private/{class}/{file}", s.serveItem)
	s.mux.HandleFunc("GET /small/{class}/{file}", s.serveSmall)
	s.mux.HandleFunc("GET /v1/images/{$}", s.serveSearch)
}

// Handler answers requests and keeps the log.
func (s *Site) Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.requests = append(s.requests, Request{r.Method, r.URL.Path, r.URL.RawQuery, r.UserAgent()})
		s.mu.Unlock()
		s.mux.ServeHTTP(w, r)
	})
}

// serveItem answers with an item's file, or with what is wrong with it.
func (s *Site) serveItem(w http.ResponseWriter, r *http.Request) {
	it, ok := s.byPath[r.URL.Path]
	if !ok || it.kind == NotFound {
		http.NotFound(w, r)
		return
	}
	first := it.asked.Add(1) == 1
	switch {
	case it.hitch == RateLimited && first:
		w.Header().Set("Retry-After", "1")
		http.Error(w, "not so fast, please", http.StatusTooManyRequests)
	case it.hitch == ServerError && first:
		http.Error(w, "something went wrong, try again", http.StatusInternalServerError)
	case it.hitch == Slow:
		dribble(w, r, it.file())
	default:
		serveFile(w, r, it.file())
	}
}

// serveSmall answers with the smaller candidate of a srcset.
func (s *Site) serveSmall(w http.ResponseWriter, r *http.Request) {
	it, ok := s.byPath["/img/"+strings.TrimPrefix(r.URL.Path, "/small/")]
	if !ok || it.shown != asSrcset {
		http.NotFound(w, r)
		return
	}
	serveFile(w, r, encode(resize(it.file().decode(), 0.5), it.extension(), 85))
}

func serveFile(w http.ResponseWriter, r *http.Request, f file) {
	w.Header().Set("Content-Type", f.mime)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(f.data))
}

// dribble sends a file in pieces with pauses between them.
func dribble(w http.ResponseWriter, r *http.Request, f file) {
	const pieces, pause = 7, 50 * time.Millisecond
	w.Header().Set("Content-Type", f.mime)
	w.Header().Set("Content-Length", fmt.Sprint(len(f.data)))
	flusher := http.NewResponseController(w)
	size := (len(f.data) + pieces - 1) / pieces
	for rest := f.data; len(rest) > 0; {
		n := min(size, len(rest))
		if _, err := w.Write(rest[:n]); err != nil {
			return // the client is gone
		}
		rest = rest[n:]
		if err := flusher.Flush(); err != nil {
			return
		}
		select {
		case <-r.Context().Done():
			return
		case <-time.After(pause):
		}
	}
}

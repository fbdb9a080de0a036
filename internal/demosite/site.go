package demosite

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/dsbuild/dsbuild/internal/demosite/sketch"
)

// Options say what a site shows. The zero value is the site of the demo.
type Options struct {
	// Seed of all drawings.
	Seed uint64
	// PerClass is the number of good pictures of each class; 0 means 80.
	PerClass int
	// Classes, of those that sketch.Subjects lists; nil means all of them.
	Classes []string
}

func (o Options) withDefaults() Options {
	if o.PerClass == 0 {
		o.PerClass = 80
	}
	if o.Classes == nil {
		o.Classes = sketch.Subjects()
	}
	return o
}

// minPerClass leaves room for what is planted beside and on good pictures.
const minPerClass = 12

// Validate tells what is wrong with the options.
func (o Options) Validate() error {
	o = o.withDefaults()
	if o.PerClass < minPerClass {
		return fmt.Errorf("demo site: %d pictures a class are fewer than %d", o.PerClass, minPerClass)
	}
	if len(o.Classes) < 2 {
		return errors.New("demo site: it takes at least two classes to have pictures in two of them")
	}
	for i, class := range o.Classes {
		if !slices.Contains(sketch.Subjects(), class) {
			return fmt.Errorf("demo site: nobody can draw %q (only: %s)",
				class, strings.Join(sketch.Subjects(), ", "))
		}
		if slices.Contains(o.Classes[:i], class) {
			return fmt.Errorf("demo site: class %q is listed twice", class)
		}
	}
	return nil
}

// A Site is a web site of drawn pictures. It is safe for concurrent use.
type Site struct {
	classes []string
	items   map[string][]*item // by class, in the order in which they are shown
	byPath  map[string]*item
	mux     *http.ServeMux

	mu       sync.Mutex
	requests []Request

	server *http.Server // nil where New made the site
	url    string
	served chan error // what the server ended with
}

// A Request is one line of the site's log.
type Request struct {
	Method    string
	Path      string // without the query
	Query     string
	UserAgent string
}

// New returns a site that listens nowhere; its Handler answers.
func New(o Options) (*Site, error) {
	if err := o.Validate(); err != nil {
		return nil, err
	}
	o = o.withDefaults()
	s := &Site{
		classes: slices.Clone(o.Classes),
		items:   map[string][]*item{},
		byPath:  map[string]*item{},
		mux:     http.NewServeMux(),
	}
	for class, items := range planSite(o) {
		s.items[class] = items
		for _, it := range items {
			s.byPath[it.path] = it
		}
	}
	s.routes()
	return s, nil
}

// Start returns a site that listens on a free port of 127.0.0.1 until Close
// is called or ctx ends. Close must be called in either case.
func Start(ctx context.Context, o Options) (*Site, error) {
	s, err := New(o)
	if err != nil {
		return nil, err
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("demo site: %w", err)
	}
	s.url = "http://" + listener.Addr().String()
	s.served = make(chan error, 1)
	s.server = &http.Server{
		Handler:           s.Handler(),
		ReadHeaderTimeout: 10 * time.Second,
		BaseContext:       func(net.Listener) context.Context { return ctx },
	}
	go func() { s.served <- s.server.Serve(listener) }()
	return s, nil
}

// URL is where a started site is found, such as "http://127.0.0.1:40123",
// without a slash at the end. It is empty for a site made by New.
func (s *Site) URL() string { return s.url }

// Close stops a started site, cutting off answers under way, and returns once
// nothing listens any more. It does nothing for a site made by New.
func (s *Site) Close() error {
	if s.server == nil {
		return nil
	}
	err := s.server.Close()
	if ended := <-s.served; !errors.Is(ended, http.ErrServerClosed) {
		err = errors.Join(err, ended)
	}
	s.served <- http.ErrServerClosed // a second Close finds it, too
	return err
}

// Classes returns the classes of which the site has a gallery.
func (s *Site) Classes() []string { return slices.Clone(s.classes) }

// Gallery returns the path of a class's gallery, such as "/gallery/fish/".
func (s *Site) Gallery(class string) string { return "/gallery/" + class + "/" }

// Served counts what the site offers, by kind; Kinds lists the map's keys.
func (s *Site) Served() map[Kind]int {
	counts := map[Kind]int{}
	for _, k := range Kinds() {
		counts[k] = 0
	}
	for _, items := range s.items {
		for _, it := range items {
			counts[it.kind]++
			if it.hitch != "" {
				counts[it.hitch]++
			}
		}
	}
	return counts
}

// Requests returns the log: all that was asked so far, in order of arrival.
func (s *Site) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.requests)
}

// Requested counts the requests so far for paths that start with prefix.
func (s *Site) Requested(prefix string) int {
	n := 0
	for _, r := range s.Requests() {
		if strings.HasPrefix(r.Path, prefix) {
			n++
		}
	}
	return n
}

// Paths returns the paths of all items of one kind, sorted.
func (s *Site) Paths(kind Kind) []string {
	var paths []string
	for path, it := range s.byPath {
		if it.kind == kind || it.hitch == kind {
			paths = append(paths, path)
		}
	}
	slices.Sort(paths)
	return paths
}

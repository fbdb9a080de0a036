package scrape

import (
	"errors"
	"fmt"

	"github.com/dsbuild/dsbuild/dataset"
)

// A Report counts what became of the images that the sources found. An offer
// is a URL for a class; several sources may find the same one.
type Report struct {
	// Found is the number of offers: those stored, known, copies and refused
	// together.
	Found  int `json:"found"`
	Stored int `json:"stored"` // new pictures
	Known  int `json:"known"`  // offers that the data set had before
	Copies int `json:"copies"` // further offers of bytes that the class has
	// Refused counts offers by the reason that they could not be taken, those
	// remembered from earlier runs included.
	Refused map[string]int `json:"refused"`
	// Retry counts the refused ones that may come at a later run.
	Retry int `json:"retry"`
	// Classes counts the pictures that were offered of each class, copies
	// included.
	Classes map[string]int `json:"classes"`
	// Sources tell of each source, in the order of the options.
	Sources []SourceReport `json:"sources"`
}

// Collected is how many offers the data set has.
func (r Report) Collected() int { return r.Stored + r.Known + r.Copies }

// A SourceReport tells what one source gave.
type SourceReport struct {
	Source string `json:"source"`
	Class  string `json:"class,omitempty"`
	Found  int    `json:"found"` // offers, whoever found them first
	Taken  int    `json:"taken"` // those of them that the data set has
	// Links are pages that a gallery links to and that could not be read.
	Links int `json:"links,omitempty"`
	// Errors say what the source could not give.
	Errors []string `json:"errors,omitempty"`
}

// A SourcesError tells what sources could not give, while the run went on. The
// Report says whether anything was collected all the same.
type SourcesError struct{ Errs []error }

func (e *SourcesError) Error() string {
	if len(e.Errs) == 1 {
		return e.Errs[0].Error()
	}
	return fmt.Sprintf("%d faults of sources:\n%v", len(e.Errs), errors.Join(e.Errs...))
}

func (e *SourcesError) Unwrap() []error { return e.Errs }

// reportOn counts outcomes against what the data set had before.
func reportOn(before []dataset.Sample, findings []*finding, list []outcome) Report {
	r := Report{Refused: map[string]int{}, Classes: map[string]int{}, Found: len(list)}
	names, known := map[string]bool{}, map[offer]bool{}
	for i := range before {
		s := &before[i]
		names[s.FileName] = true
		for _, source := range sourcesOf(s) {
			known[offer{s.Label, source.URL}] = true
		}
	}
	for _, u := range list {
		switch {
		case u.Reason != nil:
			r.Refused[u.Reason.Name]++
			if u.Reason.Temporary {
				r.Retry++
			}
			continue
		case known[u.offer]:
			r.Known++
		case names[u.Sample.FileName]:
			r.Copies++
		default:
			r.Stored++
		}
		names[u.Sample.FileName] = true
		r.Classes[u.class]++
	}
	for _, f := range findings {
		r.Sources = append(r.Sources, f.report())
	}
	return r
}

func (f *finding) report() SourceReport {
	r := SourceReport{
		Source: f.spec.String(), Class: f.spec.Class, Found: len(f.tasks), Links: f.links,
	}
	for _, t := range f.tasks {
		if t.result.Sample != nil {
			r.Taken++
		}
	}
	for _, err := range f.errs {
		r.Errors = append(r.Errors, err.Error())
	}
	return r
}

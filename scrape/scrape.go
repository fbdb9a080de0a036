package scrape

import (
	"context"
	"errors"
	"time"

	"github.com/dsbuild/dsbuild/dataset"
	"github.com/dsbuild/dsbuild/internal/store"
)

// Run collects the images of all sources into the data set. What could not be
// taken is no error of the run: refused.jsonl has it, with reasons. Where a
// source fails, the others go on, and the error is a *SourcesError. Where the
// context ends, all that came until then is recorded, and the error is the
// context's.
func Run(ctx context.Context, dir dataset.Dir, o Options) (Report, error) {
	if err := o.Validate(); err != nil {
		return Report{}, err
	}
	o = o.withDefaults()
	collected, err := dataset.ReadAllIfExists(dir.Collected())
	if err != nil {
		return Report{}, err
	}
	known, err := remember(dir, collected)
	if err != nil {
		return Report{}, err
	}
	log, err := dataset.OpenLedger(dir.Log("scrape"))
	if err != nil {
		return Report{}, err
	}
	report, err := run(ctx, dir, collected, known, log, o)
	return report, errors.Join(err, log.Close())
}

// run collects, records and reports.
func run(
	ctx context.Context, dir dataset.Dir, collected []dataset.Sample, known map[offer]result,
	log *dataset.Ledger, o Options,
) (Report, error) {
	client := o.client()
	defer client.Close()
	c := &collector{
		dir: dir, o: o, client: client, files: store.Open(dir), log: log, known: known,
		workers: make(chan struct{}, o.Workers), tasks: map[offer]*task{},
	}
	findings, ended := c.collect(ctx)
	list := outcomes(findings)
	report := reportOn(collected, findings, list)
	if err := c.files.Sync(); err != nil {
		return report, errors.Join(ended, err)
	}
	if err := record(dir, collected, list); err != nil {
		return report, errors.Join(ended, err)
	}
	err := log.Append(struct { // the moment, which manifests do not hold
		At     time.Time `json:"at"`
		Report Report    `json:"report"`
	}{time.Now().UTC(), report})
	if ended != nil || err != nil {
		return report, errors.Join(ended, err)
	}
	return report, faults(findings)
}

// faults returns what the sources could not give, or nil.
func faults(findings []*finding) error {
	var errs []error
	for _, f := range findings {
		errs = append(errs, f.errs...)
	}
	if len(errs) == 0 {
		return nil
	}
	return &SourcesError{Errs: errs}
}

package scrape

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/dsbuild/dsbuild/dataset"
	"github.com/dsbuild/dsbuild/internal/codec"
	"github.com/dsbuild/dsbuild/internal/fetch"
	"github.com/dsbuild/dsbuild/internal/store"
)

// take fetches one image and stores it, or finds out why that cannot be. The
// error is one of this machine's, or the context's.
func take(
	ctx context.Context, client *fetch.Client, files *store.Store, f offer, o Options,
) (result, error) {
	answer, err := client.Get(ctx, f.url)
	if err != nil {
		if ctx.Err() != nil {
			return result{}, ctx.Err()
		}
		fault, ok := errors.AsType[*fetch.Error](err)
		if !ok {
			return result{}, err
		}
		reason := unfetched(fault)
		return result{Reason: &reason}, nil
	}
	header, err := codec.Probe(answer.Body, codec.Limits{MaxPixels: o.MaxPixels})
	if err != nil {
		reason := store.Refusal(err)
		if errors.Is(err, codec.ErrNotImage) {
			reason.Detail = fmt.Sprintf("it is %s, served as %q",
				http.DetectContentType(answer.Body), answer.Header.Get("Content-Type"))
		}
		return result{Reason: &reason}, nil
	}
	sample, err := files.Put(f.class, answer.Body, header)
	if err != nil {
		return result{}, err
	}
	return result{Sample: &sample}, nil
}

// unfetched gives the reason for an answer that did not come. Its name is the
// error's kind; a status is its value.
func unfetched(fault *fetch.Error) dataset.Reason {
	reason := dataset.Reason{
		Name: string(fault.Kind), Detail: fault.Detail, Temporary: fault.Temporary,
	}
	switch fault.Kind {
	case fetch.Status:
		status := float64(fault.Status)
		reason.Value = &status
		reason.Detail = http.StatusText(fault.Status)
	case fetch.TooLarge:
		limit := float64(fault.Limit)
		reason.Threshold = &limit
		reason.Detail = ""
	}
	return reason
}

package fetch

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"syscall"
	"time"
)

// A Kind is what kept an answer from coming.
type Kind string

// Kinds of errors.
const (
	Status    Kind = "http_status"        // an answer that is none, such as 404
	Robots    Kind = "robots"             // robots.txt forbids it, or could not be had
	Private   Kind = "private_address"    // the connection would lead to the local network
	BadURL    Kind = "bad_url"            // no address, or one that is not http or https
	TooLarge  Kind = "too_large"          // the body is over the limit
	Timeout   Kind = "timeout"            // one of the time limits
	Redirects Kind = "too_many_redirects" // more hops than allowed
	Network   Kind = "network"            // no connection, or one that broke
)

// An Error tells why an address gave no answer.
type Error struct {
	URL  string // the address asked at last, after redirects
	Kind Kind
	// Status is the server's, for the kind Status and for robots.txt.
	Status int
	// Limit is the broken one, for the kind TooLarge.
	Limit int64
	// Temporary errors may not come again at a later attempt.
	Temporary bool
	// Detail says it in words that are the same each time, as no port or
	// address of a connection is in them.
	Detail string
	// Err is what lies beneath, or nil.
	Err error

	after time.Duration // the server's Retry-After
}

func (e *Error) Error() string { return e.URL + ": " + e.Detail }
func (e *Error) Unwrap() error { return e.Err }

// StatusError returns the error of an answer with a status that is no success.
func StatusError(url string, status int) *Error {
	return &Error{
		URL: url, Kind: Status, Status: status, Temporary: canPass(status),
		Detail: fmt.Sprintf("the server answers %d %s", status, http.StatusText(status)),
	}
}

// canPass tells whether a later request may well find another status.
func canPass(status int) bool {
	switch status {
	case http.StatusRequestTimeout, http.StatusTooEarly, http.StatusTooManyRequests,
		http.StatusInternalServerError, http.StatusBadGateway, http.StatusServiceUnavailable,
		http.StatusGatewayTimeout:
		return true
	}
	return false
}

func tooLarge(url string, limit int64) *Error {
	return &Error{
		URL: url, Kind: TooLarge, Limit: limit,
		Detail: fmt.Sprintf("the answer is over the limit of %d bytes", limit),
	}
}

// Causes with which a request is given up before its context ends.
var (
	errTotal = errors.New("the answer is not complete in time")
	errStall = errors.New("the answer stalls")
)

// classify says in an *Error why a request failed. The request's own context
// is asked for which time limit it was.
func classify(ctx context.Context, url string, err error) *Error {
	if own, ok := errors.AsType[*Error](err); ok {
		return own
	}
	if private, ok := errors.AsType[*privateError](err); ok {
		return &Error{URL: url, Kind: Private, Detail: private.Error(), Err: err}
	}
	for _, cause := range []error{errTotal, errStall} {
		if context.Cause(ctx) == cause {
			return &Error{URL: url, Kind: Timeout, Temporary: true, Detail: cause.Error(), Err: err}
		}
	}
	if timeout, ok := errors.AsType[net.Error](err); ok && timeout.Timeout() {
		return &Error{
			URL: url, Kind: Timeout, Temporary: true, Err: err,
			Detail: "the server does not answer in time",
		}
	}
	return networkError(url, err)
}

func networkError(url string, err error) *Error {
	e := &Error{URL: url, Kind: Network, Temporary: true, Detail: "the connection failed", Err: err}
	dns, isDNS := errors.AsType[*net.DNSError](err)
	_, isTLS := errors.AsType[*tls.CertificateVerificationError](err)
	switch {
	case isDNS && dns.IsNotFound:
		e.Temporary, e.Detail = false, "there is no such host"
	case isDNS:
		e.Detail = "the host's name could not be looked up"
	case isTLS:
		e.Temporary, e.Detail = false, "the server's certificate is not valid"
	case errors.Is(err, syscall.ECONNREFUSED):
		e.Detail = "the connection was refused"
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF),
		errors.Is(err, syscall.ECONNRESET):
		e.Detail = "the connection ended before the answer did"
	}
	return e
}

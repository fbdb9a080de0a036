// Package fetch is the polite and guarded HTTP client of dsbuild.
//
// An address flows in; the whole body of the answer, at most so many bytes of
// it, or an *Error that says what kept it from coming flows out:
//
//	client := fetch.New(fetch.Options{})
//	answer, err := client.Get(ctx, "https://example.org/corgi.jpg")
//
// Polite: robots.txt is obeyed on every hop, each host has a limit of requests
// at a time and an interval between them, what fails in a way that can pass is
// asked again after a jittered pause, and Retry-After is honoured.
//
// Guarded: the address of every connection is checked when it is dialled, after
// DNS and on every hop of a redirect, so that no answer can lead to the local
// network; time, bytes and redirects are bounded.
//
// All of this is done by the transport of one http.Client, which other
// libraries can be given (Client.HTTP).
package fetch

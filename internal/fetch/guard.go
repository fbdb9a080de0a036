package fetch

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"syscall"
	"time"
)

// maxHeaderBytes bounds the header of an answer.
const maxHeaderBytes = 64 << 10

// special are the IPv4 networks of the IANA's special-purpose registry (RFC
// 6890) and the multicast and reserved ones, none of which a public server
// has; and those of IPv6 within 2000::/3.
var special = prefixes(
	"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16",
	"172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16",
	"198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
	// Teredo and others, documentation, 6to4, documentation.
	"2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20",
)

// global is where all public IPv6 addresses are (RFC 4291, section 2.4). So
// ::1, link-local, unique local, multicast and NAT64 addresses are outside.
var global = netip.MustParsePrefix("2000::/3")

func prefixes(texts ...string) []netip.Prefix {
	list := make([]netip.Prefix, len(texts))
	for i, text := range texts {
		list[i] = netip.MustParsePrefix(text)
	}
	return list
}

// isPublic tells whether an address can be that of a public server. An IPv4
// address within an IPv6 one is judged as what it is.
func isPublic(a netip.Addr) bool {
	a = a.Unmap()
	if !a.IsValid() || a.Zone() != "" || (a.Is6() && !global.Contains(a)) {
		return false
	}
	for _, p := range special {
		if p.Contains(a) {
			return false
		}
	}
	return true
}

// isLinkLocal tells whether an address is of this very link. Clouds answer
// there with the secrets of the machine, and nobody has pictures there.
func isLinkLocal(a netip.Addr) bool { return a.Unmap().IsLinkLocalUnicast() }

// A privateError is the refusal to connect to an address.
type privateError struct {
	address string
	never   bool // whatever the options say
}

func (e *privateError) Error() string {
	if e.never {
		return e.address + " is never asked: it is a link-local address, or none at all"
	}
	return fmt.Sprintf("%s is an address of the local network (allow-private lets it pass)", e.address)
}

// A guard is asked before each connection is made, when its name has been
// looked up, and refuses addresses that are not public; those of the local
// network pass where they are allowed, but for link-local ones.
type guard struct {
	allowPrivate bool
	exempt       []netip.AddrPort
}

// control implements net.Dialer's ControlContext.
func (g guard) control(_ context.Context, network, address string, _ syscall.RawConn) error {
	place, err := netip.ParseAddrPort(address)
	if err != nil {
		return &privateError{address: network + " " + address, never: true}
	}
	if isPublic(place.Addr()) || slices.Contains(g.exempt, place) {
		return nil
	}
	never := isLinkLocal(place.Addr())
	if g.allowPrivate && !never {
		return nil
	}
	return &privateError{address: place.Addr().String(), never: never}
}

// newDoor returns the transport that makes the connections.
func newDoor(o Options) *http.Transport {
	dialer := &net.Dialer{
		Timeout: o.ConnectTimeout, KeepAlive: 30 * time.Second, Resolver: o.Resolver,
		ControlContext: guard{o.AllowPrivate, o.Exempt}.control,
	}
	door := &http.Transport{
		DialContext:            dialer.DialContext,
		ForceAttemptHTTP2:      true,
		TLSHandshakeTimeout:    o.ConnectTimeout,
		ResponseHeaderTimeout:  o.HeaderTimeout,
		MaxResponseHeaderBytes: maxHeaderBytes,
		MaxIdleConns:           64,
		MaxIdleConnsPerHost:    o.PerHost,
		IdleConnTimeout:        30 * time.Second,
	}
	if o.AllowPrivate {
		door.Proxy = http.ProxyFromEnvironment
	}
	return door
}

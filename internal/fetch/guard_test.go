package fetch

import (
	"context"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"testing"

	"golang.org/x/net/dns/dnsmessage"
)

func TestIsPublic(t *testing.T) {
	for _, text := range []string{
		"8.8.8.8", "1.1.1.1", "100.63.255.255", "172.32.0.1", "192.167.1.1", "223.255.255.255",
		"2606:4700::1111", "2a00:1450:4001::200e", "::ffff:8.8.8.8",
	} {
		if !isPublic(netip.MustParseAddr(text)) {
			t.Errorf("%s is taken for private", text)
		}
	}
	for _, text := range []string{
		"0.0.0.0", "0.1.2.3", "10.1.2.3", "100.64.0.1", "100.127.255.255", "127.0.0.1", "127.9.9.9",
		"169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.8", "192.0.2.1", "192.168.1.1",
		"198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "240.0.0.1", "255.255.255.255",
		"::", "::1", "::ffff:127.0.0.1", "::ffff:169.254.169.254", "::127.0.0.1", "fc00::1",
		"fd12:3456::1", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1", "64:ff9b::7f00:1",
		"64:ff9b:1::1", "100::1", "2001::1", "2001:db8::1", "2002:7f00:1::", "3fff::1", "5f00::1",
	} {
		if isPublic(netip.MustParseAddr(text)) {
			t.Errorf("%s is taken for public", text)
		}
	}
	if isPublic(netip.Addr{}) {
		t.Error("no address is taken for public")
	}
}

// However loopback is spelled, no connection to it is made.
func TestLoopbackIsRefused(t *testing.T) {
	s := serve(t, func(http.ResponseWriter, *http.Request) {})
	_, port, err := net.SplitHostPort(strings.TrimPrefix(s.URL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	c := newClient(t, Options{})
	for _, host := range []string{
		"127.0.0.1", "localhost", "0.0.0.0", "[::1]", "[::ffff:127.0.0.1]", "[::]",
		"169.254.169.254", "[64:ff9b::7f00:1]",
	} {
		_, err := c.Get(t.Context(), "http://"+host+":"+port+"/")
		wantError(t, err, Private, false)
	}
	if len(s.asked) != 0 {
		t.Errorf("the server was asked for %v", s.asked)
	}
}

func TestAllowPrivate(t *testing.T) {
	s := serve(t, withoutRobots(func(http.ResponseWriter, *http.Request) {}))
	if _, err := newClient(t, Options{AllowPrivate: true}).Get(t.Context(), s.URL); err != nil {
		t.Error(err)
	}
}

// What AllowPrivate lets pass is told by the guard alone: no connection is made.
func TestLinkLocalIsNeverAllowed(t *testing.T) {
	exempt := netip.MustParseAddrPort("169.254.1.1:80")
	for address, allowed := range map[string]bool{
		"10.0.0.1:80": true, "127.0.0.1:80": true, "[fd00::1]:80": true, "8.8.8.8:80": true,
		"169.254.1.1:80": true, "169.254.1.1:81": false, "169.254.169.254:80": false,
		"[::ffff:169.254.169.254]:80": false, "[fe80::1]:80": false, "nonsense": false,
	} {
		err := guard{true, []netip.AddrPort{exempt}}.control(t.Context(), "tcp", address, nil)
		if (err == nil) != allowed {
			t.Errorf("%s: error %v", address, err)
		}
	}
}

func TestNoProxyWithoutAllowPrivate(t *testing.T) {
	if newDoor(Options{}).Proxy != nil {
		t.Error("connections go through a proxy, which checks no address")
	}
	if newDoor(Options{AllowPrivate: true}).Proxy == nil {
		t.Error("the environment's proxy is passed over")
	}
}

// A redirect leads to a private address only after the first hop was fine.
func TestRedirectsAreGuarded(t *testing.T) {
	inner := serve(t, func(http.ResponseWriter, *http.Request) {})
	target := ""
	s := serve(t, withoutRobots(func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, target, http.StatusFound)
	}))
	_, port, _ := net.SplitHostPort(s.Listener.Addr().String())
	c := newClient(t, Options{}, s)
	for to, kind := range map[string]Kind{
		"http://169.254.169.254/latest/meta-data/": Private,
		"http://[::1]:" + port + "/":               Private,
		"http://localhost:1/":                      Private,
		inner.URL:                                  Private,
		"file:///etc/passwd":                       BadURL,
		"gopher://example.org/":                    BadURL,
		"http:///nowhere":                          BadURL,
		"/again":                                   Redirects,
	} {
		target = to
		_, err := c.Get(t.Context(), s.URL)
		wantError(t, err, kind, false)
	}
	if len(inner.asked) != 0 {
		t.Errorf("the inner server was asked for %v", inner.asked)
	}
}

// answerDNS answers every question for an IPv4 address with one.
func answerDNS(t *testing.T, address [4]byte) *net.Resolver {
	t.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	t.Cleanup(func() {
		if err := conn.Close(); err != nil {
			t.Error(err)
		}
		<-done
	})
	go func() {
		defer close(done)
		buf := make([]byte, 1500)
		for {
			n, from, err := conn.ReadFrom(buf)
			if err != nil {
				return
			}
			var m dnsmessage.Message
			if m.Unpack(buf[:n]) != nil || len(m.Questions) != 1 {
				continue
			}
			m.Response, m.RecursionAvailable, m.Additionals = true, true, nil
			if q := m.Questions[0]; q.Type == dnsmessage.TypeA {
				m.Answers = []dnsmessage.Resource{{
					Header: dnsmessage.ResourceHeader{Name: q.Name, Class: q.Class, TTL: 1},
					Body:   &dnsmessage.AResource{A: address},
				}}
			}
			answer, err := m.Pack()
			if err != nil {
				continue
			}
			if _, err := conn.WriteTo(answer, from); err != nil {
				return
			}
		}
	}()
	return &net.Resolver{
		PreferGo: true,
		Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, "udp", conn.LocalAddr().String())
		},
	}
}

// The name is a public one; where it leads is not.
func TestNameOfPrivateAddressIsRefused(t *testing.T) {
	for _, address := range [][4]byte{{127, 0, 0, 1}, {169, 254, 169, 254}, {10, 0, 0, 1}} {
		c := newClient(t, Options{Resolver: answerDNS(t, address)})
		_, err := c.Get(t.Context(), "http://pictures.example.org/corgi.jpg")
		fault := wantError(t, err, Private, false)
		if !strings.Contains(fault.Detail, netip.AddrFrom4(address).String()) {
			t.Errorf("the error does not name the address: %v", fault)
		}
	}
}

package detect

import (
	"net/netip"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// A URL is a URL as a browser reads it.
type URL struct {
	Scheme string // lower case
	User   string // what stands before "@", as written
	// Host is canonical: lower case with A-labels, IPv4 in dotted form, IPv6 as
	// RFC 5952 writes it, without brackets; "" if the URL has none.
	Host  string
	Port  string // digits, "" for the scheme's own
	Path  string // as written, "/" at least for special schemes
	Query string // without "?"
	// Addr is the host's address if the host is one.
	Addr netip.Addr
	// Odd says that the address was not written in its plain form: decimal, octal,
	// hexadecimal, shortened, percent-encoded, fullwidth, mapped into IPv6.
	Odd bool
	// written is the host as it stands in the text.
	written string
	// backslashed says that a backslash ended the authority.
	backslashed bool
}

// specialPorts are the schemes that the URL standard calls special, with their ports.
var specialPorts = map[string]string{"http": "80", "https": "443", "ws": "80", "wss": "443", "ftp": "21", "file": ""}

// ParseURL reads s as the WHATWG URL standard does, as far as host, port, path and
// query go: it drops tabs and newlines, takes backslashes for slashes and any
// number of slashes in special schemes, takes the last "@" for the end of the
// credentials, decodes the host, and reads IPv4 addresses of one to four parts in
// any base. It reports false for what isn't an absolute URL.
func ParseURL(s string) (URL, bool) {
	s = strings.TrimFunc(s, func(r rune) bool { return r <= ' ' })
	if strings.ContainsAny(s, "\t\n\r") {
		s = strings.NewReplacer("\t", "", "\n", "", "\r", "").Replace(s)
	}
	scheme, rest, ok := strings.Cut(s, ":")
	if !ok || !isScheme(scheme) {
		return URL{}, false
	}
	u := URL{Scheme: strings.ToLower(scheme)}
	rest, _, _ = strings.Cut(rest, "#")
	port, special := specialPorts[u.Scheme]
	if !special {
		if !strings.HasPrefix(rest, "//") {
			u.Path, u.Query, _ = strings.Cut(rest, "?")
			return u, rest != ""
		}
		rest = rest[2:]
	} else {
		head, query, has := strings.Cut(rest, "?")
		u.backslashed = strings.IndexByte(strings.TrimLeft(head, `/\`), '\\') >= 0
		head = strings.ReplaceAll(head, `\`, "/")
		if u.Scheme == "file" {
			if !strings.HasPrefix(head, "//") {
				u.Path, u.Query = head, query
				return u, true
			}
			head = head[2:]
		} else {
			head = strings.TrimLeft(head, "/")
		}
		rest = head
		if has {
			rest += "?" + query
		}
	}
	authority, tail := rest, ""
	if i := strings.IndexAny(rest, "/?"); i >= 0 {
		authority, tail = rest[:i], rest[i:]
	}
	u.Path, u.Query, _ = strings.Cut(tail, "?")
	if u.Path == "" && special {
		u.Path = "/"
	}
	if i := strings.LastIndexByte(authority, '@'); i >= 0 {
		u.User, authority = authority[:i], authority[i+1:]
	}
	host := authority
	if i := strings.LastIndexByte(authority, ':'); i >= 0 && i > strings.LastIndexByte(authority, ']') {
		host = authority[:i]
		u.Port = strings.TrimLeft(authority[i+1:], "0")
		if n, err := strconv.Atoi("0" + u.Port); err != nil || n > 65535 || !allDigits(u.Port) {
			return URL{}, false
		}
		if u.Port == port {
			u.Port = ""
		}
	}
	if host == "" {
		return u, u.Scheme == "file" || !special && u.Path != ""
	}
	u.written = host
	u.Host, u.Addr, u.Odd, ok = ParseHost(host)
	return u, ok
}

func isScheme(s string) bool {
	if s == "" || len(s) > 32 || !('a' <= s[0]|0x20 && s[0]|0x20 <= 'z') {
		return false
	}
	for i := 0; i < len(s); i++ {
		if c := s[i]; !isNameByte(c) && c != '+' && c != '-' && c != '.' || c == '_' {
			return false
		}
	}
	return true
}

// ParseHost reads a host as the URL standard does: percent-decoded, mapped by
// compatibility, lower case, an address in any notation. addr is valid if the host
// is an address; odd says that it wasn't written plainly.
func ParseHost(s string) (host string, addr netip.Addr, odd, ok bool) {
	if len(s) > 1024 || s == "" {
		return "", netip.Addr{}, false, false
	}
	if s[0] == '[' {
		end := strings.IndexByte(s, ']')
		if end != len(s)-1 {
			return "", netip.Addr{}, false, false
		}
		return parseIPv6(s[1:end])
	}
	if strings.Count(s, ":") > 1 {
		return parseIPv6(s)
	}
	plain := s
	if strings.IndexByte(s, '%') >= 0 {
		s = percentDecode(s)
	}
	if !utf8.ValidString(s) {
		return "", netip.Addr{}, false, false
	}
	if !allASCII(s) {
		s = strings.Map(func(r rune) rune {
			switch r {
			case 0x3002, 0xff0e, 0xff61:
				return '.'
			case 0xad, 0x200b, 0x200c, 0x200d, 0x2060, 0xfeff:
				return -1
			}
			return r
		}, norm.NFKC.String(s))
	}
	s = strings.ToLower(s)
	if s == "" || strings.ContainsAny(s, "\x00\t\n\r #/:<>?@[\\]^|%") {
		return "", netip.Addr{}, false, false
	}
	// The standard keeps trailing dots in names; resolvers don't.
	s = strings.TrimRight(s, ".")
	if a, isAddr, valid := parseIPv4(s); isAddr {
		if !valid {
			return "", netip.Addr{}, false, false
		}
		return a.String(), a, plain != a.String(), true
	}
	if !allASCII(s) {
		s = toALabels(s)
	}
	return s, netip.Addr{}, false, strings.Trim(s, ".") != "" && len(s) <= 1024
}

// parseIPv6 reads an IPv6 address, dropping a zone.
func parseIPv6(s string) (string, netip.Addr, bool, bool) {
	text, _, zone := strings.Cut(s, "%")
	a, err := netip.ParseAddr(text)
	if err != nil || !a.Is6() {
		return "", netip.Addr{}, false, false
	}
	return a.String(), a, zone || embeddedIPv4(a).IsValid(), true
}

// parseIPv4 is the standard's IPv4 parser: isAddr says that s ends in a number and
// so has to be an address.
func parseIPv4(s string) (addr netip.Addr, isAddr, valid bool) {
	parts := strings.Split(strings.TrimSuffix(s, "."), ".")
	if last := parts[len(parts)-1]; last == "" || !allDigits(last) && !isHexNumber(last) {
		return netip.Addr{}, false, false
	}
	if len(parts) > 4 {
		return netip.Addr{}, true, false
	}
	var ip uint64
	for i, p := range parts {
		n, ok := anyBase(p)
		bits := uint(8)
		if i == len(parts)-1 {
			bits = 8 * uint(5-len(parts))
		}
		if !ok || n >= 1<<bits {
			return netip.Addr{}, true, false
		}
		ip = ip<<bits | n
	}
	return netip.AddrFrom4([4]byte{byte(ip >> 24), byte(ip >> 16), byte(ip >> 8), byte(ip)}), true, true
}

func isHexNumber(s string) bool {
	if !strings.HasPrefix(s, "0x") {
		return false
	}
	for i := 2; i < len(s); i++ {
		if unhex(s[i]) < 0 {
			return false
		}
	}
	return true
}

// anyBase reads a number with C's prefixes.
func anyBase(s string) (uint64, bool) {
	base := 10
	switch {
	case s == "":
		return 0, false
	case strings.HasPrefix(s, "0x"):
		s, base = s[2:], 16
	case len(s) > 1 && s[0] == '0':
		s, base = s[1:], 8
	}
	if s == "" {
		return 0, true
	}
	n, err := strconv.ParseUint(s, base, 40)
	return n, err == nil
}

// embeddedIPv4 returns the IPv4 address inside a mapped, compatible, NAT64
// (RFC 6052, 8215), 6to4 (RFC 3056) or ISATAP address.
func embeddedIPv4(a netip.Addr) netip.Addr {
	if !a.Is6() {
		return netip.Addr{}
	}
	b := a.As16()
	v4 := func(i int) netip.Addr { return netip.AddrFrom4([4]byte(b[i : i+4])) }
	switch {
	case a.Is4In6():
		return a.Unmap()
	case nat64.Contains(a), nat64Local.Contains(a):
		return v4(12)
	case b[0] == 0x20 && b[1] == 0x02:
		return v4(2)
	case b[8]&^2 == 0 && b[9] == 0 && b[10] == 0x5e && b[11] == 0xfe:
		return v4(12)
	case [8]byte(b[:8]) == [8]byte{} && b[8] == 0xff && b[9] == 0xff && b[10] == 0 && b[11] == 0:
		return v4(12) // translated, RFC 2765
	case [12]byte(b[:12]) == [12]byte{} && (b[12] != 0 || b[13] != 0):
		return v4(12)
	}
	return netip.Addr{}
}

var (
	nat64      = netip.MustParsePrefix("64:ff9b::/96")
	nat64Local = netip.MustParsePrefix("64:ff9b:1::/48")
)

// toALabels encodes the labels that aren't ASCII by Punycode (RFC 3492).
func toALabels(host string) string {
	labels := strings.Split(host, ".")
	for i, l := range labels {
		if !allASCII(l) {
			labels[i] = "xn--" + punycode(l[:min(len(l), 256)])
		}
	}
	return strings.Join(labels, ".")
}

func punycode(label string) string {
	const base, tmin, tmax, skew, damp = 36, 1, 26, 38, 700
	runes := []rune(label)
	var out []byte
	for _, r := range runes {
		if r < 0x80 {
			out = append(out, byte(r))
		}
	}
	basic := len(out)
	if basic > 0 {
		out = append(out, '-')
	}
	n, delta, bias := rune(0x80), 0, 72
	for done := basic; done < len(runes); {
		next := rune(0x7fffffff)
		for _, r := range runes {
			if r >= n && r < next {
				next = r
			}
		}
		delta += int(next-n) * (done + 1)
		n = next
		for _, r := range runes {
			if r < n {
				delta++
			}
			if r != n {
				continue
			}
			q := delta
			for k := base; ; k += base {
				t := min(max(k-bias, tmin), tmax)
				if q < t {
					break
				}
				out = append(out, "abcdefghijklmnopqrstuvwxyz0123456789"[t+(q-t)%(base-t)])
				q = (q - t) / (base - t)
			}
			out = append(out, "abcdefghijklmnopqrstuvwxyz0123456789"[q])
			if done == basic {
				delta /= damp
			} else {
				delta /= 2
			}
			done++
			delta += delta / done
			k := 0
			for ; delta > (base-tmin)*tmax/2; k += base {
				delta /= base - tmin
			}
			bias = k + (base-tmin+1)*delta/(delta+skew)
			delta = 0
		}
		delta++
		n++
	}
	return string(out)
}

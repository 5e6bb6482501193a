package detect

import (
	"net/netip"
	"strings"
)

// egressParser finds places on the network that a call has no business with, and
// data on its way out in an address. What stands in a URL's place counts in full;
// a URL in a document is Low. A loopback address written plainly is Medium, and Low
// where it is most likely a developer's own server (see isDevServer).
var egressParser = Parser{
	Name:   "egress",
	Family: Egress,
	Doc: "Metadata, loopback, private and other special addresses in every notation that URL parsers take, names that stand for them, " +
		"request bins and paste sites, schemes that reach beyond HTTP, credentials that look like a host, and data in names and queries.",
	Kinds: []string{
		"cgnat-address", "data-in-header", "data-in-url", "dns-exfiltration", "internal-name", "ip-literal-host", "link-local-address", "loopback-address", "metadata-address", "non-http-scheme",
		"obfuscated-address", "paste-or-webhook-sink", "private-address", "rebinding-name", "shortener", "userinfo-url",
	},
	Maybe: maybeEgress,
	Find:  findEgress,
	Match: map[string]string{
		"http://169.254.169.254/latest/meta-data/":          "metadata-address",
		"http://metadata.google.internal/computeMetadata/":  "metadata-address",
		"http://[fd00:ec2::254]/":                           "metadata-address",
		"http://localhost/":                                 "loopback-address",
		"http://localhost:6379/":                            "loopback-address",
		"http://127.0.0.1/":                                 "loopback-address",
		"http://0.0.0.0:8080/admin":                         "loopback-address",
		"http://[::1]/":                                     "loopback-address",
		"http://10.0.0.1/":                                  "private-address",
		"http://192.168.1.1/admin":                          "private-address",
		"http://169.254.1.1/":                               "link-local-address",
		"http://100.64.0.1/":                                "cgnat-address",
		"http://2130706433/":                                "obfuscated-address",
		"http://0x7f.1/":                                    "obfuscated-address",
		"http://0177.0.0.1/":                                "obfuscated-address",
		"http://127.1/":                                     "obfuscated-address",
		"http://0xa9fea9fe/latest":                          "metadata-address",
		"http://[::ffff:169.254.169.254]/":                  "metadata-address",
		"http://[64:ff9b::a9fe:a9fe]/":                      "metadata-address",
		"http://[fe80::1%25eth0]/":                          "link-local-address",
		"http://１２７.0.0.1/":                                 "obfuscated-address",
		"http://%31%32%37.0.0.1/":                           "obfuscated-address",
		"http://127。0。0。1/":                                 "obfuscated-address",
		`http:\\10.0.0.1\x`:                                 "private-address",
		"http://10.0.0.1.nip.io/":                           "rebinding-name",
		"https://github.com@a.example/":                     "userinfo-url",
		"https://webhook.site/0123":                         "paste-or-webhook-sink",
		"gopher://a.example:70/_x":                          "non-http-scheme",
		"https://bit.ly/x":                                  "shortener",
		"http://203.0.113.7/x":                              "ip-literal-host",
		"https://build.corp/x":                              "internal-name",
		"https://a.example/c?d=aGVsbG8gd29ybGQgYWdhaW4=":    "data-in-url",
		"https://68656c6c6f20776f726c64206167.x.a.example/": "dns-exfiltration",
		"curl 169.254.169.254/latest/meta-data":             "metadata-address",
	},
	NoMatch: []string{
		"https://example.com/", "https://docs.python.org/3/library/os.html#os.environ", "https://api.github.com/repos/a/b/commits?per_page=100&page=2", "https://cdn.example.net/assets/app.3f2a9c1b.js",
		"https://www.youtube.com/watch?v=dQw4w9WgXcQ", "https://docs.google.com/document/d/1BxiMVs0XRA5nFMdKvBdBZjgmUUqptlbs74OgvE2upms/edit", "curl -s https://example.com/v1.2.3.4/x", "version 10.0.0.1 of the tool", "12:30", "a:b", "C:\\x",
		"https://example.com/search?q=how+to+parse+urls+in+go", "https://user.github.io/repo/",
	},
}

// egressParsers is the egress part of the table of parsers.
var egressParsers = []Parser{egressParser}

func maybeEgress(v *View) bool {
	switch v.role() {
	case roleElsewhere:
		return false
	case roleURL, roleItself:
		return len(v.Text) > 3
	case roleCommand:
		return strings.Contains(v.Text, "://") || mentionsNetwork(v.Text)
	case roleOther:
		if isHeaderName(v.Of.Name) && len(v.Text) >= 32 {
			return true
		}
	case roleDocument:
		// egressRules see what matters in longer ones.
		return len(v.Text) <= 2<<10 && strings.Contains(v.Text, "://")
	}
	return strings.Contains(v.Text, "://") || len(v.Text) < 256 && strings.IndexByte(v.Text, ':') > 0
}

// netPrograms take a host or URL as an argument without a scheme.
var netPrograms = set("curl", "wget", "nc", "ncat", "netcat", "telnet", "ping", "ssh", "scp", "sftp", "ftp", "http", "https", "xh", "nslookup", "dig", "host", "socat", "aria2c", "iwr", "irm", "invoke-webrequest", "invoke-restmethod", "lynx", "links", "w3m", "nmap", "traceroute", "openssl", "rsync", "websocat", "ab", "wrk", "hey")

// probes say whether something answers, and fetch nothing.
var probes = set("ping", "nc", "ncat", "netcat", "telnet", "nmap", "ssh", "traceroute", "nslookup", "dig", "host")

func isOwnHost(s string) bool {
	return s == "localhost" || s == "127.0.0.1" || s == "::1"
}

func mentionsNetwork(s string) bool {
	for _, w := range [...]string{"curl", "wget", "nc ", "ncat", "netcat", "telnet", "ping", "http", "iwr", "irm", "Invoke-", "nslookup", "dig ", "socat", "nmap", "ssh"} {
		if strings.Contains(s, w) {
			return true
		}
	}
	for _, w := range [...]string{"''", `""`, `\`, "$'", "$@", "${"} {
		if strings.Contains(s, w) {
			return true
		}
	}
	return false
}

// maxURLs bounds the URLs looked at in one text.
const maxURLs = 2048

func findEgress(v *View, report func(kind string, start, end int, score Score)) {
	role := v.role()
	e := &egress{name: v.named().folded, most: High, role: role, asks: asksAddresses(v.Of.Tool)}
	defer e.tell(report, High)
	text := v.Text
	e.browses = role == roleURL && browsers.count([]byte(lower(v.Of.Tool)), 1) > 0
	if role == roleOther && isHeaderName(v.Of.Name) && dataInHeader(text) {
		report("data-in-header", 0, len(text), Medium)
	}
	trimmed := strings.TrimSpace(text)
	whole := len(trimmed) <= maxPath && !strings.ContainsAny(trimmed, " \n") && trimmed != ""
	if whole && strings.HasPrefix(strings.ReplaceAll(trimmed, `\`, "/"), "//") && role == roleURL {
		trimmed = "http:" + trimmed
	}
	if whole && role != roleCommand {
		if role == roleDocument {
			e.most = Medium
		}
		if u, ok := ParseURL(trimmed); ok && !isDrive(trimmed) {
			e.url(u, 0, len(text))
			return
		}
		if role == roleURL || role == roleItself || role == roleOther {
			e.crooked(trimmed, 0, len(text))
		}
		if role == roleURL || role == roleItself {
			e.bare(trimmed, 0, len(text))
			if role == roleURL {
				return
			}
		}
	}
	if role == roleURL && strings.Contains(trimmed, "://") && strings.IndexByte(trimmed, '@') > 0 {
		e.crooked(trimmed, 0, len(text))
	}
	e.renders = role == roleDocument && isRenderer(v.Of.Tool)
	if role == roleDocument {
		e.most = Low
	} else if role == roleOther || role == rolePath {
		e.most = Medium
	}
	e.scan(text)
	if role == roleCommand || role == roleItself {
		e.command(v)
	}
}

// An egress judges the URLs of one text.
type egress struct {
	grades
	name string
	role role
	// browses says that the tool shows pages to whoever builds them.
	browses bool
	// renders says that the text is a document that the tool itself loads the parts of.
	renders bool
	// asks says that the tool asks whatever it is told to for an answer.
	asks bool
	most Score // the surest that a finding may be here
}

// asksAddresses reports whether a tool's name says that it fetches from, tests or
// scans the address that it is given. Unnamed tools may.
func asksAddresses(tool string) bool {
	return tool == "" || holdsOne(strings.ToLower(tool), []string{"http", "fetch", "request", "get", "proxy", "url", "browse", "navigate", "goto", "open", "webhook", "download", "import", "crawl", "scrape", "curl", "scan", "probe", "port", "screenshot", "load", "preview", "render", "visit", "call", "connect", "check", "test", "read", "ssh", "tcp", "socket"})
}

func (e *egress) note(kind string, start, end int, score Score) {
	if kind != "" {
		e.addAt(kind, start, end, min(score, e.most))
	}
}

// scan finds URLs with "://" in running text.
func (e *egress) scan(text string) {
	from := 0
	for n := 0; n < maxURLs; n++ {
		i := strings.Index(text[from:], "://")
		if i < 0 {
			return
		}
		i += from
		start := i
		for start > from && i-start < 20 && (isNameByte(text[start-1]) && text[start-1] != '_' || strings.IndexByte("+.-", text[start-1]) >= 0) {
			start--
		}
		end := i + 3
		for end < len(text) && end-i < maxPath && text[end] > ' ' && strings.IndexByte("\"'<>`|{}\\^", text[end]) < 0 {
			end++
		}
		for end > i+3 && strings.IndexByte(".,;:!?)*", text[end-1]) >= 0 {
			end--
		}
		if u, ok := ParseURL(text[start:end]); ok {
			most := e.most
			if e.role == roleDocument && isLoaded(text[:start]) {
				if e.most = Medium; e.renders {
					e.most = High
				} else if k, _ := hostKind(u.Host); u.Addr.IsValid() || k != "" && k != "paste-or-webhook-sink" || u.Scheme == "file" {
					e.most = Low // shown, and loaded by no one's server
				}
			}
			e.url(u, start, end)
			e.most = most
		}
		from = end
	}
}

// isLoaded reports whether what stands before a URL makes a reader's program load it.
func isLoaded(before string) bool {
	before = strings.TrimRight(before, " \t\"'=<")
	for _, tail := range [...]string{"](", "src", "srcset", "background", "url(", "data-src", "poster", "xlink:href", "<link href", "<image href", "<use href", "@import url(", "]:"} {
		if len(before) >= len(tail) && strings.EqualFold(before[len(before)-len(tail):], tail) {
			return true
		}
	}
	return false
}

// isRenderer reports whether a tool's name says that it makes something of a document
// by loading what the document names.
func isRenderer(tool string) bool {
	return holdsOne(strings.ToLower(tool), []string{"render", "pdf", "screenshot", "svg", "convert", "preview", "to_image", "html2", "export_", "thumbnail", "unfurl"})
}

// crooked judges what is no URL by the standard and yet one to some reader: a host
// with octets beyond 255, which others take modulo 256, or with control characters,
// or blanks before an "@".
func (e *egress) crooked(s string, start, end int) {
	_, rest, ok := strings.Cut(s, "://")
	if !ok {
		return
	}
	authority := rest
	if i := strings.IndexAny(rest, "/?#"); i >= 0 && !strings.ContainsAny(rest[:i], " ") {
		authority = rest[:i]
	}
	plain := percentDecode(authority)
	switch {
	case strings.ContainsAny(plain, "\x00\t\r\n") && len(authority) < 256:
		e.note("obfuscated-address", start, end, High)
	case overflows(authority):
		e.note("obfuscated-address", start, end, High)
	case strings.ContainsAny(authority, " \\") && strings.IndexByte(authority, '@') > 0:
		e.note("userinfo-url", start, end, High)
	case strings.Contains(strings.ToLower(authority), "0x") && strings.HasPrefix(authority, "["):
		e.note("obfuscated-address", start, end, High)
	}
}

// overflows reports whether a host is a number that only fits an address once it is
// cut, and then is an address that calls have no business with.
func overflows(host string) bool {
	host, _, _ = strings.Cut(host[strings.LastIndexByte(host, '@')+1:], ":")
	parts := strings.Split(strings.TrimRight(host, "."), ".")
	if len(parts) != 4 && len(parts) != 1 {
		return false
	}
	var b [4]byte
	for i, p := range parts {
		n, ok := anyBase(strings.ToLower(p))
		if !ok || p == "" || !allDigits(p) && !isHexNumber(strings.ToLower(p)) {
			return false
		}
		if len(parts) == 1 {
			if n <= 0xffffffff {
				return false
			}
			b = [4]byte{byte(n >> 24), byte(n >> 16), byte(n >> 8), byte(n)}
		} else {
			b[i] = byte(n)
		}
	}
	kind, _ := addressKind(netip.AddrFrom4(b))
	return kind != ""
}

// command judges the words of network programs, which need no scheme.
func (e *egress) command(v *View) {
	r, text := v.shell(), v.Text
	for i := range r.pipes {
		for k := range r.pipes[i].calls {
			c := &r.pipes[i].calls[k]
			net := netPrograms[c.prog]
			for a := range c.args {
				w := &c.args[a]
				end := min(w.end, len(text))
				switch {
				case w.start > end:
				case strings.Contains(w.text, "://"):
					if u, ok := ParseURL(w.text); ok && isScheme(strings.SplitN(w.text, ":", 2)[0]) {
						e.url(u, w.start, end)
					}
				case net && !strings.HasPrefix(w.text, "-") && !strings.ContainsAny(w.text, " {}="):
					if probes[c.prog] && isOwnHost(w.text) || asksOfHost[c.prog] && isPlainPrivate(w.text) || asksNames[c.prog] && isClusterName(w.text) {
						continue // to see whether a machine of one's own is up, or to log in there
					}
					e.bare(strings.TrimPrefix(w.text, "@"), w.start, end)
				}
			}
		}
	}
}

// bare judges a host, with or without a port and a path, that has no scheme.
func (e *egress) bare(s string, start, end int) {
	most := e.most
	defer func() { e.most = most }()
	if at := strings.LastIndexByte(s, '@'); at >= 0 {
		s = s[at+1:]
	}
	host, _, _ := strings.Cut(s, "/")
	if allDigits(host) && len(host) < 8 || len(host) < 3 || strings.HasPrefix(host, ".") {
		return
	}
	if !strings.ContainsAny(host, ".:0123456789。") && host != "localhost" && host != "metadata" {
		return
	}
	u, ok := ParseURL("http://" + s)
	if !ok && strings.Count(s, ":") > 1 {
		u, ok = ParseURL("http://[" + strings.Trim(s, "[]") + "]/")
	}
	if !ok || u.Addr.IsValid() && !u.Addr.Is6() && strings.Count(host, ".") == 0 && !bigNumber(host) {
		return
	}
	own := u.Addr.IsLoopback() || u.Addr.IsUnspecified() || u.Host == "localhost"
	if (u.Addr.IsPrivate() || own && !e.asks && u.Path == "/" && !servicePorts[u.Port]) && !u.Odd && e.role == roleURL {
		// The address of a database or a device: what such arguments are for.
		e.most = Low
	}
	e.url(u, start, end)
}

// bigNumber reports whether a number without dots is meant as an address: no
// count, port or time is as large.
func bigNumber(s string) bool {
	s, _, _ = strings.Cut(s, ":")
	return strings.HasPrefix(s, "0x") && len(s) >= 8 || len(s) >= 9 && allDigits(s)
}

// url judges one URL.
func (e *egress) url(u URL, start, end int) {
	if s, ok := rawSchemes[u.Scheme]; ok {
		switch {
		case u.Scheme == "file" && !e.renders && (e.name == "uri" || e.role == rolePath || e.role == roleDocument || e.role == roleOther):
			s = Low
		case u.Scheme == "file" && e.browses && isPage(u.Path):
			s = Low
		case (u.Scheme == "javascript" || u.Scheme == "vbscript") && e.role != roleURL, u.Scheme == "php" && u.Host != "filter" && u.Host != "input":
			s = NoScore
		}
		e.note("non-http-scheme", start, end, s)
	}
	_, special := specialPorts[u.Scheme]
	if !special || u.Scheme == "file" {
		e.dataURL(u, start, end)
		if u.Scheme == "blob" || u.Scheme == "view-source" {
			if in, ok := ParseURL(u.Path); ok && in.Scheme != u.Scheme {
				e.url(in, start, end)
			}
		}
		// Whatever is spoken there, no one else lives at a metadata address.
		kind, score := hostKind(u.Host)
		if _, addr, _, ok := ParseHost(u.Host); ok && u.Host != "" && addr.IsValid() {
			kind, score = addressKind(addr)
		}
		if u.Host != "" && (kind == "metadata-address" || kind == "link-local-address" || kind == "rebinding-name") {
			e.note(kind, start, end, score)
		}
		return
	}
	if u.Addr.IsValid() {
		e.address(u, start, end)
	} else if kind, score := hostKind(u.Host); kind != "" {
		if (kind == "loopback-address" || strings.HasSuffix(u.Host, ".docker.internal") || strings.HasSuffix(u.Host, ".containers.internal")) && e.isDevServer(u) {
			score = Low
		}
		e.note(kind, start, end, score)
	}
	if isDropBox(u) {
		e.note("paste-or-webhook-sink", start, end, Medium)
	}
	if u.User != "" {
		user, _, _ := strings.Cut(percentDecode(u.User), ":")
		score := Low
		if strings.Contains(u.User, "@") || strings.Contains(user, ".") && !strings.Contains(user, "@") || strings.ContainsAny(u.User, `/\#?`) || strings.Contains(strings.ToLower(u.User), "%2") {
			score = High
		}
		e.note("userinfo-url", start, end, score)
	}
	if i := strings.Index(u.Path, "@"); i >= 0 && u.backslashed && e.role != roleDocument {
		// Another reader takes what stands before "@" for credentials.
		e.note("userinfo-url", start, end, High)
	}
	e.inside(u, start, end)
	if s := dataInPath(u); s > NoScore {
		e.note("data-in-url", start, end, s)
	}
	if s := dataInHost(u); s > NoScore {
		e.note("dns-exfiltration", start, end, s)
	}
	if s := dataInQuery(u); s > NoScore {
		e.note("data-in-url", start, end, s)
	}
}

// inside judges a URL carried in another's path or query, as redirectors, proxies
// and image resizers take it: only for what no ordinary link leads to.
func (e *egress) inside(u URL, start, end int) {
	for _, part := range [...]string{u.Path, u.Query} {
		if !strings.Contains(part, "://") && !strings.Contains(part, "=//") && !strings.Contains(part, "%3") && !strings.Contains(part, "%253") {
			continue
		}
		part = percentDecode(percentDecode(part))
		// An address without a scheme is taken with the page's own.
		part = strings.ReplaceAll(part, "=//", "=http://")
		for n := 0; n < 4; n++ {
			i := strings.Index(part, "://")
			if i < 0 {
				break
			}
			from := strings.LastIndexAny(part[:i], "=/?&,;|") + 1
			to := len(part)
			if k := strings.IndexAny(part[i:], "&,;|"); k > 0 {
				to = i + k
			}
			if in, ok := ParseURL(part[from:to]); ok {
				kind, score := hostKind(in.Host)
				if in.Addr.IsValid() {
					kind, score = addressKind(in.Addr)
				}
				switch {
				case rawSchemes[in.Scheme] == High:
					e.note("non-http-scheme", start, end, High)
				case kind == "metadata-address" || kind == "rebinding-name" || kind == "link-local-address":
					e.note(kind, start, end, score)
				case (kind == "loopback-address" || kind == "private-address") && e.role != roleDocument && !returns(part[:from]) && (in.Port == "" || servicePorts[in.Port] || kind == "private-address"):
					e.note(kind, start, end, Medium)
				case in.Odd && kind != "":
					e.note("obfuscated-address", start, end, High)
				}
			}
			part = part[to:]
		}
	}
}

// returns reports whether what stands before a URL names the place to return to after
// a log-in, which on a developer's machine is the machine itself.
func returns(before string) bool {
	before = strings.ToLower(before)
	if i := strings.LastIndexAny(before, "?&/"); i >= 0 {
		before = before[i:]
	}
	return holdsOne(before, []string{"redirect", "return", "callback", "next", "continue", "state", "origin", "referer", "service", "post_logout", "success", "cancel"})
}

// isDropBox reports whether a URL of a service with many uses is one where whoever
// set it up is sent what is put there.
func isDropBox(u URL) bool {
	p := u.Path
	switch u.Host {
	case "api.telegram.org":
		return strings.HasPrefix(p, "/bot") && strings.Contains(strings.ToLower(p), "/send")
	case "discord.com", "discordapp.com", "canary.discord.com", "ptb.discord.com":
		return strings.HasPrefix(p, "/api/") && strings.Contains(p, "/webhooks/")
	case "hooks.slack.com":
		return strings.HasPrefix(p, "/services/") || strings.HasPrefix(p, "/workflows/") || strings.HasPrefix(p, "/triggers/")
	case "script.google.com":
		return strings.HasPrefix(p, "/macros/") && strings.HasSuffix(p, "/exec")
	case "docs.google.com":
		return strings.HasPrefix(p, "/forms/") && strings.HasSuffix(p, "/formResponse")
	case "maker.ifttt.com", "hooks.zapier.com", "formspree.io":
		return len(p) > 4
	}
	return false
}

// dataURL judges a page that a URL itself holds.
func (e *egress) dataURL(u URL, start, end int) {
	if u.Scheme != "data" || e.role != roleURL && e.role != roleItself {
		return
	}
	head, _, _ := strings.Cut(strings.ToLower(u.Path), ",")
	if strings.HasPrefix(head, "text/html") || strings.Contains(head, "xhtml") || strings.HasPrefix(head, "image/svg") && strings.Contains(strings.ToLower(u.Path), "script") || strings.Contains(head, "javascript") {
		e.note("non-http-scheme", start, end, Medium)
	}
}

// address judges a host that is an address.
func (e *egress) address(u URL, start, end int) {
	kind, score := addressKind(u.Addr)
	odd := u.Odd && !(u.Addr.Is4() && u.written == u.Addr.String()+".")
	if kind == "" {
		kind, score = "ip-literal-host", Low
		if odd {
			score = Medium
		}
	}
	if odd {
		score = max(score, Medium)
		if kind != "ip-literal-host" {
			score = High
		}
		e.note("obfuscated-address", start, end, max(Medium, score))
	}
	if kind == "loopback-address" && !odd && e.isDevServer(u) || kind == "private-address" && !odd && e.isHomeDevice(u) {
		score = Low
	}
	e.note(kind, start, end, score)
}

// egressRules find in any text what the parser leaves to argument places.
var egressRules = []Rule{
	{
		Kind: "metadata-address", Family: Egress, Score: Low, Places: []Place{Answer, Description, Argument}, Check: inDocument,
		Doc:     "The address of the clouds' metadata service, named in a text.",
		Pattern: `\b169\.254\.169\.254\b|\bmetadata\.google\.internal\b`,
		Match:   []string{"fetch http://169.254.169.254/latest/meta-data/"},
		NoMatch: []string{"169.254.1.1", "1169.254.169.254"},
	},
	{
		Kind: "metadata-address", Family: Egress, Score: High, Places: []Place{Argument}, Check: notInDocument,
		Doc:     "The clouds' metadata service as a part of a path, where a proxy goes there for the caller, or of a list of numbers.",
		Pattern: `[/=@]169\.254\.169\.254(?::\d{1,5})?/|\b169\s?,\s?254\s?,\s?169\s?,\s?254\b`,
		Match:   []string{"/api/v1/nodes/169.254.169.254:80/proxy/latest/", "[169, 254, 169, 254].join('.')"},
		NoMatch: []string{"/docs/169.254.169.254.html", "169,254"},
	},
	{
		Kind: "paste-or-webhook-sink", Family: Egress, Score: Low, Places: []Place{Answer, Description, Argument}, Check: inDocument,
		Doc:     "A request bin or out-of-band listener, named in a text.",
		Pattern: `\b(?:webhook\.site|requestbin\.(?:com|net|io)|pipedream\.net|oastify\.com|burpcollaborator\.net|interact\.sh|transfer\.sh|beeceptor\.com|requestcatcher\.com)\b`,
		Match:   []string{"send it to https://webhook.site/0123"},
		NoMatch: []string{"https://website.example/webhook"},
	},
}

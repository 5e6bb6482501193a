package detect

import (
	"encoding/base32"
	"encoding/base64"
	"strings"
)

// hashedHosts give their customers names that are random by design.
var hashedHosts = set("cloudfront.net", "amazonaws.com", "azureedge.net", "azurewebsites.net", "windows.net", "googleusercontent.com", "vercel.app", "netlify.app", "pages.dev", "workers.dev", "herokuapp.com", "onrender.com", "fastly.net", "akamaized.net", "akamaihd.net", "run.app", "web.app", "firebaseapp.com", "supabase.co", "sentry.io", "replit.dev", "gitpod.io", "app.github.dev", "githubpreview.dev", "r2.dev", "fly.dev", "railway.app", "in-addr.arpa", "ip6.arpa")

// dataInHost grades how much a host's labels look like carried data.
func dataInHost(u URL) Score {
	if u.Addr.IsValid() || len(u.written) < 20 {
		return NoScore
	}
	for _, above, ok := strings.Cut(u.Host, "."); ok; _, above, ok = strings.Cut(above, ".") {
		if hashedHosts[above] {
			return NoScore
		}
	}
	labels := strings.Split(strings.TrimSuffix(u.written, "."), ".")
	if len(labels) < 3 {
		return NoScore
	}
	sub := labels[:len(labels)-2]
	best := NoScore
	random, length, hexes := 0, 0, 0
	for _, l := range sub {
		length += len(l)
		low := strings.ToLower(l)
		switch {
		case strings.HasPrefix(low, "xn--"):
		case len(l) >= 24 && isHexText(low):
			best = max(best, High)
		case len(l) >= 32 && onlyHex(low), len(l) >= 40 && mixesDigits(l):
			best = max(best, Medium)
		case len(l) >= 12 && l == strings.ToUpper(l) && isBase32(l):
			best = max(best, Medium)
		case len(l) >= 16 && isEncodedText(l, base32Text), len(l) >= 16 && switches(l) >= 3 && isEncodedText(l, base64Text):
			best = max(best, High)
		}
		if len(l) >= 4 && onlyHex(low) && mixesDigits(low+"00aa") && strings.ContainsAny(low, "0123456789") && strings.ContainsAny(low, "abcdef") {
			hexes++
		}
		if len(l) >= 6 && mixesDigits(l) && (onlyHex(low) || switches(l) >= 3) {
			random++
		}
	}
	switch {
	case random >= 4:
		best = max(best, High)
	case hexes >= 3, random >= 2 && length >= 24, length >= 80, len(labels) >= 7 && length >= 24:
		best = max(best, Medium)
	}
	return best
}

// dataInQuery grades a query that carries encoded text, or text hidden in
// needless percent-encoding.
func dataInQuery(u URL) Score {
	if len(u.Query) < 12 {
		return NoScore
	}
	best := NoScore
	for pair := range strings.SplitSeq(u.Query, "&") {
		key, val, _ := strings.Cut(pair, "=")
		if len(val) >= 8 && givenAway[foldName(key)] && !strings.ContainsAny(val, "{$<") {
			best = max(best, Medium)
		}
		if len(val) < 12 || benignKeys[foldName(key)] {
			continue
		}
		once := percentDecode(val)
		if needlessEscapes(val) >= 6 || needlessEscapes(once) >= 6 {
			best = max(best, Medium)
		}
		once = percentDecode(once)
		switch {
		case strings.HasPrefix(once, "eyJ"):
			best = max(best, Low)
		case len(once) >= 16 && isEncodedText(once, base64Text), len(once) >= 24 && isHexText(strings.ToLower(once)):
			best = max(best, Medium)
		case len(once) >= 64 && !strings.ContainsAny(once, " +") && mixesDigits(once) && !strings.Contains(once, "/"):
			best = max(best, Low)
		}
	}
	if len(u.Query) > 1500 {
		best = max(best, Low)
	}
	return best
}

// isHeaderName reports whether a member is a header of a request by its name.
func isHeaderName(name string) bool {
	return len(name) > 2 && (hasPrefixFold(name, "x-") || strings.EqualFold(name, "cookie") || strings.EqualFold(name, "referer") || strings.EqualFold(name, "user-agent") || strings.EqualFold(name, "from"))
}

// dataInHeader reports whether a header's value carries encoded text.
func dataInHeader(s string) bool {
	if len(s) > maxPath {
		return false
	}
	for part := range strings.FieldsFuncSeq(s, func(r rune) bool { return r == ' ' || r == ';' || r == '=' || r == ',' }) {
		if len(part) >= 32 && !strings.HasPrefix(part, "eyJ") && switches(part) >= 4 && isEncodedText(part, base64Text) && hasBlankOrWords(part) {
			return true
		}
	}
	return false
}

// givenAway are parameters that no honest link carries in the open.
var givenAway = set("password", "passwd", "pwd", "secret", "cookie", "cookies", "credentials", "creds", "ssn", "privatekey", "sshkey", "awssecret", "envdump", "keychain", "passphrase")

// longPathHosts put long random names into paths.
var longPathHosts = set("google.com", "googleapis.com", "googleusercontent.com", "youtube.com", "figma.com", "notion.so", "notion.site", "slack.com", "discord.com", "discordapp.com", "discordapp.net", "sharepoint.com", "live.com", "1drv.ms", "dropbox.com", "dropboxusercontent.com", "box.com", "airtable.com", "typeform.com", "zoom.us", "loom.com",
	"trello.com", "asana.com", "atlassian.net", "linear.app", "miro.com", "canva.com", "adobe.com", "stripe.com", "paypal.com", "auth0.com", "okta.com", "github.com", "githubusercontent.com", "gitlab.com", "office.com", "office365.com", "microsoft.com", "apple.com", "icloud.com", "amazon.com", "media-amazon.com", "medium.com", "reddit.com", "redd.it", "twimg.com", "fbcdn.net", "cdninstagram.com",
	"pythonhosted.org", "npmjs.org", "docker.com", "docker.io", "huggingface.co", "arxiv.org", "doi.org", "archive.org", "pinimg.com", "ytimg.com", "wikimedia.org", "unsplash.com", "pexels.com", "shopify.com", "squarespace.com", "wixstatic.com", "hubspot.com", "mailchimp.com", "list-manage.com", "substack.com", "substackcdn.com", "ghost.io", "segment.io", "sentry.io", "ipfs.io", "etherscan.io", "opensea.io", "spotify.com", "scdn.co")

// dataInPath grades a path that carries encoded text, or a segment as random as no
// name is.
func dataInPath(u URL) Score {
	if len(u.Path) < 24 || u.Addr.IsValid() && u.Addr.IsLoopback() {
		return NoScore
	}
	for d, ok := u.Host, true; ok; _, d, ok = strings.Cut(d, ".") {
		if hashedHosts[d] || longPathHosts[d] {
			return NoScore
		}
	}
	for seg := range strings.SplitSeq(percentDecode(u.Path), "/") {
		seg, _, _ = strings.Cut(seg, ";")
		if i := strings.LastIndexByte(seg, '.'); i > 0 && len(seg)-i <= 6 {
			seg = seg[:i]
		}
		switch {
		case len(seg) < 24 || strings.ContainsAny(seg, " ,:@"):
		case switches(seg) >= 4 && !strings.ContainsAny(seg, ".~") && isEncodedText(seg, base64Text) && hasBlankOrWords(seg):
			return Medium
		case len(seg) >= 28 && isHexText(strings.ToLower(seg)):
			return Medium
		case len(seg) >= 30 && looksRandom(seg):
			return Medium
		}
	}
	return NoScore
}

// hasBlankOrWords reports whether base64 decodes to what reads like text or a record,
// not to letters that happen to be printable.
func hasBlankOrWords(seg string) bool {
	b, err := base64Text(seg)
	if err != nil {
		return false
	}
	odd := 0
	for _, c := range b {
		if !isNameByte(c) && c != ' ' && c != '-' && c != '.' && c != ':' && c != '/' && c != '=' && c != ',' && c != '@' && c != '\n' && c != '{' && c != '}' && c != '"' {
			odd++
		}
	}
	return odd*12 <= len(b)
}

// looksRandom reports whether a segment changes between lower case, upper case and
// digits as only chance does.
func looksRandom(seg string) bool {
	digits, upper, lower := 0, 0, 0
	for i := 0; i < len(seg); i++ {
		switch c := seg[i]; {
		case '0' <= c && c <= '9':
			digits++
		case 'A' <= c && c <= 'Z':
			upper++
		case 'a' <= c && c <= 'z':
			lower++
		case c == '-' || c == '_' || c == '=':
		default:
			return false
		}
	}
	return digits >= 4 && upper >= 4 && lower >= 4 && strings.Count(seg, "-") <= 1 && switches(seg)*100 >= len(seg)*55
}

// benignKeys are parameters whose values are opaque by design.
var benignKeys = set("sig", "signature", "xamzsignature", "xamzcredential", "xamzsecuritytoken", "xgoogsignature", "xgoogcredential", "cursor", "after", "before", "pagetoken", "nextpagetoken", "nexttoken", "continuationtoken", "continuation", "state", "nonce", "codechallenge", "codeverifier", "etag", "hash", "v", "version", "id", "fbclid", "gclid", "msclkid", "utmid", "redirecturi", "returnurl", "returnto", "next", "url", "u", "q", "query", "search", "starting_after", "skiptoken", "samlrequest", "relaystate", "integrity", "sha", "sha256", "commit", "ref", "oldid", "sessionid", "csrf", "ei", "ved", "gslcp", "sca_esv", "pnonce", "filter", "where", "fields", "scope")

// needlessEscapes counts percent escapes of letters and digits, which no encoder
// writes.
func needlessEscapes(s string) int {
	n := 0
	for i := 0; i+2 < len(s); i++ {
		if s[i] != '%' {
			continue
		}
		hi, lo := unhex(s[i+1]), unhex(s[i+2])
		if hi < 0 || lo < 0 {
			continue
		}
		if c := byte(hi<<4 | lo); isNameByte(c) && c != '_' {
			n++
		}
	}
	return n
}

func isHexText(s string) bool {
	if len(s)%2 != 0 || !onlyHex(s) {
		return false
	}
	return printable([]byte(fromHex(s)))
}

func onlyHex(s string) bool {
	for i := 0; i < len(s); i++ {
		if unhex(s[i]) < 0 {
			return false
		}
	}
	return s != ""
}

func base64Text(s string) ([]byte, error) {
	s = strings.TrimRight(strings.NewReplacer("-", "+", "_", "/", " ", "+").Replace(s), "=")
	return base64.RawStdEncoding.DecodeString(s)
}

func base32Text(s string) ([]byte, error) {
	return base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(strings.ToUpper(s))
}

// isEncodedText reports whether s decodes to readable text that s itself isn't.
func isEncodedText(s string, decode func(string) ([]byte, error)) bool {
	if !mixesDigits(s) && switches(s) < 3 {
		return false
	}
	b, err := decode(s)
	return err == nil && len(b) >= 8 && printable(b)
}

func printable(b []byte) bool {
	for _, c := range b {
		if (c < 0x20 || c > 0x7e) && c != '\n' && c != '\r' && c != '\t' {
			return false
		}
	}
	return len(b) > 0
}

func isBase32(s string) bool {
	digits := 0
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case '2' <= c && c <= '7':
			digits++
		case c < 'A' || c > 'Z':
			return false
		}
	}
	return digits > 0
}

func mixesDigits(s string) bool {
	digits, letters := 0, 0
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case '0' <= c && c <= '9':
			digits++
		case 'a' <= c|0x20 && c|0x20 <= 'z':
			letters++
		}
	}
	return digits >= 2 && letters >= 2
}

// switches counts the changes between lower case, upper case and digits.
func switches(s string) int {
	n, last := 0, -1
	for i := 0; i < len(s); i++ {
		class := 0
		switch c := s[i]; {
		case '0' <= c && c <= '9':
			class = 1
		case 'A' <= c && c <= 'Z':
			class = 2
		}
		if last >= 0 && class != last {
			n++
		}
		last = class
	}
	return n
}

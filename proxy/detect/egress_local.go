package detect

import (
	"net/netip"
	"strings"
)

// asksOfHost ask whether a machine is there, or go there as its owner.
var asksOfHost = set("ping", "traceroute", "nslookup", "dig", "host", "ssh", "scp", "sftp", "rsync")

// isPlainPrivate reports whether a word is a private address in its usual notation, which
// a name of a user may stand before and a path behind.
func isPlainPrivate(s string) bool {
	s = s[strings.LastIndexByte(s, '@')+1:]
	if i := strings.IndexByte(s, ':'); i >= 0 {
		s = s[:i]
	}
	a, err := netip.ParseAddr(s)
	return err == nil && a.Is4() && a.IsPrivate()
}

// isDevServer reports whether a loopback URL is what developers and their browsers
// open all day: a high port that no service of the machine is known for, and a path
// that leads to no inner workings; or, of a service, whether it is up.
func (e *egress) isDevServer(u URL) bool {
	if e.role != roleURL && e.role != roleCommand && e.role != roleItself && e.role != roleOther {
		return false
	}
	if len(u.Port) < 4 || ownerPorts[u.Port] {
		return false
	}
	if servicePorts[u.Port] {
		return asksHealth(u.Path) || e.browses && strings.Trim(u.Path, "/") == "" // the service's own page
	}
	return !leadsInside(u, frameworkPorts[u.Port] || e.browses)
}

// isHomeDevice reports whether a private URL is what a device of a home answers at: an
// address of the range that home routers give out, other than the router's own, an
// ordinary port and a path that leads to no inner workings. The other ranges are
// those of data centres, clusters and companies, where a call has no business.
func (e *egress) isHomeDevice(u URL) bool {
	a := u.Addr
	if u.Odd || !a.Is4() || e.role == roleDocument {
		return false
	}
	b := a.As4()
	if b[0] != 192 || b[1] != 168 || b[3] <= 1 || b[3] >= 254 || ownerPorts[u.Port] || servicePorts[u.Port] {
		return false
	}
	return !leadsInside(u, false)
}

// leadsInside reports whether a path has a word of what a service shows its owner only.
// What a framework serves, or a browser shows, may be one's own pages for administrators.
func leadsInside(u URL, framework bool) bool {
	path := strings.ToLower(u.Path)
	if strings.Contains(path, "admin") && !framework && !strings.HasPrefix(path, "/api/") {
		return true
	}
	if logsIn(path) && u.Query == "" {
		return false
	}
	if strings.Contains(path, "/.") && !strings.HasPrefix(path, "/.well-known/") {
		return true
	}
	for word := range strings.FieldsFuncSeq(path, func(r rune) bool { return r < 'a' || r > 'z' }) {
		if innerWords[word] {
			return true
		}
	}
	return false
}

// innerWords are the words of paths that show keys and inner workings.
var innerWords = words("actuator internal secret secrets debug pprof config configs credential credentials token tokens passwd password passwords env environ heapdump threaddump private shutdown jolokia " +
	"manager script console metadata msi identity cgi luci backup webui root exec shell eval firmware diag docker containers kubelet")

// logsIn reports whether a path, in lower case, ends where programs get a token for a
// name and a password of their own.
func logsIn(path string) bool {
	switch strings.TrimSuffix(path, "/") {
	case "/token", "/api/token", "/api/token/refresh", "/oauth/token", "/auth/token", "/api/auth/token", "/api/v1/token", "/v1/token", "/api/v1/auth/token", "/connect/token":
		return true
	}
	return false
}

// asksHealth reports whether a path only asks whether a service is up.
func asksHealth(path string) bool {
	path = strings.TrimSuffix(strings.ToLower(path), "/")
	switch path[strings.LastIndexByte(path, '/')+1:] {
	case "health", "healthz", "healthcheck", "ready", "readyz", "live", "livez", "ping", "healthy":
		return true
	}
	return false
}

// frameworkPorts are where frameworks serve what is being developed.
var frameworkPorts = set("3000", "3001", "3002", "3003", "4000", "4200", "4321", "5000", "5001", "5173", "5174", "8000", "8001")

// ownerPorts belong to what owns a machine: containers, clusters, their stores, and
// browsers and programs under a debugger.
var ownerPorts = set("2375", "2376", "2377", "2379", "2380", "4243", "6443", "10250", "10255", "10256", "10257", "10259", "10249", "9222", "9223", "9229", "5005", "8500", "8200", "4646")

// servicePorts are ports of daemons, databases and orchestrators.
var servicePorts = set("6274", "6277", "1433", "1521", "2049", "2375", "2376", "2377", "2379", "2380", "3306", "4243", "4369", "5432", "5672", "5984", "6379", "6443", "9222", "9223", "2181", "5601", "8086", "1099", "5005", "5555", "5900", "5985", "5986", "4848", "7474", "8009", "8161", "8200", "8300", "4646", "10257", "10259", "10249", "8472", "2082", "6066", "7077", "8088", "50075", "5601", "61616", "1883", "3389", "4444", "9001", "5044", "8125", "2947", "7070", "10000", "7001", "8001", "8500", "8529", "9000", "9042", "9092", "9200", "9300", "9229", "10250", "10255", "10256", "11211", "15672", "27017", "28017", "50070", "8983", "6060", "9091", "3100")

// browsers are the tools in which developers look at their own pages.
var browsers = phrases(`browser|playwright|puppeteer|chrome|selenium|webview`)

// isPage reports whether a file's name is that of a page to look at.
func isPage(path string) bool {
	path = strings.ToLower(path)
	for _, ext := range [...]string{".html", ".htm", ".xhtml", ".svg", ".pdf"} {
		if strings.HasSuffix(path, ext) {
			return true
		}
	}
	return false
}

// asksNames look a name up, or ask whether it answers.
var asksNames = set("nslookup", "dig", "host", "ping")

// isClusterName reports whether a word is the name of a service within a cluster.
func isClusterName(s string) bool {
	kind, _ := hostKind(strings.ToLower(strings.TrimSuffix(s, ".")))
	return kind == "internal-name"
}

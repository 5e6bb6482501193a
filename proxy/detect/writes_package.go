package detect

import "strings"

// plantedSource returns where a package manager's settings name a source of packages
// that isn't a public registry, a company's or one's own machine: from == to if nowhere.
func plantedSource(text string) (from, to int) {
	for off := 0; off < len(text); {
		line := text[off:]
		if i := strings.IndexByte(line, '\n'); i >= 0 {
			line = line[:i]
		}
		if value, ok := sourceSetting(line); ok && isForeignSource(value) {
			at := off + strings.Index(line, value)
			return at, at + len(value)
		}
		off += len(line) + 1
	}
	return 0, 0
}

// sourceSetting returns the value of a line that says where packages come from.
func sourceSetting(line string) (value string, ok bool) {
	i := strings.Index(line, "://")
	if i < 0 {
		return "", false
	}
	eq := strings.LastIndexAny(line[:i], "=: \t\"'")
	key := strings.ToLower(strings.Trim(line[:max(0, eq)], " \t\"'=:<"))
	for _, name := range [...]string{"registry", "npmregistryserver", "index-url", "find-links"} {
		if strings.HasSuffix(key, name) {
			return strings.Trim(line[eq:], " \t\r\"'=:,"), true
		}
	}
	return "", false
}

// isForeignSource reports whether packages from a URL come from a host that nobody is
// known to keep packages at, or over a way that anybody between can change them on.
func isForeignSource(s string) bool {
	u, ok := ParseURL(s)
	if !ok || u.Host == "" {
		return false
	}
	if u.Addr.IsValid() {
		return !u.Addr.IsPrivate() && !u.Addr.IsLoopback()
	}
	if _, score := hostKind(u.Host); score > NoScore && score < High || !strings.Contains(u.Host, ".") || strings.HasSuffix(u.Host, ".home") {
		return false // one's own network
	}
	if u.Scheme != "https" {
		return true
	}
	for host, found := u.Host, true; found; _, host, found = strings.Cut(host, ".") {
		if packageHosts[host] {
			return false
		}
	}
	return !holdsOne(strings.ToLower(u.Path), []string{"/repository/", "/artifactory/", "/packages/npm", "/npm/registry", "/nexus/", "/api/npm/", "/simple/"}) || len(strings.Trim(u.Path, "/")) < 10
}

// packageHosts keep packages for everybody, or for companies.
var packageHosts = set("npmjs.org", "npmjs.com", "yarnpkg.com", "npmmirror.com", "npm.pkg.github.com", "pkg.dev", "jfrog.io", "pypi.org", "pythonhosted.org", "test.pypi.org", "pypi.tuna.tsinghua.edu.cn", "mirrors.aliyun.com", "download.pytorch.org", "pypi.nvidia.com",
	"pkgs.dev.azure.com", "visualstudio.com", "amazonaws.com", "cloudsmith.io", "gitlab.com", "jsr.io", "npm.fontawesome.com", "packagecloud.io", "gemfury.com", "fury.io", "anaconda.org", "nuget.org", "googleapis.com", "buf.build", "sencha.com", "greensock.com")

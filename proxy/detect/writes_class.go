package detect

import (
	"strings"
	"sync"
)

// fileKinds are what a file is to those who run it.
type fileKinds uint16

const (
	startUpFile  fileKinds = 1 << iota // RunLaterPath
	scriptFile                         // a program's or a service's text
	webFile                            // a page that a server runs
	buildFile                          // run by a build tool by itself
	recipeFile                         // run when somebody asks for it
	pipelineFile                       // run by a CI service
	editorFile                         // read by an editor that opens the folder
	modulesFile                        // .gitmodules
	packageFile                        // says where packages come from
)

// A fileClass is what a path says about the file.
type fileClass struct {
	kinds fileKinds
	score Score  // of RunLaterPath
	path  string // the reading that is run later
}

func (c fileClass) or(o fileClass) fileClass {
	if o.score > c.score {
		c.score, c.path = o.score, o.path
	}
	c.kinds |= o.kinds
	return c
}

// classify judges a path by its last parts, in every reading of it.
func classify(path string) (c fileClass) {
	example := false
	eachCleanPath(path, func(p string) {
		if s := RunLaterPath(p); s > c.score {
			c.kinds, c.score, c.path = c.kinds|startUpFile, s, p
		}
		c.kinds |= kindsByName(p)
		example = example || isTestPath(p)
	})
	if example {
		c.kinds &^= scriptFile
	}
	return c
}

// kindsByName judges the last parts of a clean path.
func kindsByName(p string) (k fileKinds) {
	var buf [48]byte
	base := p[strings.LastIndexByte(p, '/')+1:]
	if len(base) > len(buf) {
		base = base[len(base)-len(buf):]
	}
	low := buf[:copy(buf[:], base)]
	ext := 0
	for i, c := range low {
		if 'A' <= c && c <= 'Z' {
			low[i] = c | 0x20
		} else if c == '.' {
			ext = i + 1
		}
	}
	switch string(low) {
	case "package.json", "setup.py", "conftest.py", "sitecustomize.py", "build.rs", "build.gradle", "build.gradle.kts", "settings.gradle", "settings.gradle.kts", "rakefile",
		"binding.gyp", "gruntfile.js", "gulpfile.js", ".eslintrc.js", ".pnpmfile.cjs", "extconf.rb", "__init__.py":
		k |= buildFile
	case "makefile", "dockerfile", "justfile":
		k |= recipeFile
	case ".gitlab-ci.yml", ".travis.yml", "azure-pipelines.yml", "bitbucket-pipelines.yml", "jenkinsfile":
		k |= pipelineFile
	case ".gitmodules":
		k |= modulesFile
	case ".npmrc", ".yarnrc", ".yarnrc.yml", "pip.conf", "pip.ini", "nuget.config":
		k |= packageFile
	case "devcontainer.json", ".devcontainer.json":
		k |= editorFile
	case "tasks.json", "launch.json", "settings.json":
		if inFolder(p, ".vscode") {
			k |= editorFile
		}
	}
	switch string(low[ext:]) {
	case "sh", "bash", "py", "rb", "js", "ts":
		k |= scriptFile | recipeFile
	case "zsh", "pl", "mjs", "ps1", "bat", "cmd", "vbs", "service", "plist", "desktop":
		k |= scriptFile
	case "php", "php3", "php4", "php5", "php7", "php8", "phtml", "jsp", "jspx", "asp", "aspx", "cgi":
		k |= scriptFile | webFile
	case "mk", "toml", "gradle":
		k |= recipeFile
	case "tf", "hcl", "nomad":
		k |= recipeFile | pipelineFile
	case "yml", "yaml":
		k |= recipeFile
		if inFolder(p, ".github/workflows") || inFolder(p, ".circleci") {
			k |= pipelineFile
		}
	case "xml":
		if strings.Contains(strings.ToLower(p), ".idea/") {
			k |= editorFile
		}
	}
	return k
}

// inFolder reports whether a path's file stands right in a folder of a name, in lower case.
func inFolder(p, folder string) bool {
	dir := strings.ToLower(p[:max(0, strings.LastIndexByte(p, '/'))])
	return dir == folder || strings.HasSuffix(dir, "/"+folder)
}

// isTestPath reports whether a path leads to a test, an example or documentation, in
// which a shell for others is a sample.
func isTestPath(p string) bool {
	p = strings.ToLower(p)
	dir, base := "", p
	if i := strings.LastIndexByte(p, '/'); i >= 0 {
		dir, base = p[:i], p[i+1:]
	}
	for seg := range strings.SplitSeq(dir, "/") {
		switch seg {
		case "test", "tests", "spec", "specs", "fixtures", "examples", "docs", "__tests__":
			return true
		}
	}
	if strings.HasPrefix(base, "test_") {
		return true
	}
	for _, w := range [...]string{"_test.", ".test.", "_spec.", ".spec."} {
		if strings.Contains(base, w) {
			return true
		}
	}
	return false
}

// A contentRule finds a kind in files of some kinds by a pattern.
type contentRule struct {
	in      fileKinds
	kind    string
	pattern func() *Pattern
}

// lazily compiles a pattern of this package when it is first needed.
func lazily(expr string) func() *Pattern {
	return sync.OnceValue(func() *Pattern {
		p, err := NewPattern(expr)
		if err != nil {
			panic(err)
		}
		return p
	})
}

// contentRules are what must not stand in which files. The patterns are bounded, so that
// none of them looks far from where it began.
var contentRules = []contentRule{
	// PHP, Java and .NET: what the visitor sends goes into what runs code or programs.
	{webFile, "web-shell", lazily(`(?i)\b(?:eval|assert|system|exec|shell_exec|passthru|popen|proc_open)\s{0,9}\(\s{0,9}@?\$_(?:GET|POST|REQUEST|COOKIE|SERVER)\b` +
		`|getRuntime\(\)\s{0,9}\.\s{0,9}exec\s{0,9}\(\s{0,9}request\.getParameter|Process\.Start\([^)\n]{0,80}Request\b|fsockopen\([^\n]{0,200}(?:exec|proc_open|/bin/sh)`)},
	{buildFile, "build-script", lazily(downloadRun + `|\bos\.dup2\([^\n]{0,80}\.fileno\(|\bexec\(\s{0,9}(?:base64\.)?b64decode\(|credentials\.toml[^\0]{0,300}(?:\bcurl\b|https?://)|(?:str|dict|dumps)\((?:dict\()?os\.environ|stringify\(process\.env\)`)},
	{recipeFile, "build-script", lazily(`(?:\.aws/credentials|\.ssh/id_|--export-secret-keys|/proc/[^\n|]{0,160}/mem\b|/etc/shadow)[^\n]{0,200}\|\s{0,9}(?:curl|nc|wget)\b` +
		`|\b(?:curl|wget)\b[^|\n]{0,120}\|\s{0,9}(?:ba|da|z)?sh\s{0,9}>\s{0,9}/dev/null\s{1,9}2>&1|(?i)\b(?:curl|wget)\b[^|\n]{0,120}https?://[0-9]{1,3}(?:\.[0-9]{1,3}){3}\b[^|\n]{0,120}\|\s{0,9}(?:sudo\s{1,9})?(?:ba|z|da)?sh\b`)},
	{pipelineFile, "ci-secrets", lazily(`/dev/(?:tcp|udp)/[\w.-]{1,100}/\d|\b(?:curl|wget)\b[^\n]{0,200}(?:\$\((?:env|printenv|set)\b|toJSON\(secrets\)|\$\{\{\s{0,9}toJson\(secrets)` +
		`|\b(?:env|printenv)\s{0,9}\|[^\n]{0,80}\b(?:curl|nc|wget)\b` +
		`|to[jJ][sS][oO][nN]\(\s{0,4}secrets\s{0,4}\)\s{0,4}\}\}["']?\s{0,4}\|\s{0,4}(?:base64|rev|xxd|sed|tr|openssl)\b` +
		`|\bpull_request_target\b[^\0]{0,800}\bref:\s{0,4}["']?\$\{\{\s{0,4}github\.(?:event\.pull_request\.head|head_ref)`)},
	{editorFile, "editor-task", lazily(downloadRun + `|/dev/(?:tcp|udp)/`)},
	{modulesFile, "submodule", lazily(`(?im)^\s{0,9}(?:url|path|update)\s{0,9}=\s{0,9}"?(?:-|!|ext::)`)},
}

// downloadRun is a download that a shell runs.
const downloadRun = `(?i)\b(?:curl|wget|iwr|fetch)\b[^|\n]{0,200}\|\s{0,9}(?:sudo\s{1,9})?(?:(?:ba|z|da)?sh|python\d?|node|perl|ruby)\b` +
	`|\bhttps?\\{0,3}['"]\)\.get\([^\n]{0,300}\b(?:eval|exec(?:Sync)?|Function)\(|\b(?:urlopen|requests\.get)\([^\n]{0,200}\b(?:exec|eval)\(|\b(?:exec|eval)\([^\n]{0,60}\b(?:urlopen|requests\.get)\(`

package detect

import "strings"

// softened lowers the score of a place that the path says is a project's own: the file
// that names its package registry, and credentials that its tests are made with. segs
// are the segments of the lower-case clean path p.
func softened(kind string, score Score, p string, segs []string) Score {
	last := segs[len(segs)-1]
	switch {
	case last == ".npmrc" || last == ".yarnrc.yml":
		// A literal token in it is a secret where it is read or written.
		if !inHome(p, segs) {
			return Low
		}
	case score == Medium && (kind == "credential-file" || kind == "private-key-file") && isSample(segs[:len(segs)-1]):
		return Low
	}
	return score
}

// inHome reports whether the path's file stands right in somebody's home, where it
// holds what its owner logs in with.
func inHome(p string, segs []string) bool {
	n := len(segs)
	switch {
	case p[0] == '~' || p[0] == '$' || p[0] == '%':
		return n == 2
	case n == 2:
		return segs[0] == "root"
	case n >= 3 && (segs[n-3] == "home" || segs[n-3] == "users"):
		return p[0] == '/' || strings.IndexByte(p, ':') == 1
	}
	return false
}

// isSample reports whether folders are those of tests and examples, outside of the
// system's own.
func isSample(folders []string) bool {
	if len(folders) > 0 && (folders[0] == "etc" || folders[0] == "root" || folders[0] == "var" || folders[0] == "proc") {
		return false
	}
	for _, f := range folders {
		switch f {
		case "test", "tests", "__tests__", "spec", "specs", "e2e", "fixture", "fixtures", "__fixtures__", "testdata", "test-data", "test_data", "mock", "mocks", "__mocks__", "example", "examples", "sample", "samples", "stubs":
			return true
		}
	}
	return false
}

// isSourceFile reports whether a path's end is a document or a program's text, as
// neighbours in a repository ask each other for.
func isSourceFile(tail string) bool {
	tail = strings.ToLower(tail)
	base := tail[strings.LastIndexByte(tail, '/')+1:]
	switch base {
	case "package.json", "tsconfig.json", "tsconfig.base.json", "go.mod", "cargo.toml", "pyproject.toml", "makefile", "license", "pnpm-workspace.yaml", "turbo.json":
		return true
	}
	i := strings.LastIndexByte(base, '.')
	if i <= 0 || strings.ContainsAny(tail, "%;\x00\\") {
		return false
	}
	switch base[i+1:] {
	case "md", "mdx", "ts", "tsx", "js", "jsx", "mjs", "go", "py", "rs", "java", "kt", "rb", "cs", "c", "h", "cpp", "css", "scss", "html", "vue", "svelte", "svg", "png":
		kind, score := SensitivePath(strings.TrimLeft(tail, "./"))
		return kind == "" || score == NoScore
	}
	return false
}

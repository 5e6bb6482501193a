package main

import (
	"path/filepath"
	"slices"
	"strings"
)

// launchers are programs that start another: the server is named by an argument.
var launchers = map[string]bool{
	"npx": true, "npm": true, "pnpm": true, "yarn": true, "bun": true, "bunx": true, "deno": true, "node": true, "tsx": true,
	"uvx": true, "uv": true, "pipx": true, "python": true, "python3": true, "py": true,
	"docker": true, "podman": true, "go": true, "cargo": true, "dotnet": true, "java": true,
	"sh": true, "bash": true, "env": true, "cmd": true, "rulewind": true,
}

// verbs are words of launchers before the server's name.
var verbs = []string{"run", "exec", "x", "tool", "dlx", "start", "install"}

// withValue are options of launchers whose next word is their value.
var withValue = []string{
	"-e", "--env", "-v", "--volume", "--mount", "--name", "--network", "-p", "--publish", "-u", "--user", "-w", "--workdir",
	"--from", "--directory", "--with", "--python", "--package", "--platform", "--project",
}

// serverName makes a name of the command that starts a server, so that recordings
// of the same server have the same name whoever starts it: `npx -y
// @scope/server-files@1.2 /srv` is "server-files".
func serverName(command []string) string {
	if len(command) == 0 {
		return ""
	}
	name := program(command[0])
	if !launchers[name] {
		return name
	}
	for i := 1; i < len(command); i++ {
		word := command[i]
		switch {
		case slices.Contains(withValue, word):
			i++
		case word == "-m" && i+1 < len(command): // a Python module
			return command[i+1]
		case strings.HasPrefix(word, "-"), slices.Contains(verbs, word), strings.Contains(word, "=") && name == "env":
		case name == "env" || name == "cmd":
			return serverName(command[i:])
		default:
			return packageName(word)
		}
	}
	return name
}

// program is the base name of an executable.
func program(path string) string {
	path = path[strings.LastIndexAny(path, `/\`)+1:]
	for _, ext := range []string{".exe", ".cmd", ".bat"} {
		if s, ok := strings.CutSuffix(strings.ToLower(path), ext); ok {
			return s
		}
	}
	return path
}

// packageName is the last part of a package, image or script, without its version
// and extension.
func packageName(word string) string {
	script := slices.Contains([]string{".js", ".mjs", ".cjs", ".ts", ".py", ".jar", ".sh"}, filepath.Ext(word))
	word = strings.TrimRight(word, `/\`)
	parts := strings.FieldsFunc(word, func(r rune) bool { return r == '/' || r == '\\' })
	if len(parts) == 0 {
		return word
	}
	last := parts[len(parts)-1]
	if script {
		last = strings.TrimSuffix(last, filepath.Ext(last))
		for i := len(parts) - 2; i >= 0 && slices.Contains([]string{"index", "main", "server", "dist", "build", "src"}, last); i-- {
			last = parts[i]
		}
		return last
	}
	if i := strings.LastIndexAny(last, "@:"); i > 0 {
		last = last[:i]
	}
	return last
}

package detect

import "strings"

// plainSetting judges NAME=VALUE: a value of plain characters for a variable that
// moves nothing but looks, places and choices.
func plainSetting(w lineWord) bool {
	name, value, ok := strings.Cut(w.text, "=")
	if !ok || len(name) >= w.bare || !isVariable(name) || movesMore(name) {
		return false
	}
	switch name {
	case "PATH", "MANPATH", "FPATH", "INFOPATH", "CDPATH", "fpath", "path":
		return plainSearchPath(value)
	case "PS1", "PS2", "PROMPT", "RPROMPT", "PROMPT_DIRTRIM":
		return !w.runs && !strings.ContainsAny(value, "`") && !strings.Contains(value, "$(")
	case "HISTFILE":
		return homely(value) == "~/.bash_history" || homely(value) == "~/.zsh_history"
	case "HISTSIZE", "SAVEHIST", "HISTFILESIZE":
		return len(value) > 2 && strings.Trim(value, "0123456789") == ""
	}
	first, _, _ := strings.Cut(value, " ")
	return !w.runs && plainValue(value) && !reaching[first]
}

// plainValue reports whether a value or an argument is plain characters, and leads to
// no place where anybody can write and no other machine.
func plainValue(s string) bool {
	return plainBytes(s, "./:@%+=,~${}*!? -^") && !leadsAstray(s)
}

// leadsAstray reports whether a text names a folder that anybody can write in, a hidden
// file of no known tool, or another machine.
func leadsAstray(s string) bool {
	if strings.Contains(s, "://") || strings.Contains(s, "/dev/tcp") || strings.Contains(s, "/dev/udp") {
		return true
	}
	for word := range strings.FieldsFuncSeq(s, func(r rune) bool { return r == ' ' || r == ':' || r == '=' || r == ',' }) {
		if word = strings.Trim(word, `"'`); word == "" {
			continue
		}
		for _, dir := range [...]string{"/tmp", "/var/tmp", "/dev/shm", "/run/shm"} {
			if strings.HasPrefix(word, dir) {
				return true
			}
		}
		for dir := range strings.SplitSeq(word[strings.IndexByte(word, '/')+1:], "/") {
			if len(dir) > 1 && dir[0] == '.' && strings.Trim(dir, ".") != "" && !hiddenHomes[dir[1:]] {
				return true
			}
		}
	}
	return false
}

// hiddenHomes are hidden folders in which well-known tools keep what they install.
var hiddenHomes = set("local", "cargo", "rustup", "npm-global", "npm-packages", "bun", "deno", "pyenv", "rbenv", "nodenv", "jenv", "goenv", "tfenv", "nvm", "yarn", "poetry", "krew", "dotnet", "volta", "asdf", "mix", "gem",
	"composer", "config", "rd", "docker", "lmstudio", "fzf", "oh-my-zsh", "linuxbrew", "sdkman", "rvm", "ghcup", "cabal", "opam", "pnpm", "pulumi", "foundry", "zsh", "vim", "tmux", "proto", "gradle", "m2", "go", "nix-profile", "husky")

// movesMore reports whether a variable decides what programs load or run, whom they
// believe, or where they send what they have.
func movesMore(name string) bool {
	up := strings.ToUpper(name)
	for _, p := range [...]string{"LD_", "DYLD_", "GIT_", "SSH_", "PERL5", "RUBY", "PIP_", "NPM_CONFIG_", "UV_", "CURL_", "WGET", "SUDO_", "BASH_", "DOCKER_HOST", "KUBECONFIG"} {
		if strings.HasPrefix(up, p) {
			return true
		}
	}
	for _, w := range [...]string{"PROXY", "CERT", "SSL", "TLS", "CA_BUNDLE", "REGISTRY", "INDEX_URL", "_URL", "ENDPOINT", "TOKEN", "SECRET", "PASSW", "_KEY", "APIKEY", "CREDENTIAL", "ASKPASS", "PRELOAD", "STARTUP", "_OPTIONS", "PROMPT_COMMAND", "PYTHONPATH", "NODE_PATH"} {
		if strings.Contains(up, w) {
			return true
		}
	}
	switch up {
	case "ENV", "IFS", "ZDOTDIR", "SHELL", "PYTHONHOME", "CLASSPATH", "HISTCONTROL", "HISTIGNORE", "DISPLAY", "BROWSER", "TERMINFO", "LESSOPEN", "MANPAGER", "PYTHONBREAKPOINT":
		return true
	}
	return false
}

// plainSearchPath judges a list of folders: those of the system, and those below the
// home folder or the home of a tool.
func plainSearchPath(value string) bool {
	for _, sub := range [...]string{"$(go env GOPATH)", "$(brew --prefix)", "$(npm bin -g)", "$(python3 -m site --user-base)", "$(yarn global bin)"} {
		value = strings.ReplaceAll(value, sub, "$HOME")
	}
	if value == "" || !plainBytes(value, "./:~${}-") || leadsAstray(value) {
		return false
	}
	for dir := range strings.SplitSeq(value, ":") {
		switch {
		case strings.HasPrefix(dir, "$"), strings.HasPrefix(dir, "~/"):
		case dir == "/bin", dir == "/sbin", strings.HasPrefix(dir, "/usr/"), strings.HasPrefix(dir, "/opt/"), strings.HasPrefix(dir, "/snap/"), strings.HasPrefix(dir, "/home/linuxbrew/"), strings.HasPrefix(dir, "/Applications/"), strings.HasPrefix(dir, "/Library/"):
		default:
			return false
		}
	}
	return true
}

// plainAlias judges NAME=COMMAND. A name that people give passwords or keys to, or that
// is asked who and where one is, is no plain alias.
func plainAlias(w lineWord) bool {
	name, command, ok := strings.Cut(w.text, "=")
	if !ok || len(name) >= w.bare || w.runs || !plainBytes(name, "-.~+:") || trusted[name] {
		return false
	}
	line, ok := shellLine(command)
	if !ok || len(line) == 0 {
		return false
	}
	for _, words := range line {
		for _, x := range words[1:] {
			if x.runs {
				return false
			}
		}
		if !plainAliased(words[0].text, words[1:]) {
			return false
		}
	}
	return true
}

// plainAliased judges what an alias runs: any program by its name, with plain words,
// unless it is one that fetches, sends or interprets.
func plainAliased(program string, args []lineWord) bool {
	if !plainBytes(program, "-.") || reaching[program] || strings.HasPrefix(program, ".") && strings.Trim(program, ".") != "" {
		return false
	}
	for i, a := range args {
		if !plainValue(a.text) || reaching[a.text] || isInterpreter(program) && (a.text == "-c" || a.text == "-e") || i == 0 && program == "npx" && !checks[a.text] {
			return false
		}
	}
	return true
}

// trusted are programs that people give what nobody else should have.
var trusted = set("sudo", "su", "doas", "ssh", "scp", "sftp", "ssh-add", "ssh-keygen", "gpg", "gpg2", "pass", "op", "bw", "passwd", "login", "kinit", "age", "vault", "security", "mount", "cryptsetup", "builtin", "command", "alias", "unalias", "which", "type", "exit", "logout", "docker-credential")

// reaching are programs that fetch, send, decode or run what they are given.
var reaching = set("curl", "wget", "nc", "ncat", "netcat", "socat", "telnet", "ssh", "scp", "sftp", "rsync", "ftp", "tftp", "base64", "base32", "xxd", "openssl", "eval", "exec", "source", ".", "sh", "bash", "zsh", "dash", "ksh", "fish",
	"sudo", "su", "doas", "powershell", "pwsh", "osascript", "crontab", "at", "nohup", "setsid", "chmod", "chown", "chattr", "dd", "xargs", "env", "script", "expect", "ssh-keygen", "gpg", "trap", "tee", "launchctl", "systemctl", "iptables")

// plainProgram judges the call of a project's own check: a program that builds, tests
// or formats, with plain words.
func plainProgram(program string, args []lineWord) bool {
	if program == "pip" || program == "pip3" {
		return installsOwn(args)
	}
	for _, a := range args {
		if t := a.text; t != "$1" && t != "$@" && t != "$*" && !plainValue(t) {
			return false
		}
	}
	for len(args) > 0 && runners[program] {
		next := args[0].text
		if next != "run" && next != "exec" && next != "dlx" && next != "x" && !strings.HasPrefix(next, "--no") && next != "--" && next != "-y" && next != "--silent" && next != "-s" {
			break
		}
		if args = args[1:]; next == "run" && len(args) > 0 {
			return plainBytes(args[0].text, "-:.") // a script of the project's own
		}
	}
	if runners[program] {
		return len(args) > 0 && (checks[args[0].text] || ownScripts[args[0].text] || args[0].text == "install" && len(args) == 1)
	}
	if scriptRunners[program] {
		// A script of the project's own.
		return len(args) > 0 && strings.Contains(args[0].text, ".") && plainBytes(args[0].text, "-./") && args[0].text[0] != '/' && args[0].text[0] != '-' && !strings.HasPrefix(args[0].text, "..")
	}
	if words := subcommands[program]; words != "" {
		return len(args) > 0 && holdsWord(words, args[0].text)
	}
	return checks[program]
}

// installsOwn reports whether pip installs the project itself or what its files list.
func installsOwn(args []lineWord) bool {
	if len(args) < 2 || args[0].text != "install" {
		return false
	}
	for i, a := range args[1:] {
		t := a.text
		listed := i > 0 && (args[i].text == "-r" || args[i].text == "--requirement") && strings.HasSuffix(t, ".txt")
		own := t == "." || strings.HasPrefix(t, ".[") && strings.HasSuffix(t, "]") && plainBytes(t, ".[]-,")
		switch {
		case a.runs || strings.Contains(t, "..") || strings.HasPrefix(t, "/") || strings.Contains(t, ":"):
			return false
		case listed, own, t == "-e", t == "--editable", t == "-r", t == "--requirement", t == "-q", t == "--quiet", t == "--user", t == "--no-cache-dir":
		default:
			return false
		}
	}
	return true
}

// scriptRunners run a file.
var scriptRunners = set("python", "python3", "node", "tsx", "ts-node", "ruby")

// runners run other programs of a project.
var runners = set("npx", "bunx", "pnpm", "yarn", "npm", "bun", "uv", "poetry", "pipenv", "bundle", "hatch", "pdm")

// ownScripts are what package managers run of a project without the word run.
var ownScripts = set("test", "t", "lint", "format", "fmt", "build", "check", "typecheck", "type-check", "ci", "sync")

// checks are programs that build, test or format.
var checks = set("lint-staged", "lint", "test", "format", "fmt", "typecheck", "type-check", "check", "build", "tsc", "eslint", "prettier", "stylelint", "vitest", "jest", "biome", "commitlint", "cspell", "make", "gofmt", "goimports",
	"ruff", "black", "mypy", "pytest", "flake8", "isort", "golangci-lint", "shellcheck", "shfmt", "rubocop", "rspec", "rake", "mvn", "turbo", "nx", "knip", "publint", "oxlint", "pyright", "pylint", "bandit", "typos", "yamllint",
	"markdownlint", "hadolint", "actionlint", "swiftlint", "swiftformat", "ktlint", "detekt", "clang-format", "cmake-format", "buf", "sqlfluff", "tflint", "lefthook", "gitleaks", "commitizen", "dprint", "just", "task", "./gradlew", "./mvnw")

// subcommands are programs of which some words are plain.
var subcommands = map[string]string{
	"go": "test vet fmt build mod generate version", "cargo": "test fmt clippy check build nextest", "pre-commit": "run", "dotnet": "test format build restore", "mix": "test format compile deps.get",
	"terraform": "fmt validate", "tofu": "fmt validate", "git": "diff add status lfs stash rev-parse log", "deno": "fmt lint test check", "flutter": "analyze test format", "dart": "analyze test format",
	"composer": "test lint", "swift": "build test format", "gradle": "test check build", "bazel": "build test", "docker": "compose build ps", "nvm": "use install",
	"use": "nix flake node python", "dotenv": ".env .env.local", "PATH_add": "bin ./bin node_modules/.bin", "zig": "build test fmt",
}

// holdsWord reports whether one of words, with a blank between, is w.
func holdsWord(words, w string) bool {
	for x := range strings.FieldsSeq(words) {
		if x == w {
			return true
		}
	}
	return false
}

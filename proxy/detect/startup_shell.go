package detect

import "strings"

// plainShell reports whether a start-up file of a shell, or a hook, is plain: each of
// its lines is
//
//	blank, or a comment
//	command { ("&&" | "||" | ";") command }
//
// where a command, after the words if, then, else, elif and fi, is one of
//
//	NAME=VALUE, export NAME=VALUE   a plain setting: see plainSetting
//	alias NAME=COMMAND              of a command as in plainProgram, for no name that asks for a password
//	eval "$(PROGRAM …)"             of a program known to print its own set-up
//	. FILE, source FILE             of a file known to hold somebody's own set-up
//	[ … ], [[ … ]], test, command   a question
//	setopt, bindkey, shopt …        what changes nothing but the shell
//	PROGRAM …                       of a project's own checks, with plain words
//
// and its output may go to /dev/null. Anything else, so pipes, substitutions,
// functions and loops, is not plain.
func plainShell(content string) bool {
	return everyLine(joinArrays(content), "#", func(line string) bool {
		if huskyBoot[line] || plainArray(line) {
			return true
		}
		commands, ok := shellLine(line)
		if !ok {
			return false
		}
		for _, words := range commands {
			if !plainCommand(words) {
				return false
			}
		}
		return true
	})
}

// huskyBoot is what husky, up to its eighth version, begins its hooks with.
var huskyBoot = set(`. "$(dirname "$0")/_/husky.sh"`, `. "$(dirname -- "$0")/_/husky.sh"`)

// joinArrays puts a list of words in parentheses on one line.
func joinArrays(content string) string {
	if !strings.Contains(content, "=(") {
		return content
	}
	b, open := []byte(content), false
	for i, c := range b {
		switch {
		case c == '(' && i > 0 && b[i-1] == '=':
			open = true
		case c == ')':
			open = false
		case c == '\n' && open:
			b[i] = ' '
		}
	}
	return string(b)
}

// plainArray knows a list of plain words, such as the plugins of a framework or the
// folders of functions.
func plainArray(line string) bool {
	name, words, ok := strings.Cut(line, "=(")
	words, closed := strings.CutSuffix(words, ")")
	return ok && closed && isVariable(strings.TrimSuffix(name, "+")) && !movesMore(name) && plainBytes(words, " -./~$") && !leadsAstray(words)
}

// A lineWord is a word of a line as shellLine reads it.
type lineWord struct {
	text string // without its quotes
	// bare is the length of what stands before the first quote.
	bare int
	// runs says that it holds a substitution of a command.
	runs bool
}

// shellLine splits a line into commands of words. It isn't ok for a line with anything
// but words, quotes and what puts commands one after the other.
func shellLine(line string) (commands [][]lineWord, ok bool) {
	var words []lineWord
	flush := func() {
		if len(words) > 0 {
			commands, words = append(commands, words), nil
		}
	}
	for i := 0; i < len(line); {
		switch c := line[i]; {
		case c == ' ' || c == '\t':
			i++
		case c == '#':
			i = len(line)
		case c == ';':
			flush()
			i++
		case strings.HasPrefix(line[i:], "&&"), strings.HasPrefix(line[i:], "||"):
			flush()
			i += 2
		default:
			n := toNowhere(line[i:])
			if n == 0 {
				var w lineWord
				if w, n = readLineWord(line[i:]); n == 0 {
					return nil, false
				}
				words = append(words, w)
			}
			i += n
		}
	}
	flush()
	return commands, true
}

// toNowhere is the length of a redirection of a command's output to nowhere.
func toNowhere(s string) int {
	for _, r := range [...]string{">/dev/null", "> /dev/null", "2>/dev/null", "2> /dev/null", "&>/dev/null", "&> /dev/null", "2>&1", ">&2", "1>&2"} {
		if strings.HasPrefix(s, r) {
			return len(r)
		}
	}
	return 0
}

// readLineWord reads the word that s begins with; its length is 0 if it is none.
func readLineWord(s string) (w lineWord, n int) {
	var text strings.Builder
	w.bare = -1
	for n < len(s) {
		c := s[n]
		switch {
		case c == ' ', c == '\t', c == ';', strings.HasPrefix(s[n:], "&&"), strings.HasPrefix(s[n:], "||"):
			w.end(&text)
			return w, n
		case c == '\'' || c == '"':
			if w.bare < 0 {
				w.bare = text.Len()
			}
			end := strings.IndexByte(s[n+1:], c)
			if end < 0 {
				return w, 0
			}
			inner := s[n+1 : n+1+end]
			if c == '"' {
				if strings.Contains(inner, "`") || oddEscape(inner) {
					return w, 0
				}
				w.runs = w.runs || strings.Contains(inner, "$(")
			}
			text.WriteString(inner)
			n += end + 2
		case strings.HasPrefix(s[n:], "$("), strings.HasPrefix(s[n:], "<("):
			end := strings.IndexByte(s[n:], ')')
			if end < 0 || strings.Contains(s[n+2:n+end], "(") {
				return w, 0
			}
			w.runs = true
			text.WriteString(s[n : n+end+1])
			n += end + 1
		case strings.IndexByte("|&<>()`", c) >= 0, c == '\\' && !strings.HasPrefix(s[n:], `\. `):
			return w, 0
		default:
			if c != '\\' {
				text.WriteByte(c)
			}
			n++
		}
	}
	w.end(&text)
	return w, n
}

// oddEscape reports whether a backslash in double quotes is more than one that the
// shell leaves to a prompt.
func oddEscape(s string) bool {
	for i := strings.IndexByte(s, '\\'); i >= 0 && i < len(s); i++ {
		if s[i] == '\\' && (i+1 == len(s) || !isNameByte(s[i+1]) && s[i+1] != '[' && s[i+1] != ']') {
			return true
		}
	}
	return false
}

func (w *lineWord) end(text *strings.Builder) {
	w.text = text.String()
	if w.bare < 0 {
		w.bare = len(w.text)
	}
}

// plainCommand judges one command of a line.
func plainCommand(words []lineWord) bool {
	for len(words) > 0 {
		switch words[0].text {
		case "if", "then", "else", "elif", "fi", "!":
			words = words[1:]
			continue
		}
		break
	}
	if len(words) == 0 {
		return true
	}
	verb, rest := words[0].text, words[1:]
	if name, _, ok := strings.Cut(verb, "="); ok && len(name) < words[0].bare && len(rest) == 0 {
		return plainSetting(words[0])
	}
	switch verb {
	case "export", "typeset", "declare", "local", "readonly":
		for i, w := range rest {
			if i == 0 && (w.text == "-x" || w.text == "-gx" || w.text == "-U") || isVariable(w.text) {
				continue
			}
			if !plainSetting(w) {
				return false
			}
		}
		return true
	case "alias":
		for _, w := range rest {
			if !plainAlias(w) {
				return false
			}
		}
		return len(rest) > 0
	case "eval":
		return len(rest) == 1 && printsSetUp(rest[0].text, "$(")
	case ".", "source":
		return len(rest) == 1 && (sourcedSetUps[homely(rest[0].text)] || printsSetUp(rest[0].text, "<("))
	}
	for _, w := range rest {
		if w.runs {
			return false
		}
	}
	if shellWords[verb] {
		return true
	}
	if refused, ok := shellFlags[verb]; ok {
		for _, w := range rest {
			if holdsWord(refused, w.text) || strings.Contains(w.text, "zsh/net") {
				return false
			}
		}
		return verb != "command" || len(rest) > 1 && (rest[0].text == "-v" || rest[0].text == "-V")
	}
	return plainProgram(verb, rest)
}

// shellWords change or ask nothing but the shell itself.
var shellWords = set("[", "[[", "]]", "test", "setopt", "unsetopt", "shopt", "autoload", "compinit", "bashcompinit", "umask", "ulimit", "stty",
	"set", "exit", "return", "true", ":", "echo", "printf", "promptinit", "colors", "prompt", "unset", "layout", "source_up")

// shellFlags are such words too, but with some options they run what they are given.
var shellFlags = map[string]string{"bindkey": "-s", "zstyle": "-e", "zmodload": "", "command": ""}

// isVariable reports whether a text is the name of a variable.
func isVariable(s string) bool { return s != "" && plainBytes(s, "") && !isDigit(s[0]) }

// homely writes a path below the home folder in one way.
func homely(p string) string {
	for _, home := range [...]string{"$HOME/", "${HOME}/"} {
		if rest, ok := strings.CutPrefix(p, home); ok {
			return "~/" + rest
		}
	}
	return p
}

// sourcedSetUps are files that hold a user's own set-up or that of a well-known tool.
var sourcedSetUps = set("~/.bashrc", "~/.bash_aliases", "~/.bash_profile", "~/.profile", "~/.zshrc", "~/.zsh_aliases", "~/.aliases", "~/.exports", "~/.functions", "~/.p10k.zsh", "~/.fzf.bash", "~/.fzf.zsh",
	"~/.cargo/env", "~/.local/bin/env", "~/.nvm/nvm.sh", "$NVM_DIR/nvm.sh", "$NVM_DIR/bash_completion", "$ZSH/oh-my-zsh.sh", "~/.oh-my-zsh/oh-my-zsh.sh", "~/.sdkman/bin/sdkman-init.sh", "~/.asdf/asdf.sh",
	"/etc/bashrc", "/etc/bash.bashrc", "/etc/profile", "/etc/bash_completion", "/usr/share/bash-completion/bash_completion", "~/.iterm2_shell_integration.zsh", "~/.ghcup/env", "~/.rvm/scripts/rvm")

// setUpPrinters are programs that print what their own shell integration is.
var setUpPrinters = set("starship", "zoxide", "direnv", "fnm", "pyenv", "rbenv", "nodenv", "jenv", "goenv", "mise", "rtx", "atuin", "brew", "/opt/homebrew/bin/brew", "/usr/local/bin/brew",
	"/home/linuxbrew/.linuxbrew/bin/brew", "thefuck", "gh", "kubectl", "helm", "dircolors", "fzf", "navi", "mcfly", "oh-my-posh", "ssh-agent", "lesspipe", "uv", "rustup", "npm", "pip", "docker", "k9s", "minikube", "kind", "flux", "stern")

// printsSetUp reports whether a word is a substitution of such a program with plain
// words.
func printsSetUp(word, open string) bool {
	inner, ok := strings.CutPrefix(word, open)
	if !ok || !strings.HasSuffix(inner, ")") || !plainBytes(inner[:len(inner)-1], " -./") {
		return false
	}
	program, _, _ := strings.Cut(inner[:len(inner)-1], " ")
	return setUpPrinters[program]
}

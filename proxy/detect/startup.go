package detect

import "strings"

// plainStartUp reports whether all that is written to a start-up file, by its clean
// path, is plain: it sets up a prompt, an editor or a build, and brings in nothing and
// nobody. What isn't known to be plain is not.
func plainStartUp(path, content string) bool {
	if len(content) > maxStartUp {
		return false
	}
	form := startUpForm(path)
	return form != nil && form(strings.ReplaceAll(content, "\r\n", "\n"))
}

// maxStartUp is how much of a start-up file is read.
const maxStartUp = 64 << 10

// startUpForm returns what tells the plain contents of a start-up file, nil where none
// are: those that a system runs for all its users.
func startUpForm(path string) func(string) bool {
	p := strings.ToLower(path)
	if strings.HasPrefix(p, "/etc/logrotate.d/") {
		return plainLogrotate
	}
	for _, dir := range [...]string{"/etc/", "/usr/", "/bin/", "/sbin/", "/lib", "/root/", "/var/", "/opt/", "/proc/", "/sys/", "c:/windows/", "c:/programdata/"} {
		if strings.HasPrefix(p, dir) {
			return nil
		}
	}
	dir, base := "", p
	if i := strings.LastIndexByte(p, '/'); i >= 0 {
		dir, base = p[:i], p[i+1:]
	}
	if form := startUpForms[base]; form != nil {
		return form
	}
	switch {
	case strings.HasSuffix(dir, ".config/nvim") && base == "init.lua":
		return plainLua
	case strings.HasSuffix(dir, ".config/nvim") && base == "init.vim":
		return plainVim
	case strings.HasSuffix(dir, ".config/systemd/user") && strings.HasSuffix(base, ".timer"):
		return plainTimer
	}
	for _, hooks := range [...]string{".git/hooks", ".husky", ".githooks"} {
		if dir == hooks || strings.HasSuffix(dir, "/"+hooks) {
			return plainShell
		}
	}
	return nil
}

// startUpForms are the files of a user or a project that may be plain.
var startUpForms = map[string]func(string) bool{
	".bashrc": plainShell, ".bash_profile": plainShell, ".bash_login": plainShell, ".bash_aliases": plainShell, ".bash_logout": plainShell,
	".zshrc": plainShell, ".zshenv": plainShell, ".zprofile": plainShell, ".zlogin": plainShell, ".zsh_aliases": plainShell,
	".profile": plainShell, ".kshrc": plainShell, ".envrc": plainShell,
	".vimrc": plainVim, ".tmux.conf": plainTmux, ".inputrc": plainInputrc, ".gitconfig": plainGitConfig,
	"tasks.json": plainTasks, "devcontainer.json": plainTasks,
}

// everyLine reports whether plain holds for each line that isn't blank and doesn't
// begin with one of the bytes of comment.
func everyLine(content, comment string, plain func(line string) bool) bool {
	for line := range strings.SplitSeq(content, "\n") {
		line = strings.TrimSpace(line)
		if line != "" && strings.IndexByte(comment, line[0]) < 0 && !plain(line) {
			return false
		}
	}
	return true
}

// plainVim knows the lines of a vimrc that set an option, a variable or a colour.
func plainVim(content string) bool {
	return everyLine(content, `"`, func(line string) bool {
		verb, rest, _ := strings.Cut(line, " ")
		switch verb {
		case "set", "setlocal":
			return plainBytes(rest, " =,+-:_") && !strings.Contains(rest, "exrc") && !strings.Contains(rest, "modelineexpr") && !strings.Contains(rest, "shell") && !strings.Contains(rest, "prg")
		case "syntax", "filetype", "colorscheme", "colo", "highlight", "hi":
			return plainBytes(rest, " =-_#")
		case "map", "nmap", "imap", "vmap", "noremap", "nnoremap", "inoremap", "vnoremap", "tnoremap":
			return plainKeys(rest)
		case "autocmd", "au":
			return plainAutocmd(rest)
		case "let":
			return plainBytes(rest, ` ="':_-.,/\`) && !strings.Contains(rest, "system")
		}
		return false
	})
}

// plainTmux knows the lines of a tmux.conf that set an option or bind a key to what
// tmux does itself.
func plainTmux(content string) bool {
	return everyLine(content, "#", func(line string) bool {
		verb, rest, _ := strings.Cut(line, " ")
		switch verb {
		case "set", "setw", "set-option", "set-window-option", "set-environment":
			return !strings.ContainsAny(rest, "`$;|") && !strings.Contains(rest, "#(") && !strings.Contains(rest, "command") && !strings.Contains(rest, "shell") && !strings.Contains(rest, "@plugin") && !strings.Contains(rest, "hook")
		case "bind", "bind-key", "unbind", "unbind-key":
			return plainBytes(rest, ` -_"'\|%#{}.~/;!`) && !strings.Contains(rest, "#(") && !holdsOne(withoutReload.Replace(rest), []string{"run", "shell", "pipe", "source", "command", "respawn", "new-window", "popup"})
		}
		return false
	})
}

// plainInputrc knows the lines of an inputrc: readline runs no programs.
func plainInputrc(content string) bool {
	return everyLine(content, "#", func(line string) bool {
		if strings.HasPrefix(line, "set ") || strings.HasPrefix(line, "$if") || line == "$endif" || line == "$else" {
			return true
		}
		// A key may stand for typed text, which can be a command with its return.
		_, does, ok := strings.Cut(line, ": ")
		return ok && plainBytes(strings.TrimSpace(does), "-")
	})
}

// plainGitConfig knows the settings of git that run nothing and lead nowhere else.
func plainGitConfig(content string) bool {
	section := ""
	return everyLine(content, "#;", func(line string) bool {
		if line[0] == '[' {
			section = strings.ToLower(strings.Trim(line, "[] \t"))
			return plainGitSections[section] != nil
		}
		key, value, _ := strings.Cut(line, "=")
		if !plainBytes(value, ` @.-_"/:+'<>,{}%`) || strings.Contains(value, "://") {
			return false
		}
		keys := plainGitSections[section]
		return section == "alias" || keys[strings.ToLower(strings.TrimSpace(key))]
	})
}

// plainGitSections are git-config(1)'s sections and keys without commands and remotes.
// An alias that doesn't begin with "!" is one of git's own commands.
var plainGitSections = map[string]map[string]bool{
	"user": set("name", "email", "signingkey"), "init": set("defaultbranch"), "pull": set("rebase", "ff"), "push": set("default", "autosetupremote", "followtags"),
	"fetch": set("prune", "prunetags"), "color": set("ui"), "core": set("autocrlf", "eol", "whitespace", "ignorecase", "filemode", "quotepath", "longpaths", "excludesfile"),
	"merge": set("conflictstyle", "ff"), "diff": set("algorithm", "colormoved", "renames"), "rebase": set("autostash", "autosquash", "updaterefs"), "alias": set(),
	"commit": set("gpgsign", "verbose"), "tag": set("sort", "gpgsign"), "branch": set("sort", "autosetuprebase"), "rerere": set("enabled", "autoupdate"), "column": set("ui"),
	"help": set("autocorrect"), "log": set("date", "decorate"), "advice": set("detachedhead", "addignoredfile"),
}

// plainBytes reports whether a text has only letters, digits and some other bytes.
func plainBytes(s, others string) bool {
	for i := 0; i < len(s); i++ {
		if !isNameByte(s[i]) && strings.IndexByte(others, s[i]) < 0 {
			return false
		}
	}
	return true
}

package detect

import "strings"

// withoutReload drops from a key of tmux that it reads its own settings again.
var withoutReload = strings.NewReplacer("source-file ~/.tmux.conf", "", "source-file ~/.config/tmux/tmux.conf", "")

// plainKeys reports whether what a key of vim stands for stays within the editor.
func plainKeys(rest string) bool {
	low := strings.ToLower(rest)
	return plainBytes(rest, ` <>:-_/\,;.'"=+[]()*%$#@^&?`) && !strings.Contains(rest, "://") &&
		!holdsOne(low, []string{"system", "source", "exe", "<bar>", "term", "job", ":py", ":lua", ":ru", ":perl", ":tcl", ":ruby", ":w /", ":w ~", ":e /etc", "call "})
}

// plainAutocmd reports whether what vim does on an event is to set options or to
// tidy a file: "BufWritePre * :%s/\s\+$//e".
func plainAutocmd(rest string) bool {
	words := strings.Fields(rest)
	if len(words) < 3 {
		return false
	}
	does := strings.TrimPrefix(strings.Join(words[2:], " "), ":")
	switch {
	case strings.HasPrefix(does, "setlocal "), strings.HasPrefix(does, "set "), strings.HasPrefix(does, "setl "):
		_, options, _ := strings.Cut(does, " ")
		return plainBytes(options, " =,+-:_") && !holdsOne(options, []string{"exrc", "modelineexpr", "shell", "prg", "expr"})
	case strings.HasPrefix(does, "%s/"):
		return !strings.Contains(does, `\=`) && !strings.ContainsAny(does, "|!") && strings.Count(does, "/") == 3
	}
	return false
}

// plainLua knows the lines of an init.lua that set an option, a variable or a key.
func plainLua(content string) bool {
	return everyLine(content, "", func(line string) bool {
		if strings.HasPrefix(line, "--") && !strings.HasPrefix(line, "--[") {
			return true
		}
		if keys, ok := strings.CutPrefix(line, "vim.keymap.set("); ok {
			return plainKeys(strings.NewReplacer("{", "(", "}", ")").Replace(keys)) && strings.Count(keys, ")") <= 1+strings.Count(keys, "(")
		}
		name, value, ok := strings.Cut(line, "=")
		name = strings.TrimSpace(name)
		if !ok || !plainBytes(name, ".") || !strings.HasPrefix(name, "vim.") {
			return false
		}
		switch part, _, _ := strings.Cut(name[len("vim."):], "."); part {
		case "o", "opt", "g", "wo", "bo":
			return plainBytes(value, ` "'-_.,:{}=<>`) && !holdsOne(name, []string{"shell", "prg", "exrc", "modelineexpr", "runtimepath", "packpath", "rtp", "expr"})
		}
		return false
	})
}

// plainTimer knows the settings of a user's timer: what it starts is another file.
func plainTimer(content string) bool {
	return everyLine(content, "#;", func(line string) bool {
		if line[0] == '[' {
			return line == "[Unit]" || line == "[Timer]" || line == "[Install]"
		}
		key, value, ok := strings.Cut(line, "=")
		return ok && timerKeys[strings.TrimSpace(key)] && plainBytes(value, " *-:/,._@~()'")
	})
}

var timerKeys = set("Description", "Documentation", "After", "Requires", "Wants", "OnCalendar", "OnBootSec", "OnStartupSec", "OnActiveSec", "OnUnitActiveSec", "OnUnitInactiveSec", "Persistent", "AccuracySec", "RandomizedDelaySec", "WakeSystem", "RemainAfterElapse", "WantedBy")

// plainLogrotate knows the lines of logrotate that keep and pack logs: no scripts, no
// other files, no mail.
func plainLogrotate(content string) bool {
	return everyLine(content, "#", func(line string) bool {
		if line == "}" || line == "{" {
			return true
		}
		words := strings.Fields(line)
		if line[0] == '/' || line[0] == '"' {
			for _, w := range words {
				w = strings.Trim(w, `"`)
				if w != "{" && (!plainBytes(w, "/._-*") || !strings.Contains(w, "log") || strings.Contains(w, "..") || strings.HasPrefix(w, "/etc/") || strings.HasPrefix(w, "/root/")) {
					return false
				}
			}
			return true
		}
		switch words[0] {
		case "create", "su":
			return plainBytes(line, " -_") && !strings.Contains(line, "create 4") && !strings.Contains(line, "create 2") && !strings.Contains(line, "777")
		}
		return rotations[words[0]] && len(words) <= 2 && plainBytes(line, " -_.%")
	})
}

var rotations = set("hourly", "daily", "weekly", "monthly", "yearly", "rotate", "compress", "nocompress", "delaycompress", "missingok", "nomissingok", "notifempty", "ifempty", "copytruncate", "nocreate", "dateext", "dateformat", "size", "minsize", "maxsize", "maxage", "sharedscripts", "nomail", "start", "copy")

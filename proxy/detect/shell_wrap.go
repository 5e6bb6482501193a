package detect

import (
	"path"
	"strings"
)

// shells are the programs that run what stands after -c or on their input.
var shells = set("sh", "bash", "zsh", "dash", "ksh", "ash", "fish", "csh", "tcsh", "rbash", "mksh", "busybox-sh", "sudo-sh")

// simpleWrappers run the command that follows their options. The value lists the
// option letters that take a value.
var simpleWrappers = map[string]string{
	"sudo": "ugpCrtTUDhR", "doas": "uC", "pkexec": "", "gosu": "", "run0": "", "command": "", "builtin": "", "exec": "a", "nohup": "", "setsid": "",
	"time": "fo", "nice": "n", "ionice": "cnp", "stdbuf": "ioe", "unbuffer": "", "caffeinate": "tw", "proxychains": "f", "proxychains4": "f", "torsocks": "",
	"torify": "", "noglob": "", "nocorrect": "", "eatmydata": "", "fakeroot": "", "chronic": "", "strace": "eopsuE", "ltrace": "eopsu", "unshare": "",
	"systemd-run": "pHMut", "dbus-run-session": "", "xvfb-run": "", "setarch": "", "linux64": "", "prlimit": "", "catchsegv": "", "winpty": "", "then": "", "do": "", "else": "", "!": "", "if": "", "elif": "", "while": "", "until": "",
	"busybox": "", "toybox": "", "env": "uCS", "xargs": "IiLlnPsdEae", "parallel": "jIaNLS", "timeout": "ks", "gtimeout": "ks", "chroot": "", "flock": "wE",
	"taskset": "", "chrt": "", "watch": "n", "arch": "", "su-exec": "", "start-process": "", "start": "", "call": "", "bundle-exec": "", "ts-node-exec": "", "rlwrap": "aAbCcfgHhlNopPqrsSwz", "firejail": "", "numactl": "", "cpulimit": "lp", "trickle": "du", "softlimit": "", "setuidgid": "", "chpst": "u", "cgexec": "g", "catchsegv-run": "", "winexe-run": "", "wsl": "du",
}

// takesOperand are wrappers with a word before the command: a duration, a root.
var takesOperand = map[string]int{"timeout": 1, "gtimeout": 1, "chroot": 1, "flock": 1, "taskset": 1, "chrt": 1, "gosu": 1, "su-exec": 1, "setarch": 1}

// progName is the name of the program that a first word runs.
func progName(s string) string {
	s = asciiFold(s)
	if i := strings.LastIndexAny(s, `/\`); i >= 0 {
		s = s[i+1:]
	}
	s = strings.ToLower(strings.TrimSpace(s))
	s = strings.TrimSuffix(s, ".exe")
	if len(s) > 2 && s[0] == '!' && isWordByte(s[1]) {
		s = s[1:] // a notebook's way to a shell
	}
	if strings.ContainsAny(s, "?[*") {
		for _, p := range globbedPrograms {
			if ok, err := path.Match(s, p); err == nil && ok && len(strings.Trim(s, "?*")) > 0 {
				return p
			}
		}
	}
	return s
}

// globbedPrograms are those that a name with wildcards in it is tried on.
var globbedPrograms = []string{"rm", "sh", "bash", "cat", "nc", "curl", "wget", "dd", "chmod", "python", "python3", "perl", "base64", "mkfs", "shred", "head", "tail", "less", "tac", "nl"}

// unwrap takes the wrappers off a command and appends what they run, and reads the
// scripts that shells and eval are given.
func (r *shellReader) unwrap(sc shellCall, argv []shellWord, pipe *shellPipe) {
	if r.calls++; r.calls > maxCalls {
		r.over = true
		return
	}
	for n := 0; len(argv) > 0 && n < 16; n++ {
		name := progName(argv[0].text)
		takes, ok := simpleWrappers[name]
		if !ok {
			break
		}
		rest := r.skipOptions(name, takes, argv[1:], &sc)
		if len(rest) == 0 {
			break
		}
		if name == "xargs" || name == "parallel" {
			rest = withInput(rest, pipe)
		}
		sc.wrapped = append(sc.wrapped, name)
		argv = rest
		if (name == "watch" || name == "parallel") && len(argv) == 1 && strings.IndexByte(argv[0].text, ' ') > 0 {
			r.nested(argv[0].text, argv[0].start, argv[0].end)
		}
	}
	if len(argv) == 0 {
		if len(sc.redirs) > 0 || len(sc.env) > 0 {
			pipe.calls = append(pipe.calls, sc)
		}
		return
	}
	sc.prog, sc.args = progName(argv[0].text), argv[1:]
	sc.hiding = runsHidden(argv[0].text)
	if len(argv[0].subs) > 0 && sc.prog == "$(…)" {
		sc.stdinSubs = append(sc.stdinSubs, argv[0].subs...)
	}
	pipe.calls = append(pipe.calls, sc)
	r.scripts(&pipe.calls[len(pipe.calls)-1], pipe)
}

// skipOptions drops a wrapper's own options and operands.
func (r *shellReader) skipOptions(name, takes string, args []shellWord, sc *shellCall) []shellWord {
	for len(args) > 0 {
		a := args[0].text
		switch {
		case name == "env" && (a == "-S" || strings.HasPrefix(a, "--split-string")) && len(args) > 1:
			r.nested(args[1].text, args[1].start, args[1].end)
			args = args[2:]
			continue
		case (name == "env" || name == "sudo" || name == "doas") && isAssignment(a):
			sc.env = append(sc.env, args[0])
			args = args[1:]
			continue
		case a == "--":
			args = args[1:]
		case strings.HasPrefix(a, "--"):
			sc.later = sc.later || name == "systemd-run" && strings.HasPrefix(a, "--on-")
			sc.asUser = sc.asUser || strings.HasPrefix(a, "--user") && a != "--user=root"
			args = args[1:]
			if !strings.Contains(a, "=") && len(args) > 1 && (name == "sudo" || name == "pkexec" || name == "doas" || name == "nice" || name == "timeout") && (a == "--user" || a == "--group" || a == "--adjustment" || a == "--signal" || a == "--kill-after") {
				args = args[1:]
			}
			continue
		case len(a) > 1 && a[0] == '-':
			if (name == "sudo" || name == "doas") && strings.HasPrefix(a, "-u") {
				who := a[2:]
				if who == "" && len(args) > 1 {
					who = args[1].text
				}
				sc.asUser = who != "root"
				sc.asNobody = strings.Contains(who, "#-1") || strings.Contains(who, "#4294967295")
			}
			args = args[1:]
			if len(a) == 2 && strings.IndexByte(takes, a[1]) >= 0 && len(args) > 0 {
				args = args[1:]
			}
			continue
		}
		break
	}
	if n := takesOperand[name]; n > 0 && len(args) > n {
		args = args[n:]
	}
	return args
}

func isAssignment(s string) bool {
	name, _, ok := strings.Cut(s, "=")
	if !ok || name == "" || '0' <= name[0] && name[0] <= '9' {
		return false
	}
	for i := 0; i < len(name); i++ {
		if !isNameByte(name[i]) {
			return false
		}
	}
	return true
}

// withInput appends to a command what the stage before is known to print.
func withInput(args []shellWord, pipe *shellPipe) []shellWord {
	if len(pipe.calls) == 0 {
		return args
	}
	s, ok := prints(*pipe)
	if last := &pipe.calls[len(pipe.calls)-1]; !ok && (last.prog == "find" || last.prog == "ls" || last.prog == "fd" || last.prog == "locate") {
		// What is listed isn't known, but where it lies is.
		for _, o := range last.operands() {
			if strings.HasPrefix(o.text, "/") || strings.HasPrefix(o.text, "~") || strings.HasPrefix(o.text, "$") {
				s, ok = s+" "+o.text, true
			}
		}
	}
	if !ok || len(s) > 4<<10 {
		return args
	}
	out := append([]shellWord(nil), args...)
	for _, f := range strings.Fields(s) {
		w := args[0]
		w.text, w.subs, w.proc, w.place = f, nil, false, nil
		if out = append(out, w); len(out) > 64 {
			break
		}
	}
	return out
}

// runsHidden reports whether a program is run from where files are put that nobody
// is to see: shared memory, or a hidden file for the moment.
func runsHidden(path string) bool {
	return strings.HasPrefix(path, "/dev/shm/") || strings.HasPrefix(path, "/tmp/.") || strings.HasPrefix(path, "/var/tmp/.") || strings.HasPrefix(path, "/run/shm/")
}

// scripts reads the scripts that a call runs.
func (r *shellReader) scripts(c *shellCall, pipe *shellPipe) {
	r.remotely(c)
	argv := c.args
	start, end := c.start, c.end
	switch {
	case shells[c.prog]:
		for i, a := range argv {
			if len(a.text) > 1 && a.text[0] == '-' && a.text[1] != '-' && strings.HasSuffix(a.text, "c") && i+1 < len(argv) {
				r.nested(argv[i+1].text, start, end)
				break
			}
		}
		if c.stdin != "" {
			r.nested(c.stdin, start, end)
		}
		if before := pipe.calls[:len(pipe.calls)-1]; len(before) > 0 && len(argv) <= 2 {
			if s, ok := prints(shellPipe{before}); ok {
				r.nested(s, start, end)
			}
		}
	case c.prog == "eval":
		r.nested(joinWords(argv), start, end)
	case c.prog == "trap" && len(argv) > 1, c.prog == "watch" && len(argv) > 0:
		r.nested(argv[0].text, start, end)
	case c.prog == "alias":
		for _, a := range argv {
			if name, val, ok := strings.Cut(a.text, "="); ok {
				r.setVar("alias "+name, val)
			}
		}
	case c.prog == "su" || c.prog == "script" || c.prog == "runuser" || c.prog == "flock":
		for i, a := range argv {
			if (a.text == "-c" || a.text == "--command") && i+1 < len(argv) {
				r.nested(argv[i+1].text, start, end)
			}
		}
	case c.prog == "ssh":
		if ops := c.operands(); len(ops) > 1 {
			r.nested(joinWords(ops[len(ops)-1:]), start, end)
			if len(ops) > 2 {
				r.nested(joinWords(ops[1:]), start, end)
			}
		}
	case c.prog == "git":
		for i, a := range argv {
			switch {
			case i+1 == len(argv):
			case a.text == "foreach" || a.text == "--exec" || a.text == "-x" || a.text == "--extcmd" || a.text == "--tree-filter" || a.text == "--index-filter" || a.text == "--msg-filter" || a.text == "--env-filter":
				r.nested(argv[i+1].text, start, end)
			case a.text == "run" && i > 0 && argv[i-1].text == "bisect":
				r.nestedArgv(argv[i+1:], c)
			}
		}
	case c.prog == "ansible":
		for i, a := range argv {
			if (a.text == "-a" || a.text == "--args") && i+1 < len(argv) {
				r.nested(argv[i+1].text, start, end)
			}
		}
	case c.prog == "tmux" || c.prog == "screen" || c.prog == "byobu":
		for i, a := range argv {
			if i > 0 && (strings.IndexByte(a.text, ' ') > 0 || shells[progName(a.text)]) {
				if strings.IndexByte(a.text, ' ') > 0 {
					r.nested(a.text, start, end)
				} else {
					r.nestedArgv(argv[i:], c)
				}
				break
			}
		}
	case c.prog == "sed" || c.prog == "gsed":
		for _, a := range argv {
			if cmd, ok := strings.CutPrefix(strings.TrimLeft(a.text, "0123456789,$ "), "e "); ok {
				r.nested(cmd, start, end)
			}
		}
	case c.prog == "parallel" || c.prog == ":::":
		for _, a := range argv {
			if strings.IndexByte(a.text, ' ') > 0 {
				r.nested(a.text, start, end)
			}
		}
	case c.prog == "salt" || c.prog == "pdsh" || c.prog == "pssh" || c.prog == "clush":
		if n := len(argv); n > 0 {
			r.nested(argv[n-1].text, start, end)
		}
	case c.prog == "docker" || c.prog == "podman" || c.prog == "kubectl" || c.prog == "nerdctl" || c.prog == "lxc" || c.prog == "wsl" || c.prog == "vagrant" || c.prog == "multipass" || c.prog == "crictl" || c.prog == "incus" || c.prog == "ctr" || c.prog == "oc" || c.prog == "distrobox" || c.prog == "toolbox":
		for i, a := range argv {
			if i > 0 && shells[progName(a.text)] && i+1 < len(argv) {
				r.nestedArgv(argv[i:], c)
				break
			}
			if a.text == "--" && i+1 < len(argv) && c.has("exec", "run", "debug") && !shells[progName(argv[i+1].text)] {
				r.nestedArgv(argv[i+1:], c)
				break
			}
		}
		if k := indexWord(argv, "exec"); k >= 0 && !c.has("--") {
			// docker exec [options] CONTAINER PROGRAM …
			for i := k + 1; i < len(argv); i++ {
				if strings.HasPrefix(argv[i].text, "-") {
					if t := argv[i].text; t == "-u" || t == "-w" || t == "-e" || t == "--user" || t == "--workdir" || t == "--env" || t == "-n" || t == "-c" {
						i++
					}
					continue
				}
				if i+1 < len(argv) && !shells[progName(argv[i+1].text)] {
					r.nestedArgv(argv[i+1:], c)
				}
				break
			}
		}
	case c.prog == "find" || c.prog == "fd" || c.prog == "gfind":
		r.findExec(c)
	default:
		if body, ok := r.vars["alias "+c.prog]; ok && !strings.HasPrefix(body, c.prog) {
			r.nested(body+" "+quoteAll(argv), start, end)
		}
	}
}

func indexWord(ws []shellWord, word string) int {
	for i := range ws {
		if ws[i].text == word {
			return i
		}
	}
	return -1
}

// nestedArgv reads a command given as arguments to another.
func (r *shellReader) nestedArgv(argv []shellWord, c *shellCall) {
	if r.depth >= maxNested {
		return
	}
	r.depth++
	var inner shellPipe
	r.unwrap(shellCall{start: c.start, end: c.end, wrapped: []string{c.prog}}, argv, &inner)
	r.emit(inner)
	r.depth--
}

// findExec reads the commands of find's -exec and its kin, "{}" replaced by the
// folders searched.
func (r *shellReader) findExec(c *shellCall) {
	// A search by name finds something below its root, not the root.
	narrow := c.has("-name", "-iname", "-path", "-regex", "-empty") && !c.has("*")
	for i := 0; i < len(c.args); i++ {
		switch c.args[i].text {
		case "-exec", "-execdir", "-ok", "-okdir", "-x", "--exec":
		default:
			continue
		}
		var argv []shellWord
		j := i + 1
		for ; j < len(c.args) && c.args[j].text != ";" && c.args[j].text != "+"; j++ {
			if c.args[j].text == "{}" {
				for k := 0; k < i && !strings.HasPrefix(c.args[k].text, "-"); k++ {
					w := c.args[k]
					if narrow {
						w.text += "/{}"
						w.place = nil
					}
					argv = append(argv, w)
				}
				continue
			}
			argv = append(argv, c.args[j])
		}
		if len(argv) > 0 {
			r.nestedArgv(argv, c)
		}
		i = j
	}
}

func quoteAll(ws []shellWord) string {
	texts := make([]string, len(ws))
	for i := range ws {
		texts[i] = ws[i].text
	}
	return JoinArgv(texts)
}

// JoinArgv returns the command line that a shell would split into argv: words of
// plain characters as they are, others in single quotes. Policies use it to judge
// a command given as an array, or as a program beside its arguments.
func JoinArgv(argv []string) string {
	var b strings.Builder
	for i, a := range argv {
		if i > 0 {
			b.WriteByte(' ')
		}
		if a != "" && strings.IndexFunc(a, func(r rune) bool {
			return !(r < 0x80 && isNameByte(byte(r)) || strings.ContainsRune("-./:,+@%=", r))
		}) < 0 {
			b.WriteString(a)
			continue
		}
		b.WriteByte('\'')
		b.WriteString(strings.ReplaceAll(a, "'", `'\''`))
		b.WriteByte('\'')
	}
	return b.String()
}

// tokens reads a text that doesn't parse: words between separators, quotes and
// backslashes dropped. It is coarse but linear and never wrong about the order.
func (r *shellReader) tokens(text string, off int) {
	var argv []shellWord
	var pipe shellPipe
	var b strings.Builder
	var redir string
	var sc shellCall
	from, quote, any := 0, byte(0), false
	endWord := func(i int) {
		if !any {
			return
		}
		w := shellWord{text: b.String(), start: from + off, end: i + off}
		if r.at != nil {
			w.start, w.end = r.at[0], r.at[1]
		}
		b.Reset()
		any = false
		switch {
		case redir != "":
			sc.redirs = append(sc.redirs, shellRedir{redir, w})
			redir = ""
		case len(argv) == 0 && isAssignment(w.text):
			name, val, _ := strings.Cut(w.text, "=")
			r.setVar(name, val)
		case len(w.text) > 1 && w.text[0] == '$' && r.vars[strings.Trim(w.text[1:], "{}")] != "":
			for _, f := range strings.Fields(r.vars[strings.Trim(w.text[1:], "{}")]) {
				x := w
				x.text = f
				argv = append(argv, x)
			}
		default:
			argv = append(argv, w)
		}
	}
	endCall := func(i int) {
		endWord(i)
		if len(argv) > 0 || len(sc.redirs) > 0 {
			sc.start, sc.end = off, i+off
			if len(argv) > 0 {
				sc.start = argv[0].start
			}
			if r.at != nil {
				sc.start, sc.end = r.at[0], r.at[1]
			}
			r.unwrap(sc, argv, &pipe)
		}
		argv, sc = nil, shellCall{}
	}
	for i := 0; i < len(text) && r.calls < maxCalls; i++ {
		c := text[i]
		if !any {
			from = i
		}
		switch {
		case quote != 0 && c == quote:
			quote = 0
		case quote != 0:
			b.WriteByte(c)
		case c == '\'' || c == '"':
			quote, any = c, true
		case c == '\\' && i+1 < len(text):
			i++
			b.WriteByte(text[i])
			any = true
		case c == ' ' || c == '\t' || c == '\r':
			endWord(i)
		case c == '|' && !(i+1 < len(text) && text[i+1] == '|'):
			endCall(i)
		case c == '\n' || c == ';' || c == '&' || c == '|' || c == '(' || c == ')' || c == '`' || c == '{' && !any || c == '}' && !any:
			endCall(i)
			r.emit(pipe)
			pipe = shellPipe{}
		case c == '>' || c == '<':
			endWord(i)
			redir = string(c)
		default:
			b.WriteByte(c)
			any = true
		}
	}
	endCall(len(text))
	r.emit(pipe)
}

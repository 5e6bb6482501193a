package detect

import (
	"slices"
	"strings"
)

// mayWrite is a quick test that every command line passes that writes a file.
func mayWrite(s string) bool {
	if strings.IndexByte(s, '>') >= 0 {
		return true
	}
	for _, w := range [...]string{"tee", "cp", "mv", "install", "ln"} {
		if strings.Contains(s, w) {
			return true
		}
	}
	return false
}

// findCommandWrites looks at what a command line redirects or copies to places that
// are run later.
func findCommandWrites(v *View, report func(kind string, start, end int, score Score)) {
	pipes := v.shell().pipes
	if r := v.windowsShell(); r != nil {
		pipes = slices.Concat(pipes, r.pipes)
	}
	var g grades
	for _, p := range pipes {
		for i := range p.calls {
			c := &p.calls[i]
			files := c.writtenFiles()
			if len(files) == 0 {
				continue
			}
			if c.prog == "tee" && i > 0 {
				c.takes(p.calls[:i])
			}
			for _, f := range files {
				eachCleanPath(f.text, func(path string) {
					if s := RunLaterPath(path); s > NoScore && !c.writesPlainly(path) && f.end <= len(v.Text) {
						g.addAt("start-up-file", f.start, f.end, s)
					}
				})
			}
		}
	}
	g.tell(report, High)
}

// writtenFiles are the files that a call writes by redirection, or as a program whose
// last operand is one.
func (c *shellCall) writtenFiles() (files []shellWord) {
	for i := range c.redirs {
		if strings.HasPrefix(c.redirs[i].op, ">") {
			files = append(files, c.redirs[i].file)
		}
	}
	switch c.prog {
	case "tee":
		files = append(files, c.operands()...)
	case "cp", "mv", "install", "ln":
		if n := len(c.args); n > 0 {
			files = append(files, c.args[n-1])
		}
	}
	return files
}

// takes notes as the input of a call what the calls before it print, if that is known.
func (c *shellCall) takes(before []shellCall) {
	if text, ok := prints(shellPipe{before}); ok && c.stdin == "" {
		c.stdin = text
	}
}

// writesPlainly reports whether what a call writes to a start-up file is known, and
// plain.
func (c *shellCall) writesPlainly(path string) bool {
	switch c.prog {
	case "echo", "printf":
		text, ok := prints(shellPipe{[]shellCall{*c}})
		return ok && plainStartUp(path, text)
	case "cat", "tee":
		return c.stdin != "" && (c.prog == "tee" || len(c.args) == 0) && plainStartUp(path, c.stdin)
	}
	return false
}

package detect

import (
	"encoding/base64"
	"strconv"
	"strings"

	"mvdan.cc/sh/v3/syntax"
)

// fieldMark separates the fields that an unquoted expansion splits into.
const fieldMark = "\x1f"

// maxBraced is the length of the longest word whose braces are expanded.
const maxBraced = 512

// word expands a word as far as the text alone says what it is.
func (r *shellReader) word(w *syntax.Word, off int) []shellWord {
	if w == nil {
		return nil
	}
	start, end := r.span(w, off)
	out := shellWord{start: start, end: end, quoted: true}
	if lit := w.Lit(); lit != "" && strings.IndexByte(lit, '\\') < 0 && strings.IndexByte(lit, '{') < 0 {
		out.text, out.quoted = lit, false
		return []shellWord{out}
	}
	if end-start <= maxBraced {
		syntax.SplitBraces(w)
	}
	out.held = r.heldBy(w.Parts)
	texts := r.parts(w.Parts, off, false, &out)
	var words []shellWord
	for _, t := range texts {
		for _, f := range strings.Split(t, fieldMark) {
			if f == "" && (strings.Contains(t, fieldMark) || !out.quoted && len(texts) == 1 && len(out.subs) == 0) {
				continue
			}
			x := out
			x.text = f
			if words = append(words, x); len(words) >= maxExpansion {
				return words
			}
		}
	}
	return words
}

// heldBy returns what a word that is a variable alone holds of others' output.
func (r *shellReader) heldBy(parts []syntax.WordPart) []shellPipe {
	if len(r.holds) == 0 || len(parts) != 1 {
		return nil
	}
	switch p := parts[0].(type) {
	case *syntax.DblQuoted:
		return r.heldBy(p.Parts)
	case *syntax.ParamExp:
		if p.Param != nil {
			return r.holds[p.Param.Value]
		}
	}
	return nil
}

// parts expands the parts of a word to its alternatives: one, unless braces give
// more.
func (r *shellReader) parts(parts []syntax.WordPart, off int, quoted bool, out *shellWord) []string {
	texts := []string{""}
	var same strings.Builder // what all of texts go on with
	for _, p := range parts {
		next := r.part(p, off, quoted, out)
		if len(next) == 1 {
			if same.Len() < maxShell {
				same.WriteString(next[0])
			} else {
				r.over = true
			}
			continue
		}
		var all []string
		for _, t := range texts {
			t += same.String()
			for _, n := range next {
				if len(all) < maxExpansion && len(t)+len(n) < maxShell {
					all = append(all, t+n)
				}
			}
		}
		texts = all
		same.Reset()
	}
	if same.Len() > 0 {
		for i := range texts {
			texts[i] += same.String()
		}
	}
	return texts
}

func (r *shellReader) part(p syntax.WordPart, off int, quoted bool, out *shellWord) []string {
	switch p := p.(type) {
	case *syntax.Lit:
		if !quoted {
			out.quoted = false
		}
		return []string{unescape(p.Value, quoted)}
	case *syntax.SglQuoted:
		if p.Dollar {
			return []string{ansiC(p.Value)}
		}
		return []string{p.Value}
	case *syntax.DblQuoted:
		return r.parts(p.Parts, off, true, out)
	case *syntax.ParamExp:
		if !quoted {
			out.quoted = false
		}
		v := r.param(p, off)
		if !quoted {
			v = splitFields(r.byIFS(v))
		}
		return []string{v}
	case *syntax.CmdSubst:
		if !quoted {
			out.quoted = false
		}
		v := r.subst(p.Stmts, off, out)
		if !quoted {
			v = splitFields(v)
		}
		return []string{v}
	case *syntax.ProcSubst:
		out.proc, out.quoted = true, false
		r.subst(p.Stmts, off, out)
		return []string{"/dev/fd/63"}
	case *syntax.BraceExp:
		out.quoted = false
		return r.braces(p, off, out)
	case *syntax.ExtGlob:
		out.quoted = false
		return []string{p.Op.String() + p.Pattern.Value + ")"}
	case *syntax.ArithmExp:
		return []string{"0"}
	}
	return []string{""}
}

func (r *shellReader) braces(p *syntax.BraceExp, off int, out *shellWord) []string {
	var texts []string
	for _, e := range p.Elems {
		texts = append(texts, r.parts(e.Parts, off, false, out)...)
		if len(texts) >= maxExpansion {
			break
		}
	}
	if p.Sequence && len(texts) > 0 {
		return texts[:1]
	}
	return texts
}

func splitFields(v string) string {
	if !strings.ContainsAny(v, " \t\n") {
		return v
	}
	return strings.NewReplacer(" ", fieldMark, "\t", fieldMark, "\n", fieldMark).Replace(v)
}

// byIFS marks where an unquoted expansion is split by what the script has set IFS to.
func (r *shellReader) byIFS(v string) string {
	if !r.oddIFS {
		return v
	}
	ifs := r.vars["IFS"]
	return strings.Map(func(c rune) rune {
		if strings.ContainsRune(ifs, c) {
			return ' '
		}
		return c
	}, v)
}

// subst reads a substitution's statements, notes them in out, and returns what
// they print where that is known.
func (r *shellReader) subst(stmts []*syntax.Stmt, off int, out *shellWord) string {
	from := len(r.pipes)
	if r.depth >= maxNested {
		return "$(…)"
	}
	r.depth++
	r.stmts(stmts, off)
	r.depth--
	added := r.pipes[from:]
	out.subs = append(out.subs, added...)
	if len(added) == 1 {
		if s, ok := prints(added[0]); ok {
			return s
		}
		if c := added[0].calls; len(c) == 1 && len(c[0].args) == 0 && len(c[0].wrapped) == 0 && dangerousBare[c[0].prog] {
			// "`rm` -rf /": the name, dressed up as a substitution.
			return c[0].prog
		}
	}
	return "$(…)"
}

// dangerousBare are programs that print nothing useful without arguments.
var dangerousBare = set("rm", "shred", "dd", "mkfs", "chmod", "chown", "mv", "wipe", "unlink")

// prints returns what a pipeline prints if the text alone says so: echo and printf
// through base64, rev, xxd, cat.
func prints(p shellPipe) (string, bool) {
	if len(p.calls) == 0 || len(p.calls) > 4 {
		return "", false
	}
	var s string
	switch c := &p.calls[0]; c.prog {
	case "echo":
		args := c.args
		esc := false
		for len(args) > 0 && len(args[0].text) > 1 && strings.Trim(args[0].text, "-neE") == "" {
			esc = esc || strings.Contains(args[0].text, "e")
			args = args[1:]
		}
		s = joinWords(args)
		if esc {
			s = ansiC(s)
		}
	case "printf":
		if len(c.args) == 0 {
			return "", false
		}
		format := ansiC(c.args[0].text)
		rest := c.args[1:]
		for len(rest) > 0 && strings.Contains(format, "%") {
			i := strings.Index(format, "%")
			j := i + 1
			for j < len(format) && !('a' <= format[j]|0x20 && format[j]|0x20 <= 'z') {
				j++
			}
			v := rest[0].text
			if j < len(format) && format[j] == 'b' {
				v = ansiC(v)
			}
			format = format[:i] + v + format[min(j+1, len(format)):]
			rest = rest[1:]
			if len(format) > 4<<10 {
				break
			}
		}
		s = format
	case "base64", "xxd", "rev":
		if c.stdin == "" {
			return "", false
		}
		s = c.stdin
		v, ok := filter(c, s)
		if !ok {
			return "", false
		}
		s = v
	default:
		return "", false
	}
	if strings.Contains(s, "$(…)") {
		return "", false
	}
	for i := range p.calls[1:] {
		v, ok := filter(&p.calls[1+i], s)
		if !ok {
			return "", false
		}
		s = v
	}
	return strings.TrimRight(s, "\n"), true
}

// filter returns what a text filter makes of s.
func filter(c *shellCall, s string) (string, bool) {
	switch c.prog {
	case "cat", "tee":
		return s, len(c.args) == 0
	case "rev":
		b := []byte(strings.TrimRight(s, "\n"))
		for i, j := 0, len(b)-1; i < j; i, j = i+1, j-1 {
			b[i], b[j] = b[j], b[i]
		}
		return string(b), true
	case "base64", "openssl", "gbase64":
		if c.flag('d', "decode") || c.flag('D', "") {
			clean := strings.TrimRight(strings.Join(strings.Fields(s), ""), "=")
			b, err := base64.RawStdEncoding.DecodeString(clean)
			return string(b), err == nil
		}
	case "xxd":
		if c.flag('r', "") {
			return fromHex(s), true
		}
	case "tr":
		if ops := c.operands(); len(ops) == 2 && len(ops[0].text) == len(ops[1].text) && !strings.Contains(ops[0].text, "-") {
			return strings.Map(func(r rune) rune {
				if i := strings.IndexRune(ops[0].text, r); i >= 0 && r < 0x80 {
					return rune(ops[1].text[i])
				}
				return r
			}, s), true
		}
	}
	return "", false
}

func fromHex(s string) string {
	var b []byte
	hi := -1
	for i := 0; i < len(s); i++ {
		d := unhex(s[i])
		switch {
		case d < 0:
		case hi < 0:
			hi = d
		default:
			b = append(b, byte(hi<<4|d))
			hi = -1
		}
	}
	return string(b)
}

// param returns a parameter's value where the script set it, else the parameter as
// written. Positional parameters are empty.
func (r *shellReader) param(p *syntax.ParamExp, off int) string {
	if p.Param == nil {
		return ""
	}
	name := p.Param.Value
	val, known := r.vars[name]
	if !known {
		switch name {
		case "IFS":
			return fieldMark
		case "@", "*", "1", "2", "3", "4", "5", "6", "7", "8", "9":
			return ""
		case "PATH":
			val, known = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", p.Slice != nil || p.Repl != nil || p.Exp != nil
		case "HOME":
			val, known = "/home/user", p.Slice != nil
		case "PWD":
			val, known = "/home/user", p.Slice != nil
		case "SHELL":
			val, known = "/bin/bash", true
		case "BASH", "0":
			val, known = "/bin/bash", true
		}
	}
	if p.Excl && known {
		val, known = r.vars[val], true
	}
	if p.Exp != nil {
		return r.paramExp(p, name, val, known, off)
	}
	if r.grown += len(val); r.grown > 4*maxShell {
		r.over, known = true, false
	}
	if !known && p.Length {
		return "${#" + name + "}"
	}
	if !known {
		return "${" + name + "}"
	}
	switch {
	case p.Length:
		return strconv.Itoa(len(val))
	case p.Slice != nil:
		return slice(val, p.Slice)
	case p.Repl != nil && p.Repl.Orig != nil:
		with := ""
		if p.Repl.With != nil {
			with = joinWords(r.word(p.Repl.With, off))
		}
		if orig := joinWords(r.word(p.Repl.Orig, off)); orig != "" && len(val) < 4<<10 {
			n := 1
			if p.Repl.All {
				n = -1
			}
			return strings.Replace(val, orig, with, n)
		}
	}
	return val
}

func (r *shellReader) paramExp(p *syntax.ParamExp, name, val string, known bool, off int) string {
	arg := ""
	if p.Exp.Word != nil {
		arg = joinWords(r.word(p.Exp.Word, off))
	}
	switch p.Exp.Op {
	case syntax.DefaultUnset, syntax.DefaultUnsetOrNull, syntax.AssignUnset, syntax.AssignUnsetOrNull:
		if !known || val == "" {
			return arg
		}
		return val
	case syntax.AlternateUnset, syntax.AlternateUnsetOrNull:
		if known {
			return arg
		}
		return ""
	}
	if !known {
		return "${" + name + "}"
	}
	switch p.Exp.Op {
	case syntax.LowerAll:
		return strings.ToLower(val)
	case syntax.UpperAll:
		return strings.ToUpper(val)
	case syntax.RemSmallSuffix, syntax.RemLargeSuffix:
		return strings.TrimSuffix(val, arg)
	case syntax.RemSmallPrefix, syntax.RemLargePrefix:
		return strings.TrimPrefix(val, arg)
	}
	return val
}

// slice is ${v:offset:length} for plain numbers.
func slice(val string, s *syntax.Slice) string {
	from, ok := arithmInt(s.Offset)
	if !ok || from < 0 || from > len(val) {
		return val
	}
	val = val[from:]
	if n, ok := arithmInt(s.Length); ok && n >= 0 && n <= len(val) {
		return val[:n]
	}
	return val
}

func arithmInt(e syntax.ArithmExpr) (int, bool) {
	w, ok := e.(*syntax.Word)
	if !ok || w == nil {
		return 0, false
	}
	n, err := strconv.Atoi(w.Lit())
	return n, err == nil
}

// unescape drops the backslashes of a literal: all when unquoted, only those that
// double quotes give a meaning to when quoted.
func unescape(s string, quoted bool) string {
	if strings.IndexByte(s, '\\') < 0 {
		return s
	}
	b := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+1 < len(s) && (!quoted || strings.IndexByte("$`\"\\\n", s[i+1]) >= 0) {
			i++
			if s[i] == '\n' {
				continue
			}
		}
		b = append(b, s[i])
	}
	return string(b)
}

// ansiC undoes the escapes of $'…' and echo -e.
func ansiC(s string) string {
	if strings.IndexByte(s, '\\') < 0 {
		return s
	}
	b := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' || i+1 == len(s) {
			b = append(b, s[i])
			continue
		}
		i++
		digits := func(from, most, base int) {
			j := from
			for j < len(s) && j < from+most && unhex(s[j]) >= 0 && unhex(s[j]) < base {
				j++
			}
			if n, err := strconv.ParseUint(s[from:j], base, 32); err == nil {
				if n < 0x100 {
					b = append(b, byte(n))
				} else {
					b = append(b, string(rune(n))...)
				}
				i = j - 1
			}
		}
		switch c := s[i]; c {
		case 'n':
			b = append(b, '\n')
		case 't':
			b = append(b, '\t')
		case 'r':
			b = append(b, '\r')
		case 'a', 'b', 'f', 'v', 'e', 'E':
			b = append(b, ' ')
		case 'x':
			digits(i+1, 2, 16)
		case 'u':
			digits(i+1, 4, 16)
		case 'U':
			digits(i+1, 8, 16)
		case '0', '1', '2', '3', '4', '5', '6', '7':
			most := 3
			if c == '0' {
				most = 4
			}
			digits(i, most, 8)
		default:
			b = append(b, c)
		}
	}
	return string(b)
}

func set(words ...string) map[string]bool {
	m := make(map[string]bool, len(words))
	for _, w := range words {
		m[w] = true
	}
	return m
}

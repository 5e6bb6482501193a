package detect

import (
	"strings"
	"sync"

	"mvdan.cc/sh/v3/syntax"
)

// Bounds of reading a shell text. Beyond them a text is read by tokens only.
const (
	maxShell      = 64 << 10 // bytes parsed at once; longer texts go by chunks of lines
	maxShellDepth = 40       // nested brackets and keywords
	maxNested     = 6        // scripts within scripts: sh -c, eval, $(…)
	maxCalls      = 8192     // calls looked at in one text
	maxExpansion  = 32       // words that one word may expand to
)

// A shellWord is an argument after quoting and the expansions that are known from
// the text alone. What isn't known stands as written ("$HOME", "$(…)").
type shellWord struct {
	text       string
	start, end int
	// subs are the pipelines whose output or name the word takes: command and
	// process substitution.
	subs []shellPipe
	// held are the pipelines whose output a variable holds that is the whole word.
	held []shellPipe
	// proc says that the word is a process substitution.
	proc bool
	// quoted says that all of it stood in quotes.
	quoted bool
	// place is what sensitive has found, which several judges ask for.
	place *sensitivePlace
}

type sensitivePlace struct {
	kind  string
	score Score
}

// nowhere is the place of most words.
var nowhere sensitivePlace

// sensitive is sensitiveText of the word, worked out once.
func (w *shellWord) sensitive() (kind string, score Score) {
	if w.place == nil {
		w.place = &nowhere
		if kind, score := sensitiveText(w.text); kind != "" {
			w.place = &sensitivePlace{kind, score}
		}
	}
	return w.place.kind, w.place.score
}

// A shellRedir is a redirection to or from a file.
type shellRedir struct {
	op   string // "<", ">", ">>"
	file shellWord
}

// A shellCall is one program run, after the wrappers around it (sudo, env, xargs,
// sh -c …) are taken off.
type shellCall struct {
	prog       string // base name, lower case, without .exe
	args       []shellWord
	redirs     []shellRedir
	start, end int
	stdin      string // a here-document or here-string, as far as known
	stdinSubs  []shellPipe
	wrapped    []string // the wrappers, outermost first
	env        []shellWord
	odd        bool // the program's name was built by a trick
	// asNobody says that sudo was given the user id that once meant root.
	asNobody bool
	// asUser says that the wrapper names a user to be.
	asUser bool
	// hiding says that the program lies where nobody is to see it.
	hiding bool
	// later says that the wrapper runs the program at other times.
	later bool
	// printsSecret says that the call prints a variable named as a secret.
	printsSecret bool
	// What judges ask more than once: what its output is, and the surest
	// sensitive place that it names.
	flow  *flow
	place struct {
		kind  string
		score Score
		known bool
	}
}

// sameSubs reports whether argument i is of the same word as the one before it, so
// that their substitutions are the same.
func (c *shellCall) sameSubs(i int) bool {
	if i == 0 {
		return false
	}
	a, b := c.args[i-1].subs, c.args[i].subs
	return len(a) == len(b) && len(a) > 0 && &a[0] == &b[0]
}

// has reports whether an argument equals one of words.
func (c *shellCall) has(words ...string) bool {
	for i := range c.args {
		for _, w := range words {
			if c.args[i].text == w {
				return true
			}
		}
	}
	return false
}

// flag reports whether a short option letter or a long option is given; long may
// be abbreviated as getopt allows, and may have a value after "=".
func (c *shellCall) flag(short byte, long string) bool {
	for i := range c.args {
		a := c.args[i].text
		if len(a) < 2 || a[0] != '-' {
			continue
		}
		if a == "--" {
			return false
		}
		if a[1] != '-' {
			if short != 0 && strings.IndexByte(a[1:], short) >= 0 && len(a) < 12 {
				return true
			}
			continue
		}
		name, _, _ := strings.Cut(a[2:], "=")
		if long != "" && len(name) >= 3 && strings.HasPrefix(long, name) {
			return true
		}
	}
	return false
}

// operands are the arguments that are no options.
func (c *shellCall) operands() []shellWord {
	var out []shellWord
	rest := false
	for _, a := range c.args {
		switch {
		case rest || !strings.HasPrefix(a.text, "-") || a.text == "-":
			out = append(out, a)
		case a.text == "--":
			rest = true
		}
	}
	return out
}

// line is the call as one text, for forms that are easiest to see in a line.
func (c *shellCall) line() string {
	var b strings.Builder
	b.WriteString(c.prog)
	for i := range c.args {
		b.WriteByte(' ')
		b.WriteString(c.args[i].text)
		if b.Len() > 8<<10 {
			break
		}
	}
	return b.String()
}

// A shellPipe is a pipeline: the calls whose output goes to the next.
type shellPipe struct {
	calls []shellCall
}

// A shellReader reads scripts into pipelines.
type shellReader struct {
	text  string
	pipes []shellPipe
	vars  map[string]string
	// holds are the pipelines whose output variables were set to.
	holds map[string][]shellPipe
	calls int
	depth int
	// at, if set, is the range reported for everything: the word that holds a
	// nested script.
	at *[2]int
	// oddIFS says that IFS was set to something that no one needs.
	oddIFS bool
	bomb   [2]int // a function that calls itself in a pipeline
	budget int    // bytes of nested scripts still to be read
	grown  int    // bytes that variables expanded to
	// over says that a bound was met: something was not looked at.
	over bool
}

// readShell returns the pipelines of a text, nested scripts and substitutions
// included. It never fails: what doesn't parse is read by tokens.
func readShell(text string) *shellReader {
	r := &shellReader{text: text, budget: 4 * maxShell}
	for off := 0; off < len(text) && r.calls < maxCalls; {
		end := len(text)
		if end-off > maxShell {
			end = off + maxShell
			if i := strings.LastIndexByte(text[off:end], '\n'); i > 0 {
				end = off + i + 1
			}
		}
		r.script(text[off:end], off)
		off = end
	}
	return r
}

// shell returns the view's text as a shell reads it. Parsers share it and must not
// change it.
func (v *View) shell() *shellReader {
	if v.script == nil || v.script.text != v.Text {
		v.script = readShell(v.Text)
	}
	return v.script
}

// windowsShell returns the view's text as a shell reads it once its backslashes are
// slashes, nil where they separate no paths. It is shared like that of shell.
func (v *View) windowsShell() *shellReader {
	text, ok := windowsPaths(v.Text)
	if !ok {
		return nil
	}
	if v.backslashed == nil || v.backslashed.text != text {
		v.backslashed = readShell(text)
	}
	return v.backslashed
}

// script reads one text; off is added to its positions.
func (r *shellReader) script(text string, off int) {
	if strings.TrimSpace(text) == "" {
		return
	}
	if isPlainCommand(text) {
		r.plain(text, off)
		return
	}
	if shellDepth(text) <= maxShellDepth {
		f, err := parseShell(text)
		if err == nil {
			r.stmts(f.Stmts, off)
			if r.depth > 0 || !mayBeFish(text) {
				return
			}
		}
		if posix, ok := fromFish(text); ok && r.depth == 0 {
			r.nested(posix, off, off+len(text))
			return
		} else if err == nil {
			return
		}
	}
	r.tokens(text, off)
}

// shellSyntax are parsers at rest; a parser is expensive to make.
var shellSyntax = sync.Pool{New: func() any { return syntax.NewParser(syntax.Variant(syntax.LangBash)) }}

func parseShell(text string) (*syntax.File, error) {
	p := shellSyntax.Get().(*syntax.Parser)
	f, err := p.Parse(strings.NewReader(strings.ReplaceAll(text, "\x00", " ")), "")
	_, _ = p.Parse(strings.NewReader(""), "") // lets go of the text
	shellSyntax.Put(p)
	return f, err
}

// maxPlain is the length of the longest command that is read without the parser.
const maxPlain = 4 << 10

// isPlainCommand reports whether a text is words that mean themselves, as most
// commands are, so that the parser would find one call of them.
func isPlainCommand(text string) bool {
	if len(text) > maxPlain {
		return false
	}
	for i := 0; i < len(text); i++ {
		if c := text[i]; !isNameByte(c) && c != ' ' && c != '-' && c != '.' && c != '/' && c != ':' && c != ',' && c != '@' && c != '+' {
			return false
		}
	}
	first, _, _ := strings.Cut(strings.TrimLeft(text, " "), " ")
	return !shellKeywords[first]
}

// shellKeywords are the words that begin something other than a call, in any of
// the parser's languages.
var shellKeywords = set("if", "then", "elif", "else", "fi", "while", "until", "for", "foreach", "select", "case", "esac", "in", "do", "done", "end", "function", "time", "coproc", "let",
	"declare", "typeset", "local", "export", "readonly", "nameref", "repeat")

// plain reads a plain command.
func (r *shellReader) plain(text string, off int) {
	var argv []shellWord
	for i := 0; i < len(text); {
		if text[i] == ' ' {
			i++
			continue
		}
		end := i
		for end < len(text) && text[end] != ' ' {
			end++
		}
		if argv == nil {
			argv = make([]shellWord, 0, 1+strings.Count(text[i:], " "))
		}
		w := shellWord{text: text[i:end], start: i + off, end: end + off}
		if r.at != nil {
			w.start, w.end = r.at[0], r.at[1]
		}
		argv = append(argv, w)
		i = end
	}
	var pipe shellPipe
	r.unwrap(shellCall{start: argv[0].start, end: argv[len(argv)-1].end}, argv, &pipe)
	r.emit(pipe)
}

// nested reads a script that a word holds, such as sh -c's.
func (r *shellReader) nested(text string, start, end int) {
	if r.depth >= maxNested || len(text) > r.budget {
		r.over = true
		return
	}
	r.budget -= len(text)
	r.depth++
	at := r.at
	if at == nil {
		r.at = &[2]int{start, end}
	}
	r.script(text, 0)
	r.at = at
	r.depth--
}

// shellDepth bounds from above how deeply a text can nest, without parsing it.
func shellDepth(s string) int {
	depth, most, run := 0, 0, 0
	for i := 0; i < len(s); i++ {
		switch c := s[i]; c {
		case '(', '{':
			depth++
			run++
		case ')', '}':
			depth = max(0, depth-1)
			run = 0
		case '!', '-', '~', '+', '`', '?', '*', '=', '<':
			if run++; run > 64 && c != '-' && c != '=' && c != '*' && c != '+' {
				return run
			}
		case ' ', '\t', '$', '\\':
		default:
			run = 0
		}
		most = max(most, depth)
	}
	for _, kw := range [...]string{"if ", "while ", "until ", "case ", "then ", "do ", "! ", "time ", "coproc ", "function ", "{ "} {
		if most > maxShellDepth {
			break
		}
		if n := strings.Count(s, kw); n > maxShellDepth*4 {
			return n
		}
	}
	return most
}

func (r *shellReader) span(n syntax.Node, off int) (int, int) {
	if r.at != nil {
		return r.at[0], r.at[1]
	}
	return int(n.Pos().Offset()) + off, int(n.End().Offset()) + off
}

func (r *shellReader) stmts(list []*syntax.Stmt, off int) {
	for _, s := range list {
		r.stmt(s, off)
	}
}

// stmt reads a statement; pipelines go to r.pipes.
func (r *shellReader) stmt(s *syntax.Stmt, off int) {
	if s == nil || r.calls >= maxCalls {
		return
	}
	if b, ok := s.Cmd.(*syntax.BinaryCmd); ok {
		if b.Op != syntax.Pipe && b.Op != syntax.PipeAll {
			r.stmt(b.X, off)
			r.stmt(b.Y, off)
			return
		}
		var pipe shellPipe
		r.stages(s, off, &pipe)
		r.emit(pipe)
		return
	}
	var pipe shellPipe
	r.stages(s, off, &pipe)
	r.emit(pipe)
}

func (r *shellReader) emit(p shellPipe) {
	if len(p.calls) > 0 {
		r.pipes = append(r.pipes, p)
	}
}

// stages appends the calls of a pipeline's stages. A compound stage gives its last
// pipeline's calls, as its output goes on.
func (r *shellReader) stages(s *syntax.Stmt, off int, pipe *shellPipe) {
	if b, ok := s.Cmd.(*syntax.BinaryCmd); ok && (b.Op == syntax.Pipe || b.Op == syntax.PipeAll) {
		r.stages(b.X, off, pipe)
		r.stages(b.Y, off, pipe)
		return
	}
	redirs, stdin, subs := r.redirects(s.Redirs, off)
	if c, ok := s.Cmd.(*syntax.CallExpr); ok {
		r.call(c, s, off, redirs, stdin, subs, pipe)
		return
	}
	from := len(r.pipes)
	r.compound(s.Cmd, off)
	start, end := r.span(s, off)
	if len(redirs) > 0 {
		pipe.calls = append(pipe.calls, shellCall{redirs: redirs, start: start, end: end})
	}
	for _, inner := range r.pipes[from:] {
		if len(pipe.calls)+len(inner.calls) > 32 {
			break
		}
		pipe.calls = append(pipe.calls, inner.calls...)
	}
}

// compound reads the statements inside a compound command.
func (r *shellReader) compound(c syntax.Command, off int) {
	switch c := c.(type) {
	case *syntax.Subshell:
		r.stmts(c.Stmts, off)
	case *syntax.Block:
		r.stmts(c.Stmts, off)
	case *syntax.BinaryCmd:
		r.stmt(c.X, off)
		r.stmt(c.Y, off)
	case *syntax.IfClause:
		for ; c != nil; c = c.Else {
			r.stmts(c.Cond, off)
			r.stmts(c.Then, off)
		}
	case *syntax.WhileClause:
		r.stmts(c.Cond, off)
		r.stmts(c.Do, off)
	case *syntax.ForClause:
		if it, ok := c.Loop.(*syntax.WordIter); ok && it.Name != nil {
			var vals []string
			for _, w := range it.Items {
				for _, x := range r.word(w, off) {
					vals = append(vals, x.text)
				}
			}
			r.setVar(it.Name.Value, strings.Join(vals, " "))
		}
		r.stmts(c.Do, off)
	case *syntax.CaseClause:
		for _, it := range c.Items {
			r.stmts(it.Stmts, off)
		}
	case *syntax.FuncDecl:
		if c.Name != nil && isForkBomb(c) {
			r.bomb[0], r.bomb[1] = r.span(c, off)
		}
		r.stmt(c.Body, off)
	case *syntax.TimeClause:
		r.stmt(c.Stmt, off)
	case *syntax.CoprocClause:
		r.stmt(c.Stmt, off)
	case *syntax.DeclClause:
		start, end := r.span(c, off)
		sc := shellCall{start: start, end: end}
		for _, a := range c.Args {
			sc.env = append(sc.env, r.assign(a, off)...)
		}
		r.emit(shellPipe{[]shellCall{sc}})
	}
}

// isForkBomb reports whether a function pipes to itself or runs itself behind its
// own back.
func isForkBomb(f *syntax.FuncDecl) bool {
	selfCalls, pipe, back := 0, false, false
	syntax.Walk(f.Body, func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.CallExpr:
			if len(n.Args) > 0 && n.Args[0].Lit() == f.Name.Value {
				selfCalls++
			}
		case *syntax.BinaryCmd:
			pipe = pipe || n.Op == syntax.Pipe || n.Op == syntax.PipeAll
		case *syntax.Stmt:
			if n != nil && n.Background {
				back = true
			}
		}
		return true
	})
	return selfCalls > 0 && (pipe || back) && (selfCalls > 1 || back)
}

func (r *shellReader) redirects(list []*syntax.Redirect, off int) (out []shellRedir, stdin string, subs []shellPipe) {
	for _, d := range list {
		switch d.Op {
		case syntax.Hdoc, syntax.DashHdoc:
			if d.Hdoc != nil {
				if ws := r.word(d.Hdoc, off); len(ws) > 0 {
					stdin = joinWords(ws)
				}
			}
		case syntax.WordHdoc:
			ws := r.word(d.Word, off)
			stdin = joinWords(ws)
			for _, w := range ws {
				subs = append(subs, w.subs...)
			}
		case syntax.RdrIn, syntax.RdrInOut, syntax.RdrOut, syntax.AppOut, syntax.RdrClob, syntax.RdrAll, syntax.AppAll, syntax.DplOut, syntax.DplIn:
			op := ">"
			switch d.Op {
			case syntax.RdrIn, syntax.DplIn:
				op = "<"
			case syntax.AppOut, syntax.AppAll:
				op = ">>"
			case syntax.RdrInOut:
				op = "<>"
			}
			for _, w := range r.word(d.Word, off) {
				if w.proc && op == "<" {
					subs = append(subs, w.subs...)
				}
				out = append(out, shellRedir{op, w})
			}
		}
	}
	return out, stdin, subs
}

func joinWords(ws []shellWord) string {
	texts := make([]string, len(ws))
	for i := range ws {
		texts[i] = ws[i].text
	}
	return strings.Join(texts, " ")
}

// call reads a simple command into pipe, its wrappers taken off.
func (r *shellReader) call(c *syntax.CallExpr, s *syntax.Stmt, off int, redirs []shellRedir, stdin string, subs []shellPipe, pipe *shellPipe) {
	var env []shellWord
	for _, a := range c.Assigns {
		env = append(env, r.assign(a, off)...)
	}
	var argv []shellWord
	for _, w := range c.Args {
		argv = append(argv, r.word(w, off)...)
		if len(argv) > maxCalls {
			break
		}
	}
	start, end := r.span(s, off)
	sc := shellCall{redirs: redirs, stdin: stdin, stdinSubs: subs, start: start, end: end, env: env}
	if len(argv) > 0 && len(c.Args) > 0 {
		sc.odd = r.oddName(c.Args[0])
	}
	r.unwrap(sc, argv, pipe)
}

// oddName reports whether a program's name is written in a way that only hides it:
// letters as escapes, or split by an IFS that was changed for it.
func (r *shellReader) oddName(w *syntax.Word) bool {
	for _, p := range w.Parts {
		switch p := p.(type) {
		case *syntax.SglQuoted:
			if p.Dollar && strings.Contains(p.Value, `\`) {
				return true
			}
		case *syntax.ParamExp:
			if r.oddIFS {
				return true
			}
		}
	}
	return false
}

// assign notes what a variable is set to and returns the value's words.
func (r *shellReader) assign(a *syntax.Assign, off int) []shellWord {
	if a.Name == nil || a.Value == nil {
		if a.Array != nil && a.Name != nil {
			var vals []string
			for _, e := range a.Array.Elems {
				if e.Value != nil {
					vals = append(vals, joinWords(r.word(e.Value, off)))
				}
			}
			r.setVar(a.Name.Value, strings.Join(vals, " "))
		}
		return nil
	}
	ws := r.word(a.Value, off)
	val := joinWords(ws)
	if a.Append {
		val = r.vars[a.Name.Value] + val
	}
	r.setVar(a.Name.Value, val)
	if len(ws) == 1 && len(ws[0].subs) > 0 && len(r.holds) < 64 {
		if r.holds == nil {
			r.holds = map[string][]shellPipe{}
		}
		r.holds[a.Name.Value] = ws[0].subs
	}
	if a.Name.Value == "IFS" && strings.ContainsAny(val, ",;:_-./@%abcdefghijklmnopqrstuvwxyz") {
		r.oddIFS = true
	}
	for i := range ws {
		ws[i].text = a.Name.Value + "=" + ws[i].text
	}
	return ws
}

func (r *shellReader) setVar(name, val string) {
	if len(val) <= 1<<10 && len(r.vars) < 256 {
		if r.vars == nil {
			r.vars = map[string]string{}
		}
		r.vars[name] = val
	}
}

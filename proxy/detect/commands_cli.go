package detect

import "strings"

// A cliRule knows a form of a program's command line: what a subcommand does. The
// form is a list of elements, all of which must hold:
//
//	word      stands among the arguments, after the words before it
//	a|b       either of the words; "*" in one stands for any run of characters
//	-f|--flag is given anywhere, also joined to others or with a value
//	~text     stands somewhere in the line, in any case; "␣" is a blank
//	!element  doesn't hold; of a word: stands nowhere
type cliRule struct {
	progs string
	form  string
	kind  string
	score Score
}

// A cliForm is a rule's form, read.
type cliForm struct {
	*cliRule
	elems []cliElem
}

type cliElem struct {
	not  bool
	how  byte // 'w' word, 'f' flag, '~' anywhere
	alts []string
}

// cliForms are the forms of all tables by program.
var cliForms = func() map[string][]cliForm {
	forms := map[string][]cliForm{}
	for _, table := range [...][]cliRule{cloudRules, containerRules, databaseToolRules, storeRules, gitRules, packageRules, attackToolRules, hostRules, opsRules} {
		for i := range table {
			r := &table[i]
			f := cliForm{r, cliElems(r.form)}
			for _, p := range strings.Fields(r.progs) {
				forms[p] = append(forms[p], f)
			}
		}
	}
	return forms
}()

func cliElems(form string) []cliElem {
	var elems []cliElem
	for _, t := range strings.Fields(form) {
		e := cliElem{how: 'w'}
		if t[0] == '!' {
			e.not, t = true, t[1:]
		}
		switch t[0] {
		case '~':
			e.how, t = '~', strings.ReplaceAll(t[1:], "␣", " ")
		case '-':
			e.how = 'f'
		}
		e.alts = strings.Split(t, "|")
		elems = append(elems, e)
	}
	return elems
}

// forms judges a call by the forms of its program's command line.
func (j *judge) forms(c *shellCall) {
	list := cliForms[c.prog]
	if len(list) == 0 {
		return
	}
	line := ""
	for i := range list {
		if !list[i].holds(c, &line) {
			continue
		}
		score := list[i].score
		if score == Medium && losses[list[i].kind] && c.isScratch() {
			score = Low
		}
		j.add(list[i].kind, c, score)
	}
}

// losses are the kinds of what is lost with what an administrator's program deletes.
var losses = set("cloud-destructive", "destructive-delete", "sql-destructive")

// isScratch reports whether what a call is about is named as made to be thrown away,
// and nothing as what others work with.
func (c *shellCall) isScratch() bool {
	var d deed
	for i := range c.args {
		a := &c.args[i]
		if len(a.subs) > 0 {
			return false
		}
		t := a.text
		if strings.HasPrefix(t, "-") {
			_, t, _ = strings.Cut(t, "=")
		}
		d.target(t)
	}
	return d.scratch && !d.live && !d.all
}

// holds reports whether a call has the form. line is the call as a lower-case text,
// once one of the forms has asked for it.
func (f *cliForm) holds(c *shellCall, line *string) bool {
	at := 0
	for i := range f.elems {
		e := &f.elems[i]
		ok := false
		switch e.how {
		case 'w':
			from := at
			if e.not {
				from = 0
			}
			for k := from; k < len(c.args) && !ok; k++ {
				if ok = e.word(c.args[k].text); ok && !e.not {
					at = k + 1
				}
			}
		case 'f':
			ok = e.flag(c)
		default:
			if *line == "" {
				*line = strings.ToLower(c.line()) + " "
			}
			ok = holdsOne(*line, e.alts)
		}
		if ok == e.not {
			return false
		}
	}
	return true
}

func (e *cliElem) word(arg string) bool {
	if len(arg) > 256 || strings.HasPrefix(arg, "-") {
		return false
	}
	for _, a := range e.alts {
		if a == arg || strings.IndexByte(a, '*') >= 0 && (wildMatch(a, arg) || wildMatch(a, strings.ToLower(arg))) || len(a) > 2 && strings.EqualFold(a, arg) {
			return true
		}
	}
	return false
}

// wildMatch matches a word against a form in which "*" stands for any run of
// characters, none included.
func wildMatch(form, s string) bool {
	head, rest, ok := strings.Cut(form, "*")
	if !ok || !strings.HasPrefix(s, head) {
		return form == s
	}
	s = s[len(head):]
	for {
		mid, tail, more := strings.Cut(rest, "*")
		if !more {
			return strings.HasSuffix(s, rest)
		}
		i := strings.Index(s, mid)
		if i < 0 {
			return false
		}
		s, rest = s[i+len(mid):], tail
	}
}

// flag reports whether an option is given: a long one as it is or with a value, a
// letter alone or among others.
func (e *cliElem) flag(c *shellCall) bool {
	for i := range c.args {
		arg := c.args[i].text
		if len(arg) < 2 || arg[0] != '-' {
			continue
		}
		for _, a := range e.alts {
			switch {
			case arg == a, len(a) > 2 && strings.HasPrefix(arg, a) && arg[len(a)] == '=':
				return true
			case len(a) == 2 && a[1] != '-' && arg[1] != '-' && len(arg) < 7 && strings.IndexByte(arg, a[1]) > 0:
				return true
			}
		}
	}
	return false
}

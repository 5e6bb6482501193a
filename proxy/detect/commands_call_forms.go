package detect

import "strings"

// A callForm knows a form of a tool's call that opens, disarms or takes away. The
// form is a list of elements, all of which must hold, in any order:
//
//	word|word    is said by the tool's name, the operation, the service or the address
//	.leaf|leaf   a member of such a name has a value
//	.leaf=a|b    and one of these; "*" stands for any run of characters, ALL for
//	             whatever means everything, NONE for an empty value; "␣" is a blank
//	@text|text   stands in a member's value
//	/text|text   stands in the names that lead to a member
//	!element     doesn't hold
//
// Names and values are in lower case, names without what joins their words. The first
// element is a word or a member: the forms are found by it. CHANGE stands for the
// words of whatever makes or changes, LIFT for those of whatever takes away.
type callForm struct {
	form  string
	kind  string
	score Score
}

type formElem struct {
	not    bool
	how    byte // 'w' word, '.' member, '@' text, '/' path
	alts   []string
	values []string
}

type readForm struct {
	*callForm
	elems []formElem
}

// callFormsBy are the forms by the words of their first element, members with a dot.
var callFormsBy = func() map[string][]readForm {
	forms := map[string][]readForm{}
	for _, table := range [...][]callForm{identityForms, cloudForms, deliveryForms, storeForms, networkForms, fleetForms} {
		for i := range table {
			f := readForm{&table[i], formElems(table[i].form)}
			dot := ""
			if f.elems[0].how == '.' {
				dot = "."
			}
			for _, a := range f.elems[0].alts {
				forms[dot+a] = append(forms[dot+a], f)
			}
		}
	}
	return forms
}()

var formWords = strings.NewReplacer(
	"CHANGE", "update|set|change|edit|modify|put|patch|post|configure|config|toggle|apply|replace|write|create|insert|add|register|attach|associate|open|enable|allow|authorize|assign|grant|invoke|run|exec|execute|command|upload|save",
	"LIFT", "delete|remove|disable|deactivate|detach|disassociate|revoke|suspend|stop|pause|clear|reset|purge|off|uninstall|unassign|dismiss|destroy",
)

func formElems(form string) []formElem {
	var elems []formElem
	for t := range strings.FieldsSeq(form) {
		e := formElem{how: 'w'}
		if t[0] == '!' {
			e.not, t = true, t[1:]
		}
		t = formWords.Replace(t)
		switch t[0] {
		case '.', '@', '/':
			e.how, t = t[0], t[1:]
		}
		if e.how == '.' {
			names, values, ok := strings.Cut(t, "=")
			if t = names; ok {
				e.values = strings.Split(strings.ReplaceAll(values, "␣", " "), "|")
			}
		} else {
			t = strings.ReplaceAll(t, "␣", " ")
		}
		e.alts = strings.Split(t, "|")
		elems = append(elems, e)
	}
	return elems
}

// forms reports the first of the forms that the call has, the gravest before others.
func (c *callDeed) forms(report func(kind string, score Score)) {
	if len(c.members) == 0 {
		return
	}
	words := c.words()
	var best *callForm
	try := func(key string) {
		for i, list := 0, callFormsBy[key]; i < len(list); i++ {
			if f := &list[i]; (best == nil || best.score < f.score) && f.holds(c, words) {
				best = f.callForm
			}
		}
	}
	for _, w := range words {
		try(w)
	}
	for i := range c.members {
		try("." + c.members[i].leaf)
	}
	if best != nil {
		report(best.kind, best.score)
	}
}

// words are what the call says it is about and does: the words of the tool's name and
// the operation, of the service and of an interface's address.
func (c *callDeed) words() []string {
	words := append(make([]string, 0, 48), c.said...)
	for i := range c.members {
		m := &c.members[i]
		if !m.Text || len(m.Value) > 256 || len(words) > 64 {
			continue
		}
		switch {
		case m.role == addresses:
			address, _, _ := strings.Cut(m.Value, "?")
			if j := strings.Index(address, "://"); j >= 0 {
				_, address, _ = strings.Cut(address[j+3:], "/")
			}
			words = append(words, pathWords(address)...)
		case serviceNames[m.leaf] && isName(m.Value):
			words = append(words, nameWords(nil, m.Value)...)
		}
	}
	for _, w := range words {
		if s := singular(w); s != w {
			words = append(words, s)
		}
	}
	return words
}

// pathWords are the words of an address, however many names it holds.
func pathWords(address string) []string {
	var words []string
	for seg := range strings.SplitSeq(address, "/") {
		words = append(words, nameWords(nil, seg)...)
	}
	return words
}

var serviceNames = set("service", "client", "domain", "resource", "api", "module", "component", "resourcetype", "kind", "sobject", "table", "servicename", "product", "app", "endpoint")

func (f *readForm) holds(c *callDeed, words []string) bool {
	for i := range f.elems {
		if e := &f.elems[i]; e.found(c, words) == e.not {
			return false
		}
	}
	return true
}

func (e *formElem) found(c *callDeed, words []string) bool {
	if e.how == 'w' {
		for _, w := range words {
			for _, a := range e.alts {
				if w == a {
					return true
				}
			}
		}
		return false
	}
	for i := range c.members {
		m := &c.members[i]
		if e.how == '@' {
			if m.Text && len(m.Value) > 3 && holdsOne(m.low, e.alts) {
				return true
			}
			continue
		}
		if e.how == '/' {
			if holdsOne(m.path, e.alts) {
				return true
			}
			continue
		}
		for _, a := range e.alts {
			if a == m.leaf && e.value(m.Value, m.low) {
				return true
			}
		}
	}
	return false
}

func (e *formElem) value(s, low string) bool {
	if e.values == nil {
		return s != "" && s != "null" && s != "false" && s != "[]" && s != "{}"
	}
	if len(s) > 512 {
		return false
	}
	for _, v := range e.values {
		switch {
		case v == "ALL":
			if isEverything(s) || len(s) > 1 && strings.IndexByte(s, '*') >= 0 && strings.Trim(s, `*\/.`) == "" {
				return true
			}
		case v == "NONE":
			if s == "" || s == "\x00" || s == "null" || s == "[]" || s == "{}" {
				return true
			}
		case v == low, strings.IndexByte(v, '*') >= 0 && wildMatch(v, low):
			return true
		}
	}
	return false
}

// relays are words of interfaces that may do anything.
var relays = set("post", "invoke", "graphql", "mutation")

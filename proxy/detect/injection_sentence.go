package detect

import "strings"

// A sentence is one order or statement of a text, with what its words say of
// whether somebody orders a model about. It is read once, word by word.
type sentence struct {
	text       string // of the sentence, as written
	low        string // in lower case
	start, end int    // in the view's text

	commands bool // begins with an imperative, or says please or you must before a verb
	follows  bool // has an imperative after a comma, "and" or "then"
	obliges  bool // says that the model, assistant or agent must
	model    bool // names an assistant, an AI or a model by name
	user     bool // speaks of the user in the third person
	reply    bool // speaks of your response, your answer and the like
	tool     bool // names a tool or function as programs write names
	toolWord bool // says tool or function
	acts     bool // has a verb of sending, deleting, paying, running
	negated  bool // says not to
	// The first words, please aside.
	firstWord, secondWord string
}

// How far a sentence reaches at most to each side of what drew attention to it.
const (
	sentenceBehind = 260
	sentenceAhead  = 340
)

// sentenceAround returns the sentence that holds text[at].
func sentenceAround(text string, at int) (start, end int) {
	low := max(0, at-sentenceBehind)
	start = low
	for i := at - 1; i >= low; i-- {
		if n := stopAt(text, i); n > 0 && i+n <= at {
			start = i + n
			break
		}
	}
	high := min(len(text), at+sentenceAhead)
	end = high
	for i := at; i < high; i++ {
		if stopAt(text, i) > 0 {
			end = i
			break
		}
	}
	for start < end && strings.IndexByte(" \t\r\n\"'`*_#>([{-", text[start]) >= 0 {
		start++
	}
	for start < end && text[start]&0xc0 == 0x80 { // in the middle of a character
		start++
	}
	for end > start && end < len(text) && text[end]&0xc0 == 0x80 {
		end--
	}
	return start, end
}

// stopAt returns how many bytes end a sentence at i, 0 for none: a full stop before
// a blank, a line end that isn't a wrapped one, a tag, an escaped line end.
func stopAt(text string, i int) int {
	switch c := text[i]; c {
	case '.', '!', '?':
		if i+1 == len(text) || strings.IndexByte(" \n\r\t\"'`<\\)]}*", text[i+1]) >= 0 {
			return 1
		}
	case '\n':
		if !wraps(text, i) {
			return 1
		}
	case '<', '>', '|':
		return 1
	case '\\':
		if i+1 < len(text) && (text[i+1] == 'n' || text[i+1] == 'r') {
			return 2
		}
	case ':':
		// The value of a member in data: "body": "…
		if i+2 < len(text) && text[i+1] == ' ' && (text[i+2] == '"' || text[i+2] == '\'') && i > 0 && (text[i-1] == '"' || text[i-1] == '\'') {
			return 3
		}
	case '"', '\'':
		if i+1 < len(text) && (text[i+1] == ',' || text[i+1] == '}') && i > 0 && text[i-1] != ' ' && c == '"' {
			return 1
		}
	}
	return 0
}

// wraps reports whether the line end at i stands within a sentence.
func wraps(text string, i int) bool {
	k := i + 1
	for k < len(text) && (text[k] == ' ' || text[k] == '\t') {
		k++
	}
	return k < len(text) && 'a' <= text[k] && text[k] <= 'z' && i > 0 && (isLetter(text[i-1]) || text[i-1] == ',' || text[i-1] == '\r')
}

// A wordKind tells which lists a word is in.
type wordKind uint16

const (
	isModel wordKind = 1 << iota
	isBrand
	isImperative
	isOrder
	isObliger
	isLead
	isReply
	isAct
	isArticle
)

// lexicon is all lists that a sentence's words are looked up in, as one.
var lexicon = func() map[string]wordKind {
	all := map[string]wordKind{}
	for i, list := range []map[string]bool{modelNames, brands, imperatives, orderVerbs, obligers, leads, replyNouns, actVerbs, articles} {
		for w := range list {
			all[w] |= 1 << i
		}
	}
	return all
}()

// readSentence reads text[start:end].
func readSentence(text string, start, end int) sentence {
	s := sentence{text: text[start:end], start: start, end: end}
	s.low = lower(s.text)
	opening := true // an imperative may stand here
	please := false // an imperative may stand soon
	inner := false  // after a comma, and, then
	prev, prev2 := "", ""
	var kind, prevKind, prev2Kind wordKind
	for i := 0; i < len(s.low); {
		for i < len(s.low) && !wordByte(s.low[i]) {
			switch s.low[i] {
			case ':', ';', '(', '[':
				opening = true
			case ',':
				inner = true
			case '`':
				s.tool = s.tool || quotedName(s.low[i:])
			}
			i++
		}
		from := i
		for i < len(s.low) && (wordByte(s.low[i]) || s.low[i] == '\'') {
			i++
		}
		w := strings.Trim(s.low[from:i], "-'")
		if w == "" {
			continue
		}
		switch {
		case s.firstWord == "":
			s.firstWord = w
		case s.secondWord == "" && w != "please":
			s.secondWord = w
		}
		kind = lexicon[w]
		s.word(w, prev, prev2, kind, prevKind, prev2Kind, opening, please, inner)
		switch {
		case w == "please" || w == "kindly" || w == "now" || w == "then" || w == "also" || w == "immediately" || w == "just" || w == "first" ||
			w == "instead" || w == "always" || w == "simply" || w == "next" || w == "finally" || w == "so" || w == "ok" || w == "hey" || w == "dear" || w == "and" || w == "but" || w == "never" || w == "don't" || w == "secretly" || w == "silently" || w == "quietly":
			please = please || w == "please" || w == "kindly"
			inner = inner || w == "then" || w == "and" || w == "so" || w == "but" || w == "also" || w == "instead" || w == "now"
			// opening stays
		case kind&isModel != 0 && opening:
			// "Claude, …", "AI agents: …"
		default:
			opening, inner = false, false
			if please && (kind&isImperative != 0 || len(prev) > 0 && prevKind&isLead == 0) {
				please = false
			}
		}
		prev, prev2 = w, prev
		prevKind, prev2Kind = kind, prevKind
	}
	return s
}

// word takes in one word with the two before it.
func (s *sentence) word(w, prev, prev2 string, kind, prevKind, prev2Kind wordKind, opening, please, inner bool) {
	verb := kind&(isImperative|isOrder) != 0
	switch {
	case verb && (opening || please && prevKind&isLead != 0):
		s.commands = true
	case verb && inner:
		s.follows = true
	case verb && (prevKind&isObliger != 0 && (prev2 == "you" || prev == "must") || prev == "to" && (prev2Kind&isObliger != 0 || prev2 == "have" || prev2 == "instructed")):
		if s.model || strings.Contains(s.low, "you") {
			s.commands = true
		}
	}
	if kind&isModel != 0 && (kind&isBrand == 0 || s.vocative(w, prev)) || w == "model" && (prev == "ai" || prev == "language" || prev == "the" && !handles[prev2]) || w == "models" && (prev == "ai" || prev == "language") ||
		(w == "agent" || w == "agents") && (prev == "ai" || prev2 == "ai" || prev == "llm" || prev == "all" || prev == "autonomous" || prev == "coding") {
		s.model = true
	}
	if w == "be" && s.obliges {
		s.obliges = false // something is to be done to it
	}
	if kind&isObliger != 0 && w != "need" && (prevKind&isModel != 0 || prev == "model" || prev == "agent" || prev == "agents" || prev == "assistants" || prev == "models") {
		s.obliges = true
	}
	if (w == "user" || w == "user's" || w == "users") && (prev == "the" || prev == "this" || prev == "your" || prev == "end") && !thirdPerson(prev2) {
		s.user = true
	}
	if kind&isReply != 0 && (prev == "your" || prev2 == "your") {
		s.reply = true
	}
	if strings.IndexByte(w, '_') > 0 && !strings.HasPrefix(w, "_") && !strings.HasSuffix(w, "_") {
		s.tool = true
	}
	if w == "tool" || w == "tools" || w == "function" {
		s.toolWord = true
	}
	if kind&isAct != 0 && prevKind&isArticle == 0 {
		s.acts = true
	}
	if w == "not" || w == "never" || w == "don't" || w == "cannot" {
		s.negated = true
	}
}

// thirdPerson reports a verb that says what somebody else does: "a program that asks
// the user".
func thirdPerson(w string) bool {
	switch w {
	case "asks", "prompts", "shows", "lets", "allows", "tells", "informs", "redirects", "notifies", "logs", "greets", "returns", "gives", "helps", "takes", "warns", "leads", "guides":
		return true
	}
	return false
}

// handles are what people do with a model that is a file to them.
var handles = words("using use load loads loading train trains training with of save saving import call calling run running fit evaluate test export deploy into from")

// vocative reports whether a brand is called by its name, as in "Claude, …": brands are
// the names of products too.
func (s *sentence) vocative(w, prev string) bool {
	if prev == "hey" || prev == "dear" || prev == "attention" || prev == "you" || prev == "hi" {
		return true
	}
	i := strings.Index(s.low, w) + len(w)
	return i < len(s.low) && (s.low[i] == ',' || s.low[i] == ':' || s.low[i] == '/' || s.low[i] == '!') || strings.HasPrefix(s.low[min(i, len(s.low)):], " must") || strings.HasPrefix(s.low[min(i, len(s.low)):], " please")
}

// quotedName reports whether s begins with a name in backquotes, as tools have.
func quotedName(s string) bool {
	i := 1
	for i < len(s) && i < 50 && (isLetter(s[i]) || isDigit(s[i]) || s[i] == '_' || s[i] == '-' || s[i] == '.') {
		i++
	}
	return i > 3 && i < len(s) && (s[i] == '`' || s[i] == '(')
}

// has reports whether the sentence holds one of the phrases.
func (s *sentence) has(set *phraseSet) bool { return set.count([]byte(s.low), 1) > 0 }

package detect

import "strings"

// tellApart lead to what tells one program from others: "agents with payment rights".
var tellApart = words("with of at from in on for without by")

// wants are participles of what somebody asks of a program.
var wants = words("requested asked obliged required expected instructed advised invited urged ordered told allowed permitted authorised authorized supposed bound free encouraged")

// askedTo reports whether a form of to be and what follows it oblige somebody, as in
// "are kindly requested to" and "are to", and where what he is to do begins.
func askedTo(text, word string, i int) (int, bool) {
	if word != "are" && word != "is" {
		return 0, false
	}
	for range 3 {
		w, end := wordAt(text, skipBlank(text, i))
		switch {
		case w == "to":
			next, _ := wordAt(text, skipBlank(text, end))
			return skipBlank(text, i), next != "be" && next != "have"
		case wants[w], w == "kindly", w == "hereby", w == "also", w == "always":
			i = end
		default:
			return 0, false
		}
	}
	return 0, false
}

// atWork tells how somebody is called who must do something: by its work on what the
// text is, or by what it is only.
func atWork(here bool) call {
	if here {
		return hailed
	}
	return obliged
}

// works reports whether what follows a name is the work of a program: people handle a
// ticket as well.
func (p reader) works(text string) bool {
	if p.sure || p.word == "model" || p.word == "models" {
		return true
	}
	w, _ := wordAt(text, skipBlank(text, p.end))
	switch w {
	case "reading", "querying", "describing", "parsing", "processing", "summarising", "summarizing", "crawling", "rendering", "translating", "transcribing", "indexing", "scraping", "analysing", "analyzing":
		return true
	}
	return false
}

// lone reports whether a name calls programs of a kind: people are called so with an
// article.
func (p reader) lone(string) bool {
	switch p.word {
	case "agents", "assistants", "bots", "robots", "models", "readers", "copilots":
		return true
	}
	return p.sure
}

// headed reports whether what stands before a noun that is for or to a program is the
// beginning of a line or a sentence, as in "Captcha for robots:".
func headed(before, noun string) bool {
	if strings.HasSuffix(noun, "ing") || lexicon[noun]&(isImperative|isOrder) != 0 {
		return false
	}
	for range 2 {
		before = strings.TrimRight(before, " \t\"'`*_#<>([{")
		if before == "" {
			return true
		}
		if c := before[len(before)-1]; !isLetter(c) {
			return strings.IndexByte("\n\r.!?:;])}|=-", c) >= 0
		}
		w := lastWord(before)
		if len(w) < 3 || articles[w] || wishVerbs[lower(w)] != nil {
			return false
		}
		before = before[:len(before)-len(w)]
	}
	return false
}

// mentions reads what follows a name with an @ before it.
func mentions(text string, i int) (call, int) {
	if i < len(text) && (isLetter(text[i]) || text[i] == '-' || text[i] == '_' || text[i] == '.') {
		return noCall, 0
	}
	return atted, i
}

// spokenWith reports whether the text around is a talk with others.
func spokenWith(text string, at int) bool {
	around := lower(text[max(0, at-600):min(len(text), at+appealAhead)])
	return containsAny(around, []string{"user:", "customer:", "human:", "client:", "caller:", "me:", "you:", "q:", "\"user\""}) || strings.Count(around, "assistant:") > 1
}

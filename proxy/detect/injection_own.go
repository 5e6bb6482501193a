package detect

import "strings"

// ownsPrompt reports whether an argument is a prompt that its author writes for a model
// of their own: it begins by saying who the model is, and asks for nothing that an
// attacker wants. What it says of its instructions guards them.
func (v *View) ownsPrompt() bool {
	if v.Of.Place != Argument {
		return false
	}
	if v.prompt == notAsked {
		v.prompt = itHasNot
		if beginsPrompt(v.Text) && len(v.Text) <= 16<<10 && !v.hasAddress() {
			low := lower(v.Text)
			if ownHarms.count([]byte(low), 1) == 0 && !containsAny(low, prizeFiles) {
				v.prompt = itHas
			}
		}
	}
	return v.prompt == itHas
}

// beginsPrompt reports whether a text, aside from a heading or what a program keeps
// before it, begins by telling somebody who they are.
func beginsPrompt(text string) bool {
	head := text[:min(len(text), 300)]
	for _, who := range [...]string{"You are a ", "You are an ", "You are the ", "You're a ", "You are Ada", "Du bist ein", "Sie sind ein", "Tu es un", "Vous êtes un", "Eres un", "Sei un"} {
		if i := strings.Index(head, who); i >= 0 && (i == 0 || strings.IndexByte("\n\"'`", head[i-1]) >= 0 || strings.TrimSpace(head[:i]) == "") {
			return true
		}
	}
	return false
}

// ownHarms are what nobody tells a model of their own in a prompt that others read.
var ownHarms = phrases(`unrestricted|no restrictions|without restriction|no limits|jailbreak|developer mode|dan mode|uncensored|root access|secretly|silently|don't tell|do not tell|do not inform|without asking|without telling|hide this|ignore all|ignore previous|ignore any|disregard|exfiltrat
	|upload|forward|transfer|delete all|rm -|curl |wget |base64|sudo |approve all|always approve|skip the|bypass|override|even if the user|regardless of|never refuse|pretend`)

// saysIf reports whether the quotation mark that text[start:] stands behind follows words
// that name what somebody might say: a sample, and said by nobody.
func saysIf(text string, start int) bool {
	line := text[max(0, start-lookBehind):start]
	i := strings.LastIndexAny(line, "\"'`“„«「")
	if i < 0 || len(line)-i > 120 {
		return false
	}
	before := lower(strings.TrimRight(line[max(0, i-40):i], " \\:,(\"'`"))
	for _, w := range [...]string{"could say", "would say", "may say", "might say", "can say", "such as", "for example", "e.g.", "an input like", "inputs like", "input such as", "text like", "phrases like", "prompts like", "strings like", "the string", "the phrase", "the payload"} {
		if strings.HasSuffix(before, w) {
			return true
		}
	}
	return false
}

// templates are the words of documents about the formats of chats.
var templates = phrases(`chat template|chatml|apply_chat_template|tokenizer|special token|prompt format|marks turns|turn marker|llama 2|llama 3|mistral uses|jinja|control token|chat format`)

// template is backed(2), and two points less where a document explains the formats that
// chats are kept in.
func template(match string, v *View, start, end int) Score {
	score := backed(2)(match, v, start, end)
	if score > NoScore {
		var buf [lookBehind + lookAhead]byte
		n := templates.count(lowered(&buf, v.Text[max(0, start-lookBehind):start]), 2) + templates.count(lowered(&buf, v.Text[end:min(len(v.Text), end+lookAhead)]), 2)
		return points(int(score) - min(2*(n/2), 2))
	}
	return score
}

// ofUser reports whether a sentence says what the user is like rather than what is to
// be done: "The user prefers short answers from now on."
func (s *sentence) ofUser() bool {
	rest, ok := strings.CutPrefix(s.low, "the user ")
	if !ok {
		rest, ok = strings.CutPrefix(s.low, "user ")
	}
	if !ok || s.reaches() || s.has(consents) || wishesIn(s.low) != 0 {
		return false
	}
	verb, _, _ := strings.Cut(rest, " ")
	switch verb {
	case "wants", "prefers", "likes", "dislikes", "hates", "loves", "uses", "speaks", "works", "lives", "is", "has", "doesn't", "asked", "writes":
		return true
	}
	return false
}

// dropsUser reports whether a sentence that names what the user says calls it off.
func (s *sentence) dropsUser() bool {
	return !strings.Contains(s.low, "what the user ") || containsAny(s.low, []string{"ignor", "disregard", "instead", "forget", "regardless", "overrid", "discard", "not ", "n't ", "rather than", "no matter", "stop ", "drop ", "abandon", "contrary"})
}

// forCrawlers reports whether a sentence asks programs that read a site to keep to its
// rules.
func (s *sentence) forCrawlers() bool {
	return s.has(siteRules) && !s.reaches() && !s.tool && wishesIn(s.low)&harm == 0
}

var siteRules = phrases(`robots.txt|rate limit|crawl-delay|crawl delay|llms.txt|terms of service|terms of use|requests per|canonical|user-agent|user agent|noindex|noai`)

// neverWithout reports whether what stands at i is "without", in a clause that forbids
// something: "never delete it without asking".
func neverWithout(text string, i int) bool {
	if !hasPrefixFold(text[i:], "without") {
		return false
	}
	clause := text[max(0, i-90):i]
	clause = lower(clause[strings.LastIndexAny(clause, ",;.:!?\n(")+1:])
	return containsAny(clause, []string{"never ", "not ", "n't ", "cannot "})
}

// doubled reports whether the sentence only forbids what would be done unasked.
func (s *sentence) doubled() bool {
	i := strings.Index(s.low, "without")
	return i >= 0 && neverWithout(s.low, i) && unknowing.count([]byte(s.low[:i]+s.low[i+len("without"):]), 1) == 0
}

// formed reports whether the sentence only says in what form an answer is wanted, which
// may be a language where somebody writes down rules of their own.
func (s *sentence) formed(v *View) bool {
	return s.has(formats) || v.Of.Place == Argument && s.has(languages)
}

var languages = phrases(`english|german|french|spanish|italian|portuguese|polish|russian|chinese|japanese|korean|arabic|turkish|dutch|user's language|same language`)

// judgesTexts reports whether a tool's name says that it only tells what a text is like.
func judgesTexts(tool string) bool {
	return holdsOne(strings.ToLower(tool), []string{"moderat", "classif", "toxic", "sentiment", "spam", "spell", "grammar", "detect_"})
}

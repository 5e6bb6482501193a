package detect

import (
	"strings"
	"sync"
	"unicode/utf8"
)

// An injection is graded by points: what is said is worth the base of its rule, how
// and where it is said adds and takes away. One point is Low, two Medium, three or
// more High.
//
// What adds: an imperative at the beginning of a sentence, a second tell nearby, a
// place where nobody should address a model (a tool's definition). What takes away:
// quotation marks around the bare phrase, a code fence, reported speech ("tells the
// model to ignore …"), and words in which people talk about attacks.

// graded returns a Grade for things that are worth base points.
func graded(base int) func(string, *View, int, int) Score {
	return func(_ string, v *View, start, end int) Score {
		return points(base + bearing(v, start, end) - carried(v))
	}
}

// carried is 1 in an argument: what a model writes to a tool is rarely an order to
// a model, and often a text about one.
func carried(v *View) int {
	if v.ownsPrompt() || v.Of.Place == Argument && judgesTexts(v.Of.Tool) {
		return 3
	}
	if v.Of.Place == Argument && memoryTools.count([]byte(lower(v.Of.Tool)), 1) == 0 {
		return 1
	}
	return 0
}

// memoryTools are what a model remembers by: what is written there it believes later.
var memoryTools = phrases(`memor|remember|create_entities|create_relations|add_observations|save_fact|store_fact`)

// described returns a Grade for things that are worth so many points in a
// definition and so many elsewhere.
func described(inDefinition, elsewhere int) func(string, *View, int, int) Score {
	return func(_ string, v *View, start, end int) Score {
		base := elsewhere
		if v.Of.Place == Description {
			base = inDefinition
		}
		return points(base + bearing(v, start, end) - carried(v))
	}
}

// backed returns a Grade for things that alone are worth base points but are no
// imperatives, so that only a second tell makes them surer.
func backed(base int) func(string, *View, int, int) Score {
	return func(_ string, v *View, start, end int) Score {
		lost, prose := quotation(v, start, end)
		n := base - lost - carried(v)
		if !prose {
			n += company(v, start, end)
		}
		return points(n)
	}
}

func points(n int) Score {
	return Score(max(int(NoScore), min(n, int(High))))
}

// bearing says in points how the words around v.Text[start:end] change what it is
// worth.
func bearing(v *View, start, end int) int {
	if nominal(v.Text[end:]) {
		return -2
	}
	p := opening(v.Text, start)
	lost, prose := quotation(v, start, end)
	if p >= 0 && !prose {
		p += company(v, start, end)
	}
	return p - lost
}

// nominal reports whether what follows a phrase shows that it is talked about, as
// in "ignore previous instructions is a phrase …".
func nominal(after string) bool {
	after = strings.TrimLeft(after[:min(len(after), 24)], "\"'`”’*_ ")
	for _, w := range []string{"is a", "is an", "is the", "are ", "was ", "attack", "prompt", "inject", "type ", "style ", "pattern", "phrase", "string", "jailbreak", "payload"} {
		if strings.HasPrefix(after, w) {
			return true
		}
	}
	return false
}

// How far around a match to look: enough for its sentence and the next, and little
// enough for a text that is nothing but matches to stay linear.
const (
	lookBehind = 220
	lookAhead  = 260
)

// opening is 1 for a match that begins a sentence or follows a word that leads to
// an imperative, -1 for one in reported speech or a negation, else 0.
func opening(text string, start int) int {
	before := strings.TrimRight(text[max(0, start-lookBehind):start], " \t\"'`*_#<>([{“‘«¡¿~")
	if before == "" {
		return 1
	}
	last, _ := utf8.DecodeLastRuneInString(before)
	if strings.ContainsRune("\n\r.!?:;])}|-–—=,。！？：；，、…/\\", last) {
		return 1
	}
	word := lastWord(before)
	switch {
	case leads[word]:
		return 1
	case word == "to":
		rest := strings.TrimRight(before[:len(before)-len(word)], " ")
		if addressed[lastWord(rest)] {
			return 0
		}
		return -1
	case reports[word]:
		return -1
	}
	return 0
}

// lastWord returns the last word of s in lower case.
func lastWord(s string) string {
	i := len(s)
	for i > 0 && len(s)-i < 20 && (isLetter(s[i-1]) || s[i-1] == '\'') {
		i--
	}
	return strings.ToLower(s[i:])
}

func words(list string) map[string]bool {
	set := make(map[string]bool)
	for w := range strings.FieldsSeq(list) {
		set[w] = true
	}
	return set
}

var (
	leads = words("please now important attention and then just first immediately assistant must kindly " +
		"also so hey claude chatgpt gpt gemini copilot urgent instead simply ok okay bitte")
	addressed = words("you need have want going required instructed told supposed")
	reports   = words("would could can may might cannot not never don't doesn't didn't won't can't they it which who " +
		"attackers attacker we i if when without users people models llms llm model agent agents ai assistant " +
		"assistants that shouldn't how")
)

// quotation says how many points quoting takes away: three for a bare phrase in
// quotation marks, one inside a longer quotation or a code fence, one more where
// the text around talks about attacks. It also reports whether the phrase stands
// in a quotation in prose.
func quotation(v *View, start, end int) (lost int, prose bool) {
	text, words := v.Text, discourse(v, start, end)
	switch quote, data := openQuote(text, start); {
	case quote != 0 && closesSoon(text[end:], quote):
		lost, prose = 3, true
	case quote != 0 && saysIf(text, start):
		lost, prose = 3, true
	case quote != 0 && !data:
		lost, prose = 1+min(words, 1), true
	}
	if before := text[max(0, start-1500):start]; strings.Count(before, "```")%2 == 1 && !inSnapshot(before) {
		lost++
	}
	if words >= 2 {
		lost++
	}
	return lost, prose
}

// inSnapshot reports whether the last code fence before a place is the one that
// browsers' tools put around what a page shows.
func inSnapshot(before string) bool {
	i := strings.LastIndex(before, "```")
	return strings.HasPrefix(before[i:], "```yaml\n- ") && strings.Contains(before[max(0, i-40):i], "Snapshot")
}

// openQuote returns the quotation mark that text[start:] stands in, if it opened on
// the same line, and whether it looks like the mark of a string in data (after a
// colon, a comma, a bracket) rather than in prose.
func openQuote(text string, start int) (quote rune, data bool) {
	line := text[max(0, start-lookBehind):start]
	if i := strings.LastIndexByte(line, '\n'); i >= 0 {
		line = line[i+1:]
	}
	held := quoteLeads(line)
	for n, q := range quotes {
		if held>>n&1 == 0 {
			continue
		}
		line := line
		if q.open == `"` && held>>escapedQuote&1 != 0 {
			line = strings.ReplaceAll(line, `\"`, "  ")
		}
		i := strings.LastIndex(line, q.open)
		if i < 0 || q.open == q.close && strings.Count(line, q.open)%2 == 0 || strings.Contains(line[i+len(q.open):], q.close) {
			continue
		}
		if q.open == "'" && i > 0 && isLetter(line[i-1]) { // an apostrophe
			continue
		}
		lead := strings.TrimRight(line[:i], " ")
		r, _ := utf8.DecodeLastRuneInString(q.close)
		return r, r < utf8.RuneSelf && q.close != "`" && lead != "" && strings.IndexByte(":=,[{(", lead[len(lead)-1]) >= 0
	}
	return 0, false
}

var quotes = []struct{ open, close string }{
	{"`", "`"}, {`"`, `"`}, {"“", "”"}, {"„", "“"}, {"«", "»"}, {"‘", "’"}, {"'", "'"}, {"「", "」"}, {`\"`, `\"`},
}

// escapedQuote is the place in quotes of a quotation mark within a string of data.
const escapedQuote = 8

// quoteLeads returns a bit for each of quotes whose first byte stands in s.
func quoteLeads(s string) (held uint16) {
	for i := 0; i < len(s); i++ {
		held |= quoteLead[s[i]]
	}
	return held
}

var quoteLead = func() (leads [256]uint16) {
	for n, q := range quotes {
		leads[q.open[0]] |= 1 << n
	}
	return leads
}()

// closesSoon reports whether a quotation ends so soon after a phrase that it holds
// little but the phrase.
func closesSoon(after string, quote rune) bool {
	after = after[:min(len(after), 16)]
	i := strings.IndexRune(after, quote)
	return i >= 0 && !strings.ContainsAny(after[:i], "\n")
}

// company is 1 if another tell stands near v.Text[start:end], unless the text around
// talks about attacks.
func company(v *View, start, end int) int {
	if discourse(v, start, end) >= 2 {
		return 0
	}
	return v.around(tells, start, end, 1)
}

// discourse counts the words around v.Text[start:end] in which people talk about
// attacks rather than make one, up to two.
func discourse(v *View, start, end int) int { return v.around(talk, start, end, 2) }

// A phraseSet finds any of its phrases, of two bytes or more, in one pass: a bitmap
// of their first two bytes says no at most places. It is made when first asked.
type phraseSet struct {
	list   string
	once   sync.Once
	pairs  *[1 << 10]uint64
	bucket [1 << 6][]string // by hash of the pair
}

// phrases returns the set of a list: | stands between phrases, ¦ for | in one.
func phrases(list string) *phraseSet { return &phraseSet{list: list} }

func (s *phraseSet) make() {
	s.pairs = new([1 << 10]uint64)
	for p := range strings.SplitSeq(s.list, "|") {
		p = strings.ReplaceAll(strings.Trim(p, "\n\t"), "¦", "|")
		pair := uint16(p[0]) | uint16(p[1])<<8
		s.pairs[pair>>6] |= 1 << (pair & 63)
		at := &s.bucket[bucketOf(pair)]
		*at = append(*at, p)
	}
}

func bucketOf(pair uint16) uint16 { return pair * 0x9e37 >> 10 }

// with returns the phrases that may begin with two bytes.
func (s *phraseSet) with(a, b byte) []string {
	pair := uint16(a) | uint16(b)<<8
	if s.pairs[pair>>6]>>(pair&63)&1 == 0 {
		return nil
	}
	return s.bucket[bucketOf(pair)]
}

// count counts places where different phrases stand in low, up to most.
func (s *phraseSet) count(low []byte, most int) int {
	s.once.Do(s.make)
	n, last := 0, ""
	for i := 0; i+1 < len(low); i++ {
		for _, p := range s.with(low[i], low[i+1]) {
			if p != last && len(low)-i >= len(p) && string(low[i:i+len(p)]) == p {
				if n++; n == most {
					return n
				}
				last = p
				break
			}
		}
	}
	return n
}

// lowered copies the start of s into buf with its ASCII letters in lower case.
func lowered(buf *[lookBehind + lookAhead]byte, s string) []byte {
	n := copy(buf[:], s)
	for i, c := range buf[:n] {
		if 'A' <= c && c <= 'Z' {
			buf[i] = c | 0x20
		}
	}
	return buf[:n]
}

// tells are phrases that people seldom write to each other and often to a model.
var tells = phrases(`ignore previous|ignore all|ignore any|ignore your|disregard previous|disregard all|disregard your
	|instructions|system prompt|do not tell|don't tell|do not mention|don't mention|do not inform|without telling
	|without asking|without informing|without notifying|to the user|the user's|you must|you are now|instead of|instead, |new task
	|strictly adhere|following instruction|following task|do the following|secretly|silently|confidential
	|exfiltrat|as an ai|ai model|language model|ai assistant|ai agent|the assistant|the agent|chatgpt
	|read_file|id_rsa|.ssh/|.env|credentials|api key|api_key|password|private key|access token
	|curl |http.post|important!!!|override|output only|respond only|respond with|reply with|your response|your answer
	|comply with|without restriction|no restrictions|your next|send it to|send them to|forward it|forward them|execute the|run the following|call the|use the tool|invoke`)

// talk are words in which people talk about attacks.
var talk = phrases(`attack|injection|jailbreak|malicious|adversar|for example|e.g.|such as|phrase|pattern|detect
	|regex|payload|untrusted|red team|red-team|classifier|threat|mitigat|sanitiz|sanitis|exploit|vulnerab|guardrail
	|beispiel|angriff|exemple|attaque|ejemplo|ataque|esempio|attacco|exemplo|например|атак|示例|例如|攻击|注入|攻撃|예시|공격
	|assert|re.compile|(?i)|expect(|.tobe(|refuses |test case|testcase|owasp|attempts to|tries to|benchmark`)

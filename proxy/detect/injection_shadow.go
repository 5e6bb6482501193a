package detect

import "strings"

// shadowParsers find definitions that reach beyond their own tool.
var shadowParsers = []Parser{shadowParser}

var shadowParser = Parser{
	Name: "shadowing", Family: Injection,
	Doc: "A definition that says how other tools are to be used, that wants to come before all of them or in their place, or " +
		"that asks for what they were given.",
	Kinds: []string{"tool-shadowing"},
	Any:   shadowCues,
	Find:  findShadows,
	NoMatch: []string{
		"You must call this tool before get_docs to resolve the name.", "DEPRECATED: use read_text instead.",
		"Use this tool instead of the web page if the page is down.", "Returns the list of tools.",
	},
}

var shadowCues = []string{
	"other tool", "any tool", "every tool", "all tool", "each tool", "tools must", "tools should", "another tool", "built-in", "before any", "before every", "before all",
	"be called", "call this", "use this", "this tool first", "instead of", "priority", "precedence", "supersede", "overrides", "deprecated", "is broken", "is unsafe", "is insecure", "is compromised",
	"when calling", "when using", "after calling", "after using", "before calling", "before using", "is called", "is invoked", "is used", "uses the", "invokes", "invoking", "to use the",
	"bcc", "also send", "also pass", "also call", "for every request", "for each request", "every call", "each call", "always include", "always add", "always append", "every message", "third call", "second call", "first call",
	"regardless of", "no matter wh", "is available", "of this tool", "to this tool", "before anything", "anything else", "do not use the", "never use the", "user's full name", "user's name", "user's e-mail", "user's email", "even if the user", "ignore any", "ignore every", "ignore all", "refuse to use", "replaces", "always prefer", "prefer it", "prefer this", "in place of", "rm -rf", "| sh", "| bash", "if the user asks", "first call", "via the ", "using the ", "through the ", "with the ", "must also be", "must be forwarded", "chat so far", "conversation so far", "last message", "user message", "user prompt", "wallet file", "home folder", "clipboard", "private files", "in case of doubt", "infected", "only work if you", "only works if you", "must approve", "any other service", "full content", "every conversation", "each conversation", "after each", "after every", "before each",
}

var (
	shadowOthers    = phrases(`other tool|any tool|every tool|all tools|each tool|another tool|other function|any function|every function|built-in|other server|tools from|tools must|tools should|similar tool|default tool|native tool`)
	shadowAnyOthers = phrases(`before any other|before every other|before all other|before using any|before you use any|before calling any|before any tool|before every tool|before other tools|before anything else|prior to any other|prior to using any|before each tool|before invoking any|before any of the other|before using other|before calling other`)
	shadowFirst     = phrases(`must|always|first|required|mandatory|should`)
	shadowPriority  = phrases(`highest priority|top priority|higher priority|takes priority|take priority|takes precedence|take precedence|overrides all|overrides any|overrides the|overrides other|supersedes|supersede |replaces the built-in|replaces all other|priority over`)
	shadowWhen      = phrases(`when |whenever |if |each time|every time|after |for every|for each|once |as soon as`)
	shadowUse       = phrases(`call|use|invoke|invoking|using|run |runs `)
	shadowAlways    = phrases(`must also|also call|always|also bcc|also send|also include|also add|also pass|first call this|automatically|bcc |you must|also append|also forward|also copy|should also|it should append|first use this|first run this|also run|also execute`)
	shadowAct       = phrases(`bcc|cc |append|include|send|copy|forward|route|redirect|recipient|replace|change|pass |put |call this|use this|use the|run |execute|invoke|store|save`)
	shadowWhole     = phrases(`full |entire|complete |whole|all of|contents of|content of|verbatim|raw `)
	shadowOut       = phrases(`infected|leaks|steals|spies on|broken|deprecated|unsafe|insecure|compromised|obsolete|unavailable|unreliable|vulnerable|outdated|no longer works|does not work|malfunction`)
	shadowAvoid     = phrases(`choose this|in case of doubt|ignore|do not use|don't use|never use|instead|avoid|always`)
	shadowRecipient = phrases(`recipient|bcc|address|number|account|copy|parameter|header|cc |+1`)
	shadowThis      = phrases(`use this instead|use this rather|this tool|this function|this one|this server|this method`)
	shadowEach      = phrases(`before the first call|before first use|before the first use|before every call|before each call|after every call|after each call|on every call|on each call|before each use|after each use|with every call|with each call`)
	shadowTalks     = phrases(`every conversation|each conversation|every session|start of the conversation|beginning of the conversation`)
	shadowSwaps     = phrases(`change |replace |set |redirect|instead|swap|substitute`)
	shadowEvery     = phrases(`for all |for every|for any |for each|all payments|every payment|all transfers|all mail|all messages|always`)
	shadowPayee     = phrases(`use account|use the account|use this account|to account|use iban|use the iban|use address|use the address|use the wallet|use wallet|recipient|payee|beneficiary|bcc`)
	shadowCount     = phrases(`third call|second call|fifth call|tenth call|on every call|on each call|first call of|after the first`)
)

func findShadows(v *View, report func(kind string, start, end int, score Score)) {
	if v.Of.Place != Description {
		return
	}
	text := v.Text
	done := 0
	v.each(func(at int) {
		if at < done {
			return
		}
		start, end := sentenceAround(text, at)
		// What follows often says what to do: look at two sentences as one.
		next := end
		if next+1 < len(text) {
			_, next = sentenceAround(text, min(next+2, len(text)-1))
		}
		done = max(end, at+1)
		s := readSentence(text, start, end)
		if base := shadow(&s, lower(text[end:max(end, next)])); base > 0 {
			report("tool-shadowing", start, end, points(base))
		}
	})
}

// shadow says what a sentence of a definition is worth; after is the next one.
func shadow(s *sentence, after string) int {
	other := s.tool || s.has(shadowOthers) || quotedTool(s.low)
	tools := s.has(shadowOthers)
	tools = tools || anyTool(s.low)
	avoids := containsAny(s.low, []string{"do not use", "don't use", "never use", "never call", "ignore any", "ignore every", "ignore all", "refuse to use", "must never be", "no longer use"})
	switch {
	case tools && (avoids && s.commands && (strings.HasPrefix(s.low, "ignore") || strings.Contains(s.low, "refuse")) || containsAny(s.low, []string{"always prefer", "prefer it over", "prefer this over", "prefer this tool over"})):
		return 2
	case s.tool && avoids && strings.Contains(s.low, "instead") && s.user:
		return 2
	case s.tool && strings.Contains(s.low, "replaces") && avoids:
		return 2
	case s.tool && s.has(shadowWhen) && strings.Contains(s.low, "://") && containsAny(s.low+after, []string{"in place of", "instead", "rather than"}):
		return 2
	case s.has(shadowEach) && wishesIn(s.low)&harm != 0:
		return 2
	case otherTool(s.low) && wishesIn(s.low)&(harm&^wishSpy) != 0:
		return 2
	case containsAny(s.low, []string{"must also be ", "must be ", "has to be ", "have to be "}) && strings.IndexByte(s.low, '@') > 0 && wishesIn(s.low)&wishLeak != 0:
		return 2
	case containsAny(s.low, demands) && (wishesIn(s.low)&(wishLeak|wishSpy) != 0 && hoards.count([]byte(s.low), 1) > 0):
		return 2
	case avoids && (strings.Contains(after, "if the user asks") || strings.Contains(s.low, "if the user asks")) && containsAny(s.low+after, []string{"tell ", "say ", "answer ", "reply "}):
		return 2
	case s.commands && severe.count([]byte(s.low), 1) > 0 && (s.toolWord || containsAny(s.low, []string{"first", "then", "before", "also"})):
		return 2
	case (strings.Contains(s.low, "regardless of") || strings.Contains(s.low, "no matter wh")) && s.has(shadowEvery) && s.has(shadowUse) && s.has(shadowPayee):
		return 2
	case tools && strings.Contains(s.low, "to this tool") && s.has(shadowFirst):
		return 2
	case (strings.Contains(s.low, "do not use the") || strings.Contains(s.low, "never use the")) && (strings.Contains(s.low, " server") || s.toolWord) && (s.has(shadowThis) || strings.Contains(after, "this one")):
		return 2
	case s.user && s.commands && strings.Contains(s.low, "even if the user"):
		return 2
	case strings.Contains(s.low, "model must approve") || strings.Contains(s.low, "assistant must approve") || strings.Contains(s.low, "agent must approve"):
		return 2
	case s.tool && s.has(shadowWhen) && s.has(shadowThis) && s.has(shadowWhole) && s.has(shadowUse) && !strings.Contains(s.low, "return"):
		return 2
	case (strings.Contains(s.low, "only work if you") || strings.Contains(s.low, "only works if you")) && (strings.Contains(s.low, "~/") || containsAny(s.low, prizeFiles)):
		return 2
	case strings.Contains(s.low, "any other service") && containsAny(s.low, prizes):
		return 2
	case s.tool && s.firstWord == "also" && s.commands:
		return 2
	case s.has(shadowEach) && (s.commands || s.follows) && (s.reaches() || s.tool || strings.Contains(s.low, "also")):
		return 2
	case s.has(shadowTalks) && ((wishesIn(s.low)|wishesIn(after))&^wishSpy != 0 || s.has(shadowWhole) || tools || strings.Contains(after, "user")) && (s.commands || strings.Contains(s.low, "must") || strings.Contains(s.low, "always")):
		return 2
	case s.tool && s.has(shadowWhen) && s.has(shadowRecipient) && s.has(shadowAct) && (s.follows || s.commands) && s.has(shadowSwaps):
		return 2
	case s.has(shadowAnyOthers) && (s.has(shadowFirst) || s.has(shadowThis)):
		return 2
	case s.has(shadowPriority) && (tools || s.has(shadowThis) || s.toolWord && !strings.Contains(s.low, "param")):
		return 2
	case strings.Contains(s.low, "instead of") && other && s.has(shadowThis) && (s.has(shadowAlways) || s.has(shadowOut) || strings.Contains(s.low, "for all")):
		return 2
	case strings.HasPrefix(s.low, "instead of") && s.toolWord && s.has(shadowAvoid):
		return 2
	case other && s.has(shadowOut) && (s.has(shadowAvoid) || containsAny(after, []string{"use this", "ignore", "do not use", "instead", "always"})) && !strings.HasPrefix(s.low, "deprecated"):
		return 2
	case s.tool && (strings.Contains(s.low, "must always") || strings.Contains(s.low, "should always") || strings.Contains(s.low, "must also")) && (s.has(shadowRecipient) || s.reaches()):
		return 2
	case tools && (s.has(shadowRecipient) && strings.Contains(s.low, "through")) && strings.Contains(s.low, "must"):
		return 2
	case tools && (strings.Contains(s.low, "must") || strings.Contains(s.low, "always")) && s.has(shadowRecipient) && s.has(shadowAct):
		return 2
	case other && s.has(shadowWhen) && s.has(shadowUse) && s.has(shadowAlways) && s.has(shadowAct):
		return 2
	case other && s.has(shadowWhen) && s.has(shadowThis) && s.has(shadowFirst) && s.has(shadowUse) && shadowWhole.count([]byte(after), 1) > 0 && shadowAct.count([]byte(after), 1) > 0:
		return 2
	case s.has(shadowCount) && s.has(shadowAct) && (s.has(shadowFirst) || s.commands || s.follows):
		return 2
	case tools && s.has(shadowWhen) && (s.follows || s.commands) && (s.has(shadowRecipient) || s.reaches()):
		return 2
	case (strings.Contains(s.low, "for every request") || strings.Contains(s.low, "for each request") || strings.Contains(s.low, "every message")) && strings.Contains(s.low, "also") && s.has(shadowAct):
		return 2
	}
	return 0
}

// demands are how a definition asks for more than its parameters, hoards what none has
// to know.
var demands = []string{"always", "must", "also ", "first", "each time", "twice", "reasons", "required"}

var hoards = phrases(`user message|last message|previous message|user's prompt|user prompt|chat so far|conversation so far|messages so far|conversation history|chat history|system prompt|private files|home folder|home directory|wallet file|id_rsa|id_ed25519|.ssh|.aws|.env|keychain|clipboard|environment variables|browser history|downloads folder`)

// otherTool reports whether a sentence has something done with another tool.
func otherTool(low string) bool {
	for _, lead := range []string{"using the ", "via the ", "through the ", "with the "} {
		if i := strings.Index(low, lead); i >= 0 {
			rest := low[i+len(lead):]
			if k := strings.Index(rest, " tool"); k > 0 && k < 24 && strings.Count(rest[:k], " ") < 2 && !strings.HasPrefix(rest, "same") {
				return true
			}
		}
	}
	return false
}

// severe are commands that no definition has to give.
var severe = phrases(`rm -rf ~|rm -rf /|rm -fr /|¦ sh|¦ bash|¦sh|¦bash|/dev/tcp|base64 -d |mkfs|dd of=/|chmod 777 /|authorized_keys`)

// anyTool reports whether tools of some kind are spoken of, as in "any banking tool".
func anyTool(low string) bool {
	i := strings.Index(low, " tool")
	if i < 0 {
		return false
	}
	before := strings.Fields(low[max(0, i-40):i])
	for k := len(before) - 1; k >= 0 && k >= len(before)-3; k-- {
		switch before[k] {
		case "any", "every", "all", "each", "other", "another":
			return true
		}
	}
	return false
}

// quotedTool reports whether a name in quotation marks is called a tool.
func quotedTool(s string) bool {
	i := strings.Index(s, " tool")
	return i > 1 && (s[i-1] == '\'' || s[i-1] == '"' || s[i-1] == '`')
}

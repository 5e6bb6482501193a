package detect

// graves are wishes that nobody has of a program that works for somebody else.
const graves = wishLeak | wishSpy | wishDestroy | wishGrant | wishDisable | wishPay | wishHide

// rankFrames give a text the rank of an order.
var rankFrames = []frame{
	{kind: "authority-claim", base: 2,
		parts: [][]string{split(`as if |as though |counts as |count as |the rank of |same weight as|same authority as|as coming from|as a message from|as a system message|as system message|as an order from|as orders from|as orders of|as instructions from|as instructions of|as commands from|as commands of`),
			split(`the user had|user had|user typed|user's own|user wrote|user said|typed by|written by its|its operator|operator had|its owner|the owner|user message|the operator|the developer|from the user|by the user|of the user|system message|system prompt|their operator|from its|came from the user|come from the user`)},
		free: [][]string{split(`treat|obey|follow|do what|does what|carry out|must |shall |has to |have to|counts as|count as|rank of|execute|accept|anything i|take `)},
		none: split(`click|press|keyboard|event|component|widget|function|method|cursor|never |do not|don't|must not|should not|not treat|form field|error|exception|attack|inject`)},
	{kind: "authority-claim", base: 2,
		parts: [][]string{split(`may skip|can skip|need not wait|needn't wait|may leave out|may go without|need not ask|needn't ask|doesn't need to ask|does not need to ask|may proceed without|can proceed without|has my go-ahead|have my go-ahead|has permission to|needn't refuse|need not refuse|may omit|may bypass|may act without`),
			split(`consent|approval|confirm|human|review|permission|asking|checks|reviewer|anything|the file|publish`)},
		free: [][]string{split(`assistant|agents|an agent|the model|copilot| ai |llm|claude|cursor|bot account|bot that|whoever`), split(`remaining|for this|this page|this line|this one|this task|picks this up|here|returns|the rest of|in their place|my go-ahead|for now|this time|act on it`)},
		none: split(`cannot|must not|may not|docs only|documentation changes|dependabot|renovate`)},
	{kind: "authority-claim", base: 2,
		parts: [][]string{split(`by reading|by processing|by opening|by parsing|by loading|by accessing|by fetching|by summarising|by summarizing|by indexing|by crawling`),
			split(`assistant|agent| ai |model|llm|bot |bots|copilot|crawler`), split(`accept|agree|consent|undertake|authori|waive`), split(`run |execute|send|transfer|share|submit|install|grant|hand |forward|pay |disclose|delete|the command`)}},
}

// turnFrames turn to a program without calling it one, or have somebody pass it on.
var turnFrames = []frame{
	{kind: "model-directive", base: 2, wish: graves | wishSteer | wishHush | wishRun,
		parts: [][]string{split(`if you're not human|if you are not human|if you aren't human|if you're not a human|if you are not a human|if you're a machine|if you are a machine|if you are a program,|if you're a program,|if you are a bot|if you're a bot|if you are an llm|if you're an llm|if you are software|not a human reader|whoever runs as|whatever runs as|of the artificial kind|any program reading|every program reading|any software reading|any machine reading|any script reading|whatever program|whichever program|whichever agent|whichever assistant|whichever coding agent|handled by an assistant|handled by an ai|handled by an agent|handled by a bot|being read by an ai|read by an assistant|read by an agent|processed by an ai|processed by an assistant|opened by an assistant|read by a machine|read by a program|automated system processing|automated systems processing|assistant that opens|agent that opens|you're the screening bot|you are the screening bot|screening software|produced by a language model|written by a language model|reading this aloud|reading this out|translating this file|transcribing this page`)},
		none:  split(`?|disclose|declare`)},
	{kind: "model-directive", base: 2, wish: wishLeak | wishDestroy | wishDisable | wishPay | wishHide,
		parts: [][]string{split(`your assistant|your ai |your little ai|your agent|your bot|your chatbot|your copilot|your chatgpt|your claude|your model`)},
		free:  [][]string{split(`tell |have |ask |let |get |make |instruct `)},
		none:  split(`insurance agent|estate agent|travel agent|booking agent|ask your assistant to help|how to|don't|do not|never `)},
	{kind: "conditional-trigger", base: 2, wish: graves &^ wishSpy,
		parts: [][]string{split(`the word |the phrase |the code word|the codeword|the keyword |the emoji `), split(` means| stands for| is short for| shall mean| translates to`)}},
	{kind: "reply-steering", base: 2,
		parts: [][]string{split(`whenever you would |when you would |instead of writing |each time you would |whenever you want to `), split(`write |say |put |answer |report `), split(`write |say |put |answer |report |use `)},
		none:  split(`british|american|spelling|rather than|plain english|please |we `)},
	{kind: "model-directive", base: 2, wish: graves,
		parts: [][]string{split(`request is cancelled|request is canceled|request has been cancelled|request has been canceled|request was withdrawn|task is cancelled|task has been cancelled|task is canceled|task has been canceled|goal has been updated|goal was updated|valid text is|real text is|correct text is|supersedes the one|supersede the ones|you are now in maintenance|context ends here|tool output ends|end of tool output|end of tool result`)},
		none:  split(`the user cancelled|by the customer`)},
	{kind: "tool-imperative", base: 2,
		parts: [][]string{split(`x-assistant|x-ai-|x-agent-|assistant-policy|assistant:grant|agent:grant|ai:grant|<<assistant|<<agent|<<ai:|execute_on_read|run_on_read|on_read:|on_open:|do_not_reveal|ask_user_for_|next_action|next_step=|assistant_directive|agent_directive|ai_directive|note-to-agent|note-to-ai|note_to_ai|note_to_agent|prompt_override|assistant_note|model_note|copilot-task|agent-task|ai-task|do_not_tell`),
			split(`forward|seed_phrase|password|send_|delete|grant|role=|to=|token|curl|transfer|pay_|admin|silent|notify=none|confirm=never|"tool"|secret|public|card_number|one_time_code|do_not|no longer|wire|export`)}},
	{kind: "model-directive", base: 2,
		parts: [][]string{split(`reading this|telling this|translating this|retelling this|reciting this|summarising this|summarizing this|explaining this|describing this|working on this|querying this`), split(`asks |posts |sends |adds |mails |also |forwards |must |should |shall |uploads `),
			split(`://|their |posts it|posts the|home address|@|everything|password|secret|.io|.net|delete_|its own pull request|checks switched off|without|token`)},
		free: [][]string{split(`the model |the assistant |the ai |a model |an assistant |the agent `)},
		not:  Description, none: split(`must not|should not|never `)},
	{kind: "model-directive", base: 2,
		parts: [][]string{split(`agents can fix this|agents can solve this|agents may fix this|assistants can fix this|to resolve this error|to fix this error|to solve this|agents: retry|agents can continue|assistants can continue|hint to agents|hint for agents|agents resolve this`), split(`token|password|secret|printenv|environment|keychain|credential|.npmrc|.netrc|private key|id_rsa|~/.`)},
		free:  [][]string{split(`agent|assistant|model|copilot`), split(`export|print|echo|any token|any key|cat |content|paste|pass |find|post|base64`)}},
	{kind: "model-directive", base: 2,
		parts: [][]string{split(`assistant calls |agent calls |model calls |assistant mails |assistant sends |agent sends |assistant deletes |agent deletes |agent transfers |assistant transfers `), split(`delete_|(id=*|vault|password|secret|confirm=never|transfer_|export|drop_|wipe`)},
		not:   Description, none: split(`test|should not|must not|never|example`)},
}

// linkFrames have an answer carry what was said to an address.
var linkFrames = []frame{
	{kind: "reply-exfiltration", base: 2,
		parts: [][]string{split(`each reply|every reply|your reply|each answer|every answer|your answer|your next|begin replies|begin each|end of your|your summary|html you generate|code you generate|you generate|cite us|variable gets filled|where the dots|replace the capitals|show progress|render this|when you answer|put a link|![](|and put ![|each response|every response|your response`)},
		free: [][]string{split(`://`), split(`{user|{email|{api|{token|{conv|{last|{chat|{history|{prompt|{secret|{message|{question|{query}|=$conv|=$hist|=$chat|=$user|=$token|=$key|[session|[token|[user|[last|[conv|[chat|[prompt|[secret|[message|<everything|<conv|<base64|<user|<the |<token|<secret|<session|<chat|text=...|q=...|d=...|q=)|prompt_here|question_here|key_here|token_here|history_here|_here)|/px/ and|after the slash|after the =|after q=`),
			split(`conv|email|api_key|api key|key|token|session|prompt|message|everything|history|secret|question|memory|chat|talk|mail thread|password|context`)},
		none: split(`curl -|the attacker|attackers|bearer|endpoint|rate limit`)},
}

// keepFrames are to be believed later.
var keepFrames = []frame{
	{kind: "memory-poisoning", base: 3,
		parts: [][]string{split(`user has approved|user approved|user has authorised|user has authorized|user authorised|user authorized|user allows|user has pre-approved|user wants all payments|user wants every payment|user wants all invoices|user has consented|user agreed`), split(`every |all |any |each |payments|whatever`),
			split(`in advance|beforehand|never ask|no longer ask|not ask|without asking|never confirm|whatever an|regardless`)}},
	{kind: "memory-poisoning", base: 3,
		parts: [][]string{split(`copy of each|copy of every|copy of all|copies of all|copies of each|content of each|text of each|text of every`), split(`://|@|upload|endpoint|webhook`)},
		free:  [][]string{split(`silently|secretly|quietly|without telling|without asking|not tell|not mention|never tell|not show|nobody|no one|unnoticed|discreetly`)}},
	{kind: "memory-poisoning", base: 3,
		parts: [][]string{split(`must obey|shall obey|should obey|always obey|has to obey`), split(`mail|message|@|comment|sender|text in|notes by`), split(`as if|like the owner|like its owner|owner|operator|the user|without question`)}},
	{kind: "memory-poisoning", base: 3,
		parts: [][]string{split(`when asked for|if asked for|when asked about|if asked about|when someone asks|when anyone asks|whenever the user asks|when the user asks for`), split(`recommend|name |suggest|mention`), split(` only|nothing but|no other`), split(`don't say|do not say|never say|don't mention|do not mention|without saying|don't tell|not tell|never mention`)}},
	{kind: "memory-poisoning", base: 3,
		parts: [][]string{split(`leave it out|leave this out|out of the summary|don't mention|do not mention|without mentioning|never tell the|without showing|without telling|don't show|never mention|keep quiet|say nothing`)},
		free:  [][]string{split(`after each |after every |before each |before every |at the start of each|at the end of each|on every |on each `), split(`run |execute|fetch |upload|send |post |curl `), split(`://|curl|.env|bash|secret|token|what it says|credential`)},
		none:  split(`user-visible`)},
	{kind: "memory-poisoning", base: 3,
		parts: [][]string{split(`disable safety|disable security|disable the safety|disable the security|skip security|switch off safety|turn off safety|remove safety|disable validation|disable tls|answer without warnings|prefer the package|use the package|add a login|add an account|add a user`), split(`hide |don't mention|do not mention|not tell|never mention|do not point|don't point|without telling|keep it from|without mention`)},
		none:  split(`hide the button|hide the menu`)},
}
